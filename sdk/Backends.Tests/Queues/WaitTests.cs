using Backends.Tests.Host;

namespace Backends.Tests.Queues;

/// <summary>The host's thread waits in the cases of QUE-18 and in no other, and says how often; queues end and are replaced as QUE-15 and -16 say.</summary>
public sealed class WaitTests
{
    [Fact]
    public void What_only_submits_never_waits()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand), fallback: true);
        using var other = bench.Device.CreateQueue();
        Tensor a = bench.Device.Tensor([1f, 2f, 3f, 4f], [2, 2]), b = a;
        for (int i = 0; i < 50; i++)
            using (i % 2 == 0 ? other.Use() : bench.Device.Queue.Use())
            {
                var old = b;
                b = Ops.MatMul(a, b.Transpose().Contiguous()) * 0.5f + bench.Device.Full([2, 2], 1f);
                Ops.Add(b, a, into: b);
                b.CopyBytesFrom(new byte[16]);
                using (var row = b[0]) Ops.Relu(row, into: row);
                Ops.Copy(a.Transpose(), into: b);
                if (old != a) old.Dispose();
                bench.Host["cpu"].Tensor(1f).To(bench.Device).Dispose();
            }
        Assert.All(bench.Device.Waits.Values, count => Assert.Equal(0, count));
        Assert.Equal([1, 3, 2, 4], b.ToArray<float>());
    }

    [Fact]
    public void Each_wait_is_counted_by_its_cause()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand), fallback: true);
        var device = bench.Device;
        Tensor a = device.Tensor(1f, 0f, 3f), b = device.Tensor(1f, 2f, 3f);
        Waits(WaitCause.Read, 1, () => a.ToArray<float>());
        Waits(WaitCause.Read, 1, () => device.Tensor(5f).ToScalar<float>());
        Waits(WaitCause.Read, 1, () => a.ToString());
        Waits(WaitCause.TwoPhase, 1, () => Ops.Nonzero(a));
        Waits(WaitCause.Fallback, 2, () => Ops.Sub(a, b));
        Waits(WaitCause.Fallback, 1, () => Ops.Sub(a, a));
        Waits(WaitCause.CrossBackend, 1, () => a.To(bench.Host["cpu"]));
        Waits(WaitCause.Synchronize, 1, device.Queue.Synchronize);
        Waits(WaitCause.Close, 1, () =>
        {
            using var queue = device.CreateQueue();
            using (queue.Use()) Ops.Add(a, b);
        });

        void Waits(WaitCause cause, long count, Action action)
        {
            var before = device.Waits;
            action();
            foreach (var (each, now) in device.Waits) Assert.Equal((each, each == cause ? count : 0), (each, now - before[each]));
        }
    }

    [Fact]
    public void A_synchronous_device_never_waits()
    {
        using var host = TestHost.Create();
        var cpu = host["cpu"];
        using (var queue = cpu.CreateQueue())
        using (queue.Use()) Assert.Equal(2, (cpu.Tensor(1f) + 1).ToScalar<float>());
        cpu.Synchronize();
        cpu.Queue.Synchronize();
        Assert.All(cpu.Waits.Values, count => Assert.Equal(0, count));
    }

    [Fact]
    public void A_kernel_call_alone_costs_no_signal()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var a = bench.Device.Tensor(1f);
        for (int i = 0; i < 100; i++) Ops.Add(a, a, into: a);
        Assert.Equal(101, bench.Inner.Queues[0].Pending);   // one upload, a hundred calls, nothing else
        bench.Device.Synchronize();
        Assert.Equal(0, bench.Inner.Queues[0].Pending);
        Assert.Equal(101ul, bench.Inner.Queues[0].Reached());
    }

    [Fact]
    public void A_point_is_waited_for_without_what_came_after_it()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        using var other = bench.Device.CreateQueue();
        Tensor a = bench.Device.Tensor(1f), b, c;
        b = a + a;
        using (other.Use()) c = b + b;              // asks for a signal of b; queue 0 goes on
        for (int i = 0; i < 10; i++) Ops.Add(a, a, into: a);
        bench.Inner.Run(0, steps: 3);               // the upload, the sum, and the signal
        bench.Inner.Run(1);
        Assert.Equal((2ul, 1ul), (bench.Inner.Queues[0].Done, bench.Inner.Queues[1].Done));
        Assert.Equal((1024, 4), (a.ToScalar<float>(), c.ToScalar<float>()));
    }

    [Fact]
    public void A_fresh_queue_stands_behind_the_apps_queue_after_every_failure()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var a = bench.Device.Tensor(1f, 2f);
        bench.Device.Synchronize();
        for (int round = 0; round < 10; round++)
        {
            bench.Inner.OnRun = _ => new BackendException(BackendStatus.DeviceError, "smoke");
            var lost = a + a;
            Assert.Throws<DeviceOperationException>(bench.Device.Synchronize);
            bench.Inner.OnRun = null;
            Assert.Equal([2, 4], (a + a).ToArray<float>());
            Assert.Equal(round + 2, bench.Inner.Queues.Count);
        }
        // The failed ones are destroyed (QUE-16).
        foreach (var queue in bench.Inner.Queues.Take(10)) Assert.True(queue.IsDisposed);
    }

    [Fact]
    public void A_queue_is_destroyed_when_it_is_drained_and_what_it_wrote_stays()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var a = bench.Device.Tensor(1f, 2f);
        Tensor b;
        using (var other = bench.Device.CreateQueue())
        using (other.Use()) b = a + a;
        Assert.True(bench.Inner.Queues[1].IsDisposed);
        Assert.Equal([3, 6], (b + a).ToArray<float>());
        using (var next = bench.Device.CreateQueue())
        using (next.Use()) Assert.Equal([2, 4], b.ToArray<float>());
    }

    [Fact]
    public void Closing_the_host_waits_for_what_was_submitted()
    {
        using (var bench = new QueueBench(new QueuedDevice(Pace.ByHand)))
        {
            var a = bench.Device.Tensor(1f, 2f);
            using (bench.Device.CreateQueue().Use())
                for (int i = 0; i < 10; i++) a = a + a;
            bench.Inner.Submitted = _ => Assert.Fail("nothing is submitted at the end");
        }
    }
}
