using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>Queues and devices that end while somebody still uses them: a typed error, and no call into what has ended (QUE-16, OBJ-3).</summary>
public sealed class EndTests
{
    [Fact]
    public void A_closed_device_takes_no_call()
    {
        var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var device = bench.Device;
        Tensor a = device.Tensor(1f, 2f), b = device.Tensor(3f, 4f);
        var queue = device.CreateQueue();
        using (queue.Use()) Ops.Add(a, b, into: b);
        bench.Dispose();
        Assert.Throws<ObjectDisposedException>(() => a + b);
        Assert.Throws<ObjectDisposedException>(() => Ops.Add(a, b, into: b));
        Assert.Throws<ObjectDisposedException>(() => b.Relu());
        Assert.Throws<ObjectDisposedException>(() => b.ToArray<float>());
        Assert.Throws<ObjectDisposedException>(device.CreateQueue);
        device.Synchronize();
        queue.Synchronize();
        queue.Dispose();
        Assert.Equal(0, device.Memory.Live);
    }

    [Fact]
    public void A_queue_that_ends_takes_nothing_more_from_whoever_is_in_its_scope()
    {
        QueuedDevice inner = new(Pace.ByHand);
        Action during = () => { };
        using var bench = new QueueBench(inner, outside: device => new TellsWaits(device, () => during()));
        var a = bench.Device.Tensor(1f, 2f);
        var queue = bench.Device.CreateQueue();
        var (inside, go) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        Exception? met = null;
        var other = new Thread(() =>
        {
            using (queue.Use())
            {
                (a + a).Dispose();
                inside.Set();
                go.Wait();
                met = Record.Exception(() => (a + a).Dispose());
            }
        });
        other.Start();
        inside.Wait(TestContext.Current.CancellationToken);
        during = () =>
        {
            // The queue's end has asked for all that was submitted, and waits for it.
            go.Set();
            other.Join();
        };
        queue.Dispose();
        Assert.IsType<ObjectDisposedException>(met);
        Assert.Equal([2, 4], (a + a).ToArray<float>());
    }

    [Fact]
    public void A_late_look_at_a_queue_does_not_take_back_what_it_has_reached()
    {
        QueuedDevice inner = new(Pace.ByHand);
        Func<ulong, ulong> look = reached => reached;
        using var bench = new QueueBench(inner, outside: device => new TellsWaits(device, () => { }) { OnReached = reached => look(reached) });
        var a = bench.Device.Tensor(1f, 2f);
        var queue = bench.Device.CreateQueue();
        Tensor b;
        using (queue.Use()) b = a + a;
        var timeline = queue.Timeline!;
        timeline.Signal();
        var (seen, go) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        look = reached =>
        {
            seen.Set();
            go.Wait();
            return reached;
        };
        var slow = new Thread(() => timeline.HasReached(1));
        slow.Start();
        seen.Wait(TestContext.Current.CancellationToken);
        look = reached => reached;
        queue.Dispose();      // waits for its work, and ends as soon as the slow one is out of it
        go.Set();
        slow.Join();
        Assert.True(timeline.HasReached(1));
        Assert.Equal([3, 6], (b + a).ToArray<float>());
    }

    /// <summary>Tells when the host is about to wait, and lets a test come between an answer and its asker.</summary>
    private sealed class TellsWaits(BackendDevice inner, Action waiting) : DeviceAround(inner)
    {
        public Func<ulong, ulong> OnReached { get; init; } = reached => reached;

        protected override QueueAround Around(BackendQueue queue) => new Telling(queue, this, waiting);

        private sealed class Telling(BackendQueue inner, TellsWaits device, Action waiting) : QueueAround(inner)
        {
            protected override ulong ReachedCore() => device.OnReached(base.ReachedCore());

            protected override WaitResult HostWaitCore(ulong value, TimeSpan timeout)
            {
                waiting();
                return base.HostWaitCore(value, timeout);
            }
        }
    }
}
