using Backends.Plugins;
using Backends.Plugins.Native;

namespace Backends.Tests.Native;

/// <summary>samples/QueueNative at the contract's level: a thread for each queue, timelines, late failure. What a vendor copies from there is right.</summary>
public sealed unsafe class QueueSampleTests : IDisposable
{
    private static readonly TimeSpan s_forever = Timeout.InfiniteTimeSpan;
    private readonly string _folder = Directory.CreateTempSubdirectory("backends-queue-").FullName;
    private readonly BackendDevice _device;
    private readonly Dictionary<string, Kernel> _kernels = [];

    public QueueSampleTests()
    {
        string library = Path.Combine(_folder, "libqueue.so");
        CCompiler.CompileFile(CCompiler.Sample("QueueNative/queue.c"), library, "-pthread");
        var discovery = new Discovery();
        NativeBackend.Load(library, "queue-native", "1.0.0").Discover(discovery);
        _device = Assert.Single(discovery.Offers);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Work_takes_effect_in_order_and_the_value_is_reached_after_it()
    {
        Open();
        using var queue = new Submitter(this);
        nint x = queue.Upload(1f, -2f, 3f), y = queue.Allocate(3);
        for (int i = 0; i < 1000; i++)   // more than there is room for: submitting blocks until there is (QUE-8)
            queue.Call("add", y, x, x, elements: 3);
        queue.Call("relu", y, y, elements: 3);
        Assert.Equal([2f, 0f, 6f], queue.Download(y, 3));
        Assert.Equal(queue.Last, queue.Queue.Reached());
    }

    [Fact]
    public void A_source_that_is_not_stable_is_read_before_copy_returns()
    {
        Open();
        using var queue = new Submitter(this);
        nint big = queue.Allocate(1 << 20), y = queue.Allocate(4);
        for (int i = 0; i < 20; i++) queue.Call("add", big, big, big, elements: 1 << 20);   // the copy comes late
        float[] source = [1, 2, 3, 4];
        queue.Upload(y, source);
        source.AsSpan().Fill(9);
        Assert.Equal([1f, 2f, 3f, 4f], queue.Download(y, 4));
    }

    [Fact]
    public void Waits_order_the_work_of_two_queues()
    {
        Open();
        using Submitter left = new(this), right = new(this);
        nint x = left.Upload(1f), y = left.Allocate(1);
        // Doubling goes to and fro: a wait that does not hold gives another number.
        for (int i = 0; i < 120; i++)
        {
            var (from, to) = i % 2 == 0 ? (left, right) : (right, left);
            from.Call("add", i % 2 == 0 ? y : x, i % 2 == 0 ? x : y, i % 2 == 0 ? x : y);
            from.Signal();
            to.Queue.Wait(from.Queue, from.Last);
        }
        Assert.Equal([MathF.Pow(2, 120)], left.Download(x, 1));
    }

    [Fact]
    public void A_queue_may_be_destroyed_while_another_still_waits_for_it()
    {
        Open();
        using var right = new Submitter(this);
        var left = new Submitter(this);
        nint big = right.Allocate(1 << 20), x = right.Upload(1f), y = right.Allocate(1);
        left.Upload(1f);
        left.Finish();
        for (int i = 0; i < 20; i++) right.Call("add", big, big, big, elements: 1 << 20);   // the wait is done late
        right.Queue.Wait(left.Queue, left.Last);
        left.Dispose();
        right.Call("add", y, x, x);
        Assert.Equal([2f], right.Download(y, 1));
    }

    [Fact]
    public void Many_threads_wait_and_each_sees_its_value()
    {
        Open();
        using var queue = new Submitter(this);
        nint big = queue.Allocate(1 << 18);
        var answers = new (ulong Value, WaitResult Result, ulong Reached)[16];
        var threads = new Thread[answers.Length];
        for (int i = 0; i < threads.Length; i++)
        {
            queue.Call("add", big, big, big, elements: 1 << 18);
            queue.Signal();
            (int place, ulong value) = (i, queue.Last);
            threads[i] = new Thread(() => answers[place] = (value, queue.Queue.HostWait(value, s_forever), queue.Queue.Reached()));
            threads[i].Start();
        }
        foreach (var thread in threads) thread.Join();
        Assert.All(answers, a => Assert.True(a.Result == WaitResult.Reached && a.Reached >= a.Value, $"{a}"));
    }

    [Fact]
    public void A_late_failure_is_published_with_value_and_words_and_other_queues_go_on()
    {
        Open("error@3");
        using Submitter failing = new(this), other = new(this);
        nint x = failing.Upload(1f), y = failing.Allocate(1), z = other.Upload(5f);
        failing.Finish();
        failing.Call("add", y, x, x);      // 2
        failing.Signal();
        failing.Call("add", y, y, y);      // 3: fails
        ulong failed = failing.Last;
        // The failure may come before the signal, which is refused then: nobody waits for what was not signalled.
        if (failing.TrySignal())
        {
            other.Queue.Wait(failing.Queue, failed);
            Assert.Equal(WaitResult.Failed, failing.Queue.HostWait(failed, s_forever));
        }
        var why = new QueueFailure(3, BackendStatus.DeviceError, 719, "unit 3: parity error");
        Assert.Equal((why, 2ul), (failing.Queue.Failure, failing.Queue.Reached()));
        Assert.Equal(WaitResult.Reached, failing.Queue.HostWait(2, TimeSpan.Zero));   // smaller values keep their success (QUE-13)

        var refused = Assert.Throws<BackendException>(() => failing.Queue.Signal(4));
        Assert.Equal((BackendStatus.DeviceError, "the queue has failed"), (refused.Status, refused.What));
        Assert.Equal(BackendStatus.DeviceError, failing.TryCall("add", y, x, x));
        Assert.Equal([5f], other.Download(z, 1));   // a wait for the failed queue was released
        using var fresh = new Submitter(this);
        Assert.Equal([2f], fresh.Download(y, 1));   // no work from the failure on touched memory
        fresh.Call("add", y, x, y);
        Assert.Equal([3f], fresh.Download(y, 1));
    }

    [Fact]
    public void An_option_whose_value_makes_no_sense_is_refused_by_name()
    {
        var failure = Assert.Throws<BackendException>(() => Open("sometimes"));
        Assert.Equal((BackendStatus.InvalidArgument, "fault=sometimes: error@ and a value from 1 is meant"), (failure.Status, failure.What));
    }

    private void Open(string? fault = null)
    {
        var options = fault is null ? DeviceInfo.NoOptions : new Dictionary<string, string> { ["fault"] = fault };
        foreach (var kernel in _device.Open(options).Kernels) _kernels.Add(kernel.Operator, kernel);
    }

    // A queue and its count of submissions, as the host keeps them; vectors of f32 only.
    private sealed class Submitter(QueueSampleTests test) : IDisposable
    {
        private readonly List<nint> _buffers = [];
        private ulong _signalled;

        public BackendQueue Queue { get; } = test._device.CreateQueue()!;
        public ulong Last { get; private set; }

        public nint Allocate(int elements)
        {
            _buffers.Add(test._device.Allocate((nuint)elements * sizeof(float)));
            return _buffers[^1];
        }

        public nint Upload(params float[] elements)
        {
            nint address = Allocate(elements.Length);
            Upload(address, elements);
            return address;
        }

        public void Upload(nint address, float[] elements)
        {
            fixed (float* source = elements)
                Queue.Copy(new CopyRegion { Source = (nint)source, Target = address, Length = (ulong)elements.Length * sizeof(float), Value = ++Last, FromHost = true });
        }

        public float[] Download(nint address, int elements)
        {
            float[] target = new float[elements];
            fixed (float* p = target)
            {
                Queue.Copy(new CopyRegion { Source = address, Target = (nint)p, Length = (ulong)elements * sizeof(float), Value = ++Last, ToHost = true });
                Finish();
            }
            return target;
        }

        public bool TrySignal()
        {
            try
            {
                Signal();
                return true;
            }
            catch (BackendException) when (Queue.Failure is not null)
            {
                return false;
            }
        }

        public void Signal() => Queue.Signal(_signalled = Last);

        public void Finish()
        {
            if (_signalled < Last) Signal();
            Assert.Equal(WaitResult.Reached, Queue.HostWait(Last, s_forever));
        }

        public void Call(string op, nint y, nint a, nint b = 0, int elements = 1) => Assert.Equal(BackendStatus.Ok, TryCall(op, y, a, b, elements));

        public BackendStatus TryCall(string op, nint y, nint a, nint b = 0, int elements = 1)
        {
            long length = elements, stride = 1;
            var output = new DLTensor { Data = (void*)y, Rank = 1, Type = DLDataType.From(DType.F32), Shape = &length, Strides = &stride };
            DLTensor left = output with { Data = (void*)a }, right = output with { Data = (void*)b };
            DLTensor** inputs = stackalloc DLTensor*[] { &left, &right };
            DLTensor* outputs = &output;
            var frame = new CallFrame
            {
                StructSize = (uint)sizeof(CallFrame), OperatorVersion = 1, InputCount = b == 0 ? 1 : 2, OutputCount = 1, Inputs = inputs, Outputs = &outputs,
                Host = NativeHost.Table, Device = (void*)test._device.Handle, Elements = length, Queue = (void*)Queue.Handle, Value = ++Last,
            };
            return NativeFailure.Status(test._kernels[op].RunNative(&frame));
        }

        // As the host does: drained or failed before it goes, buffers after.
        public void Dispose()
        {
            if (Queue.Failure is null && Last > 0) Finish();
            Queue.Dispose();
            foreach (nint buffer in _buffers) test._device.Free(buffer);
        }
    }
}
