using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>Bytes between host and device and within it, while the device works later (MEM-13 to 15).</summary>
public sealed class CopyTests
{
    [Fact]
    public void The_apps_array_is_its_own_again_when_the_call_returns()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var copies = Listen(bench);
        float[] numbers = [1, 2, 3];
        var a = bench.Device.Tensor(numbers);
        numbers[0] = 9;
        a.CopyBytesFrom(MemoryMarshal.AsBytes(numbers.AsSpan()));
        numbers[1] = 9;
        Assert.Equal([9, 2, 3], a.ToArray<float>());
        Assert.Equal([false, false], copies.Where(c => c.FromHost).Select(c => c.IsStable));
    }

    [Fact]
    public void A_stable_source_lives_until_the_device_has_read_it()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand), fallback: true);
        var copies = Listen(bench);
        var cpu = bench.Host["cpu"];
        var moved = new List<Tensor>();
        for (int i = 0; i < 100; i++)
            using (var source = cpu.Full([1000], i)) moved.Add(source.To(bench.Device));   // by now all of it is garbage
        GC.Collect();
        GC.WaitForPendingFinalizers();
        for (int i = 0; i < 100; i++) Assert.Equal(Enumerable.Repeat((float)i, 1000), moved[i].ToArray<float>());
        Assert.All(copies.Where(c => c.FromHost), c => Assert.True(c.IsStable));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    [InlineData(1, 0)]
    [InlineData(3, 3)]
    public void A_copy_onto_itself_ends_as_if_the_source_had_been_read_first(int from, int to)
    {
        foreach (string[] without in (string[][])[[], ["copy"]])
        {
            using var bench = new QueueBench(new QueuedDevice(Pace.ByHand) { Without = without }, fallback: true);
            float[] numbers = [0, 1, 2, 3, 4, 5, 6, 7];
            var a = bench.Device.Tensor(numbers);
            using (Tensor source = a[from..(from + 5)], target = a[to..(to + 5)]) Ops.Copy(source, into: target);
            Array.Copy(numbers, from, numbers, to, 5);
            Assert.Equal(numbers, a.ToArray<float>());
        }
    }

    [Fact]
    public void Without_a_copy_kernel_strided_copies_are_staged_and_counted_as_fallback()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand) { Without = ["copy"] });
        var a = bench.Device.Tensor([0f, 1f, 2f, 3f, 4f, 5f], [2, 3]);
        var b = bench.Device.Full([6], 9f);
        var turned = a.Transpose().Contiguous();
        Assert.Equal([0, 3, 1, 4, 2, 5], turned.ToArray<float>());
        using (var every = b.AsStrided([3], [2])) Ops.Copy(a[1], into: every);
        Assert.Equal([3, 9, 4, 9, 5, 9], b.ToArray<float>());    // what lies between is untouched (MEM-11)
        Assert.Equal(2, bench.Device.Calls.Fallbacks[("copy", WayReason.NoKernel)].Calls);
        // Contiguous ones are the memory's own business (FAL-6).
        Ops.Copy(a).Dispose();
        Assert.Equal(2, bench.Device.Calls.Fallbacks[("copy", WayReason.NoKernel)].Calls);
        bench.Device.Fallback = FallbackPolicy.Deny;
        Assert.Throws<FallbackDeniedException>(() => a.Transpose().Contiguous());
        Ops.Copy(a).Dispose();
    }

    [Fact]
    public void A_read_is_ordered_after_the_last_write_wherever_that_was_submitted()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        using var other = bench.Device.CreateQueue();
        var a = bench.Device.Tensor(1f);
        for (int i = 0; i < 20; i++)
        {
            using (other.Use()) Ops.Add(a, a, into: a);
            Assert.Equal(MathF.Pow(2, i + 1), a.ToScalar<float>());
        }
    }

    [Fact]
    public void Host_memory_is_not_touched_after_a_failed_read()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand) { OnRun = w => w.Name == "add" ? new BackendException(BackendStatus.DeviceError, "smoke") : null });
        var a = bench.Device.Tensor(1f, 2f);
        var b = a + a;
        float[] target = [7, 7];
        Assert.Throws<DeviceOperationException>(() => b.CopyTo(target.AsSpan()));
        bench.Inner.RunAll();
        Assert.Equal([7, 7], target);
    }

    private static List<CopyRegion> Listen(QueueBench bench)
    {
        var copies = new List<CopyRegion>();
        bench.Inner.Copied = copies.Add;
        return copies;
    }
}
