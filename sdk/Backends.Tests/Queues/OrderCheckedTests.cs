using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>The test of the check: what is an order, what only happens to be one, and what is none. By the bare contract, on a device moved by hand.</summary>
public sealed unsafe class OrderCheckedTests : IDisposable
{
    private readonly QueuedDevice _inner = new(Pace.ByHand);
    private readonly OrderChecked _device;
    private readonly KernelList _kernels;
    private readonly BackendQueue[] _queues;
    private readonly ulong[] _values = new ulong[3];
    private readonly nint _a, _b;
    private readonly float[] _host = GC.AllocateArray<float>(64, pinned: true);

    public OrderCheckedTests()
    {
        _device = new OrderChecked(_inner);
        _kernels = _device.Open(DeviceInfo.NoOptions);
        _queues = [_device.CreateQueue()!, _device.CreateQueue()!, _device.CreateQueue()!];
        (_a, _b) = (_device.Allocate(256), _device.Allocate(256));
    }

    public void Dispose()
    {
        _inner.RunAll();
        _device.Close();
    }

    [Fact]
    public void Reads_need_no_order_and_one_queue_is_one()
    {
        Upload(0, _a);
        Move(0, _a, _b);
        Move(0, _b, _a);
        Done(0);
        Move(1, _a, _b, length: 16);
        Move(2, _a, _b, length: 16, at: 16);
        Verify();
    }

    [Theory]
    [InlineData(true, false, "not ordered: upload writes 0..64 at 1 on queue 0, and then move reads 0..64 at 1 on queue 1")]
    [InlineData(false, true, "not ordered: move reads 0..64 at 1 on queue 0, and then upload writes 0..64 at 1 on queue 1")]
    [InlineData(true, true, "not ordered: upload writes 0..64 at 1 on queue 0, and then upload writes 0..64 at 1 on queue 1")]
    public void Two_queues_without_a_wait_have_no_order_even_when_all_has_run(bool firstWrites, bool secondWrites, string expected)
    {
        Touch(0, firstWrites, into: 0);
        _inner.RunAll();
        Touch(1, secondWrites, into: 64);
        Assert.Equal([expected], _device.Violations);
    }

    [Fact]
    public void A_wait_orders_and_so_does_a_chain_of_them()
    {
        Upload(0, _a);
        Wait(1, 0);
        Move(1, _b, _b, length: 4, at: 128);
        Wait(2, 1);
        Upload(2, _a);
        Verify();
        // Those waits came before this one was submitted: it meets queue 2's, and queue 1 meets both.
        Upload(0, _a);
        Move(1, _a, _b, length: 4);
        Assert.Equal(3, _device.Violations.Count);
    }

    [Fact]
    public void What_the_host_saw_orders_what_it_submits_then()
    {
        Upload(0, _a);
        Wait(1, 0);
        Upload(1, _a);
        Done(1);                                     // and with it queue 0, on which queue 1 waited
        Upload(2, _a);
        Verify();
        _queues[2].Signal(_values[2]);
        _inner.RunAll();
        Assert.Equal(_values[2], _queues[2].Reached());
        Upload(0, _a);
        Verify();
    }

    [Fact]
    public void What_the_host_could_have_seen_orders_nothing()
    {
        Upload(0, _a);
        _queues[0].Signal(1);
        Assert.Equal(0ul, _queues[0].Reached());
        _inner.RunAll();
        Assert.Equal(WaitResult.Reached, _queues[0].HostWait(0, TimeSpan.Zero));
        Upload(1, _a);
        Assert.Single(_device.Violations);
    }

    [Fact]
    public void Interlocking_views_do_not_meet()
    {
        Negate(0, _a, offset: 0, stride: 2);
        Negate(1, _a, offset: 4, stride: 2);
        Negate(2, _a, offset: 4 * 16, stride: 2);
        Verify();
        Negate(2, _a, offset: 4 * 15, stride: -4, elements: 4);
        Assert.Equal("not ordered: neg writes 4..64 at 1 on queue 1, and then neg reads 12..64 at 2 on queue 2", _device.Violations.First());
        Assert.All(_device.Violations, v => Assert.Contains("on queue 1, and then neg", v));
    }

    [Fact]
    public void A_kernel_sees_the_inner_device_and_its_words_come_back()
    {
        Upload(0, _a);
        Negate(0, _a, offset: 0, stride: 1);
        Download(0, _a);
        Done(0);
        Assert.Equal(-1, _host[16]);
        var error = Assert.Throws<BackendException>(() => Negate(0, 0x5000, offset: 0, stride: 1));
        Assert.Equal((BackendStatus.InvalidArgument, "0x5000 is no buffer of this device"), (error.Status, error.Message));
    }

