using Backends.Tests.Queues;

namespace Backends.Tests.Host;

/// <summary>What follows the question mark of a device string, and the limit that it sets (DIS-9).</summary>
public sealed class DeviceStringTests
{
    [Fact]
    public void Options_mean_the_same_in_any_order()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand), "?memory-limit=8MiB&fallback=deny");
        Assert.Same(bench.Device, bench.Host["queued:0?fallback=deny&memory-limit=8MiB"]);
        Assert.Throws<DeviceNotUsableException>(() => bench.Host["queued:0?fallback=deny&memory-limit=9MiB"]);
    }

    [Theory]
    [InlineData("fallback=1")]
    [InlineData("fallback=allow,warn")]
    [InlineData("memory-limit=")]
    [InlineData("memory-limit=0")]
    [InlineData("memory-limit=KiB")]
    [InlineData("memory-limit=9223372036854775807KiB")]
    [InlineData("memory-limit=1MiB&memory-limit=2MiB")]
    [InlineData("")]
    public void Values_that_make_no_sense_are_refused(string options) =>
        Assert.Equal("BK1002", Assert.Throws<DeviceNotUsableException>(() => new QueueBench(new QueuedDevice(Pace.ByHand), $"?{options}")).Id);

    [Fact]
    public void Threads_that_ask_at_once_do_not_get_more_than_the_limit()
    {
        var inner = new QueuedDevice(Pace.ByHand);
        using var bench = new QueueBench(inner, "?memory-limit=3MiB");
        Exception? met = null;
        inner.AllocationFails = count =>
        {
            if (count > 1) return false;
            // The first one is with the device; nothing of it is there yet.
            var second = new Thread(() => met = Record.Exception(() => bench.Device.Empty([1 << 19])));
            second.Start();
            second.Join(1000);
            return false;
        };
        bench.Device.Empty([1 << 19]);
        SpinWait.SpinUntil(() => met is not null, 10_000);
        Assert.IsType<OutOfDeviceMemoryException>(met);
        Assert.True(inner.Bytes <= 3 << 20);
    }

    [Fact]
    public void What_was_dropped_is_kept_up_to_a_part_of_the_limit()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand), "?memory-limit=64MiB");
        for (int size = 1; size <= 8; size++) Drop(bench.Device, size);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var next = bench.Device.Empty([1 << 12]);    // looks at what was dropped
        Assert.InRange(bench.Device.Memory.Cached, 0, 16 << 20);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Drop(Device device, int size) => device.Empty([size << 18]);
}
