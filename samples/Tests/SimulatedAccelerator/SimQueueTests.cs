using Backends.Plugins;

namespace Backends.Samples.Tests.SimulatedAccelerator;

public sealed class SimQueueTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    [Fact]
    public void More_work_than_the_ring_holds_is_done_in_order()
    {
        using var bench = new SimBench("max-delay=0");
        nint one = bench.Put(1), sum = bench.Put(0);
        for (int i = 0; i < 20_000; i++) bench.Call(bench.Queue, "add", 1, sum, sum, one);
        Assert.Equal([20_000], bench.Read(sum, 1));
    }

    [Fact]
    public void A_passing_source_is_read_in_the_call_even_when_many_wait()
    {
        using var bench = new SimBench();
        const int Count = 1 << 20;
        nint y = bench.Device.Allocate(Count * 4);
        for (int i = 0; i < 20; i++) bench.Put(bench.Queue, y, [.. Enumerable.Repeat((float)i, Count)]);
        Assert.All(bench.Read(y, Count), x => Assert.Equal(19, x));
    }

    [Fact]
    public void A_value_is_observable_only_when_it_was_asked_for()
    {
        using var bench = new SimBench();
        nint x = bench.Put(1);
        ulong before = bench.Queue.Reached(), value = bench.Call(bench.Queue, "neg", 1, x, x);
        Assert.Equal(WaitResult.TimedOut, bench.Queue.HostWait(value, TimeSpan.Zero));
        Assert.Equal(before, bench.Queue.Reached());
        Assert.Equal(WaitResult.Reached, bench.Finish(bench.Queue));
        Assert.Equal(value, bench.Queue.Reached());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_wait_orders_two_queues_whatever_the_delays(int seed)
    {
        using var bench = new SimBench($"seed={seed}");
        var (first, second) = (bench.Queue, bench.NewQueue());
        nint x = bench.Put(1), one = bench.Put(1);
        for (int i = 0; i < 300; i++)
        {
            bench.Call(first, "add", 1, x, x, one);
            second.Wait(first, bench.Signal(first));
            bench.Call(second, "add", 1, x, x, x);
            first.Wait(second, bench.Signal(second));
            bench.Call(first, "sub", 1, x, x, x);
        }
        Assert.Equal([0], bench.Read(x, 1));
        bench.Call(first, "add", 1, x, one, one);
        second.Wait(first, bench.Signal(first));
        Assert.Equal([2], bench.Read(x, 1, second));
    }

    [Fact]
    public async Task Many_threads_wait_at_once()
    {
        using var bench = new SimBench();
        nint x = bench.Put(1);
        ulong value = 0;
        for (int i = 0; i < 200; i++) value = bench.Call(bench.Queue, "neg", 1, x, x);
        bench.Signal(bench.Queue);
        var waits = Enumerable.Range(0, 16).Select(_ => Task.Run(() => bench.Queue.HostWait(value, s_long)));
        Assert.All(await Task.WhenAll(waits), result => Assert.Equal(WaitResult.Reached, result));
    }

    [Fact]
    public void A_late_failure_keeps_what_came_before_and_drops_the_rest()
    {
        using var bench = new SimBench("fault=error@q1:3");
        nint x = bench.Put(1), one = bench.Put(1);
        var queue = bench.NewQueue();
        for (int i = 0; i < 10; i++) SimBench.Unless(queue, () => bench.Call(queue, "add", 1, x, x, one));
        Assert.Equal(WaitResult.Failed, bench.Finish(queue));
        var failure = queue.Failure!;
        Assert.Equal((3ul, BackendStatus.DeviceError), (failure.Value, failure.Status));
        Assert.Equal(WaitResult.Reached, queue.HostWait(2, TimeSpan.Zero));
        Assert.Equal(2ul, queue.Reached());
        Assert.Throws<BackendException>(() => bench.Call(queue, "add", 1, x, x, one));
        Assert.Throws<BackendException>(() => queue.Signal(10));
        Assert.Same(failure, queue.Failure);
        Assert.Equal([3], bench.Read(x, 1));
        Assert.Null(bench.Queue.Failure);
    }

    // The host counts a call that was refused as submitted: its value may be signalled, though nothing bears it.
    [Fact]
    public void What_was_reached_does_not_fall_when_the_queue_fails()
    {
        using var bench = new SimBench("fault=error@4");
        nint x = bench.Put(1);
        bench.Queue.Signal(3);                                // 1 was the copy; nothing is 2 or 3
        Assert.Equal(WaitResult.Reached, bench.Queue.HostWait(3, s_long));
        bench.Skip(bench.Queue, to: 3);
        bench.Call(bench.Queue, "neg", 1, x, x);
        Assert.Equal(WaitResult.Failed, bench.Finish(bench.Queue));
        Assert.Equal((3ul, 4ul), (bench.Queue.Reached(), bench.Queue.Failure!.Value));
    }

    [Fact]
    public void A_wait_for_a_failed_queue_ends()
    {
        using var bench = new SimBench("fault=error@q1:1");
        nint x = bench.Put(1), y = bench.Put(2);
        var failing = bench.NewQueue();
        bench.Call(failing, "neg", 1, x, x);
        ulong signalled = bench.Signal(failing);
        bench.Queue.Wait(failing, signalled);
        bench.Call(bench.Queue, "neg", 1, y, y);
        Assert.Equal([-2], bench.Read(y, 1));
        Assert.Equal(WaitResult.Failed, failing.HostWait(signalled, s_long));
    }

    [Fact]
    public void A_lost_device_fails_every_queue_and_can_be_taken_down()
    {
        using var bench = new SimBench("fault=lost@q1:2");
        using var other = new SimBench("", number: 1);
        nint x = bench.Put(1), y = other.Put(5);
        var (losing, idle) = (bench.NewQueue(), bench.NewQueue());
        bench.Call(losing, "neg", 1, x, x);
        SimBench.Unless(losing, () => bench.Call(losing, "neg", 1, x, x));
        Assert.Equal(WaitResult.Failed, bench.Finish(losing));
        SpinWait.SpinUntil(() => idle.Failure is not null && bench.Queue.Failure is not null, s_long);
        foreach (var queue in new[] { losing, idle, bench.Queue })
        {
            Assert.Equal(BackendStatus.DeviceLost, queue.Failure!.Status);
            Assert.Equal(BackendStatus.DeviceLost, Assert.Throws<BackendException>(() => bench.Call(queue, "neg", 1, x, x)).Status);
        }
        Assert.Equal(BackendStatus.DeviceLost, Assert.Throws<BackendException>(() => bench.Device.Allocate(8)).Status);
        Assert.Equal(BackendStatus.DeviceLost, Assert.Throws<BackendException>(() => bench.Device.CreateQueue()).Status);
        bench.Device.Free(x);
        Assert.Equal([5], other.Read(y, 1));
    }

    [Fact]
    public void The_seed_decides_the_delays_and_not_the_result()
    {
        var results = Enumerable.Range(1, 4).Select(seed =>
        {
            using var bench = new SimBench($"seed={seed}");
            nint x = bench.Put(1, 2, 3), y = bench.Put(0, 0, 0);
            for (int i = 0; i < 50; i++) bench.Call(bench.Queue, "mul", 3, y, x, x);
            return bench.Read(y, 3);
        });
        Assert.All(results, result => Assert.Equal([1, 4, 9], result));
    }
}
