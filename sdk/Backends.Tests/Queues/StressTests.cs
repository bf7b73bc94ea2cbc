using System.Collections.Concurrent;
using Backends.Plugins;
using Backends.Tests.Host;

namespace Backends.Tests.Queues;

/// <summary>
/// Many threads on one device (QUE-11, MEM-4): each works on tensors of its own, whose numbers must be right, and on shared ones that others dispose
/// at any moment, which may be refused and nothing else.
/// </summary>
[Collection("sim")]   // one process has one sim:0, and these open it with different options
public sealed class StressTests
{
    private const int Threads = 16;

    [Theory]
    [InlineData("cpu", false)]
    [InlineData("sim:0?max-delay=0", false)]
    [InlineData("sim:1?max-delay=0", true)]
    [InlineData("queued", false)]
    [InlineData("queued", true)]
    [InlineData("checked", false)]
    [InlineData("checked", true)]
    public void Threads_that_dispose_each_others_tensors_break_nothing(string name, bool ownQueues)
    {
        var inner = new QueuedDevice(Pace.OwnThread);
        var check = new OrderChecked(new QueuedDevice(Pace.OwnThread));
        using (var host = TestHost.Create().Add("queued", new DevicesBackend(inner)).Add("checked", new DevicesBackend(check)))
        {
            host.Log = _ => { };
            var device = host[name];
            var shared = new Tensor[32];
            for (int i = 0; i < shared.Length; i++) shared[i] = device.Tensor(1f, 2f, 3f);
            var failures = new ConcurrentQueue<Exception>();
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() =>
            {
                try
                {
                    Work(device, shared, ownQueues, new Random(t), Effort.Of(100_000));
                }
                catch (Exception e)
                {
                    failures.Enqueue(e);
                }
            }))];
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
            Assert.Equal([], failures.Select(e => e.ToString()).Distinct().Take(3));
            device.Synchronize();
        }
        check.Verify();
        Assert.Equal([], inner.Complaints);
        Assert.Equal(0, inner.Buffers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Threads_go_on_while_queues_fail_under_them(bool ownQueues)
    {
        int work = 0;
        var inner = new QueuedDevice(Pace.OwnThread) { OnRun = _ => ++work % 997 == 0 ? new BackendException(BackendStatus.DeviceError, "smoke") : null };
        var check = new OrderChecked(inner);
        using (var host = TestHost.Create().Add("failing", new DevicesBackend(check)))
        {
            var device = host["failing"];
            var failures = new ConcurrentQueue<Exception>();
            int lost = 0;
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() =>
            {
                try
                {
                    Interlocked.Add(ref lost, Count(device, ownQueues, Effort.Of(20_000)));
                }
                catch (Exception e)
                {
                    failures.Enqueue(e);
                }
            }))];
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
            Assert.Equal([], failures.Select(e => e.ToString()).Distinct().Take(3));
            Assert.NotEqual(0, lost);
        }
        check.Verify();
        Assert.Equal([], inner.Complaints);
        Assert.Equal(0, inner.Buffers);
    }

    // Counts on the device; what is lost begins anew. Gives how often that was.
    private static int Count(Device device, bool ownQueue, int calls)
    {
        using var queue = ownQueue ? device.CreateQueue() : null;
        using var scope = (queue ?? device.Queue).Use();
        Tensor? own = null;
        int lost = 0, sum = 0;
        for (int i = 0; i < calls; i++)
            try
            {
                if (own is null) (own, sum) = (device.Tensor(0f, 0f), 0);
                using var one = device.Tensor(1f, 1f);
                Ops.Add(own, one, into: own);
                sum++;
                if (i % 50 == 0) Assert.Equal([sum, sum], own.ToArray<float>());
            }
            catch (DeviceOperationException)
            {
                own?.Dispose();
                own = null;
                lost++;
            }
        return lost;
    }

    private static void Work(Device device, Tensor[] shared, bool ownQueue, Random random, int calls)
    {
        using var queue = ownQueue ? device.CreateQueue() : null;
        using var scope = (queue ?? device.Queue).Use();
        var own = device.Tensor(0f, 0f, 0f);
        var one = device.Tensor(1f, 1f, 1f);
        int sum = 0;
        for (int i = 0; i < calls; i++)
            switch (random.Next(8))
            {
                case 0: Share(device, shared, random); break;
                case 1: Try(() => Ops.Add(shared[random.Next(shared.Length)], one)); break;
                case 2: Try(() => Ops.Add(shared[random.Next(shared.Length)], shared[random.Next(shared.Length)])); break;
                case 3: Try(() => Ops.Relu(shared[random.Next(shared.Length)], into: shared[random.Next(shared.Length)])); break;
                case 4 when random.Next(20) == 0: Assert.Equal([sum, sum, sum], own.ToArray<float>()); break;
                case 5: Ops.Add(own, one, into: own); sum++; break;
                default:
                    var old = own;
                    own = own + one;
                    sum++;
                    if (random.Next(2) == 0) old.Dispose();
                    break;
            }
        Assert.Equal([sum, sum, sum], own.ToArray<float>());
    }

    // A new shared tensor; the one that was there is another thread's, and perhaps in a call of it.
    private static void Share(Device device, Tensor[] shared, Random random)
    {
        var old = Interlocked.Exchange(ref shared[random.Next(shared.Length)], device.Tensor(1f, 2f, 3f));
        if (random.Next(2) == 0) old.Dispose();
    }

    // Of a shared tensor it is only known that it may be disposed.
    private static void Try(Func<Tensor> call)
    {
        try
        {
            call().Dispose();
        }
        catch (InvalidTensorException e) when (e.Id == "BK2007")
        {
        }
    }
}