    [Fact]
    public void Memory_is_freed_after_its_last_use_and_queues_after_their_last_work()
    {
        Upload(0, _a);
        _device.Free(_a);
        Assert.Equal($"free of 0x{_a:x} is not ordered after: upload writes 0..64 at 1 on queue 0 (MEM-4)", Assert.Single(_device.Violations));
        _inner.RunAll();
        _queues[0].Dispose();
        Assert.Contains("queue 0 is destroyed at 0 of 1 (QUE-16)", _device.Violations);
        Upload(1, _b);
        Done(1);
        _device.Free(_b);
        Assert.Equal(2, _device.Violations.Count);
    }

    [Fact]
    public void Host_memory_is_ordered_too()
    {
        Download(0, _a);
        Download(1, _b);
        Assert.Contains("download's host target writes", Assert.Single(_device.Violations));
        Upload(2, _b, from: 16);                     // read at the call: by the host, which has seen nothing
        Assert.Equal(3, _device.Violations.Count(v => v.Contains("host")));
        Upload(2, _b, from: 0);
        Done(0);
        Done(1);
        Upload(2, _b, from: 16);
        Assert.Equal(3, _device.Violations.Count(v => v.Contains("host")));
    }

    [Fact]
    public void A_failed_queue_orders_what_it_did_and_not_what_it_only_waited_for()
    {
        Upload(1, _b);
        Upload(0, _a);
        Wait(0, 1);
        Upload(0, _a);
        _inner.OnRun = w => w.Queue == 0 ? new BackendException(BackendStatus.DeviceError, "smoke") : null;
        _inner.Run(0);
        Assert.NotNull(_queues[0].Failure);
        Upload(2, _a);
        Verify();
        Upload(2, _b);
        Assert.Single(_device.Violations);
    }

    [Fact]
    public void What_is_over_is_forgotten()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Upload(i % 2, _a, length: 32, at: (ulong)(i % 2 * 32));
            Move(i % 2, _a, _b, length: 32, at: (ulong)(i % 2 * 32), from: (ulong)(i % 2 * 32));
        }
        Assert.True(_device.Remembered < 20, $"{_device.Remembered} accesses");
        Verify();
    }

    private void Verify() => Assert.Equal([], _device.Violations);

    private void Touch(int queue, bool writes, ulong into)
    {
        if (writes) Upload(queue, _a);
        else Move(queue, _a, _b, at: into);
    }

    private void Upload(int queue, nint target, ulong length = 64, ulong at = 0, int from = 0)
    {
        Array.Fill(_host, 1f, 0, 16);
        fixed (float* p = &_host[from])
            _queues[queue].Copy(new CopyRegion { Source = (nint)p, Target = target, TargetOffset = at, Length = length, FromHost = true, Value = ++_values[queue] });
    }

    private void Download(int queue, nint source)
    {
        fixed (float* p = &_host[16]) _queues[queue].Copy(new CopyRegion { Source = source, Target = (nint)p, Length = 64, ToHost = true, Value = ++_values[queue] });
    }

    private void Move(int queue, nint source, nint target, ulong length = 64, ulong at = 0, ulong from = 0) =>
        _queues[queue].Copy(new CopyRegion { Source = source, SourceOffset = from, Target = target, TargetOffset = at, Length = length, Value = ++_values[queue] });

    private void Wait(int queue, int other)
    {
        _queues[other].Signal(_values[other]);
        _queues[queue].Wait(_queues[other], _values[other]);
    }

    private void Done(int queue)
    {
        _queues[queue].Signal(_values[queue]);
        _queues[queue].Flush();
        Assert.Equal(WaitResult.Reached, _queues[queue].HostWait(_values[queue], Timeout.InfiniteTimeSpan));
    }

    // In place, so that it reads and writes the same elements.
    private void Negate(int queue, nint buffer, ulong offset, long stride, long elements = 8)
    {
        long* dims = stackalloc long[] { elements, stride };
        var tensor = new DLTensor { Data = (void*)buffer, Rank = 1, Type = DLDataType.From(DType.F32), Shape = dims, Strides = dims + 1, ByteOffset = offset };
        DLTensor* at = &tensor;
        var frame = new CallFrame
        {
            StructSize = (uint)sizeof(CallFrame), OperatorVersion = 1, InputCount = 1, OutputCount = 1, Inputs = &at, Outputs = &at, Elements = elements,
            Device = (void*)_device.Handle, Queue = (void*)_queues[queue].Handle, Host = Backends.Plugins.Native.NativeHost.Table, Value = ++_values[queue],
        };
        var status = (BackendStatus)Kernel("neg").RunNative(&frame);
        if (status == BackendStatus.Ok) return;
        Backends.Plugins.Native.NativeFailure.Take(out _, out string? text);
        throw new BackendException(status, text ?? "");
    }

    private Kernel Kernel(string op) => _kernels.Kernels.First(k => k.Operator == op);
}
