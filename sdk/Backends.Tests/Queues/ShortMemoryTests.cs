using Backends.Tests.Host;

namespace Backends.Tests.Queues;

/// <summary>Memory that is short (MEM-8, -9, -10): what is dropped comes back in time, what fails fails typed, and everything stays usable.</summary>
[Collection("sim")]   // one process has one sim:0, and these open it with different options
public sealed class ShortMemoryTests
{
    [Theory]
    [InlineData("sim:0?memory-limit=64MiB", 256, 1_000_000)]
    [InlineData("sim:0?memory-limit=64MiB", 100_000, 20_000)]
    public void Results_that_nobody_disposes_never_fill_the_device(string name, int size, int rounds)
    {
        using var host = TestHost.Create();
        host.Log = _ => { };
        var device = host[name];
        Tensor a = device.Full([size], 2f), b = device.Full([size], 3f), c = device.Full([size], 1f), y = a;
        for (int i = 0; i < Effort.Of(rounds); i++) y = a * b + c;
        Assert.Equal(7, y[size - 1].ToScalar<float>());
        Assert.True(device.Memory.Peak <= 64 << 20, device.Memory.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void Allocations_that_fail_now_and_then_are_typed_errors_and_leave_everything_usable(int n)
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByChance, n));
        using var other = bench.Device.CreateQueue();
        float[] numbers = [.. Enumerable.Range(0, 5000).Select(i => (float)i)];
        var kept = new List<Tensor> { bench.Device.Tensor(numbers) };
        int buffers = bench.Inner.Buffers, failed = 0;
        bench.Inner.AllocationFails = count => count % n == 0;
        for (int i = 0; i < 200; i++)
            try
            {
                using (i % 2 == 0 ? other.Use() : bench.Device.Queue.Use()) kept.Add(kept[0] + kept[^1]);
                if (i % 5 == 0) Drop(kept);
            }
            catch (OutOfDeviceMemoryException e)
            {
                failed++;
                Assert.Equal("BK4001", e.Id);
            }
        // MEM-9 asks twice, so that only where every allocation fails, or every second one, is anything seen of it.
        Assert.Equal(n == 1, failed == 200);
        bench.Inner.AllocationFails = null;
        Assert.Equal(numbers, kept[0].ToArray<float>());
        Assert.Equal(numbers.Select(x => x + x), (kept[0] + kept[0]).ToArray<float>());
        foreach (var tensor in kept[1..]) tensor.Dispose();
        kept.RemoveRange(1, kept.Count - 1);
        Assert.True(bench.Device.Memory.Live <= buffers * 400_000, bench.Device.Memory.ToString());
    }

    [Fact]
    public void A_full_device_makes_room_by_what_its_queues_still_use()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand), "?memory-limit=8MiB");
        const int Size = 1 << 18;    // 1 MiB each
        Tensor a = bench.Device.Full([Size], 1f), y = a;
        using var other = bench.Device.CreateQueue();
        for (int i = 0; i < 40; i++)
            using (i % 2 == 0 ? other.Use() : bench.Device.Queue.Use())
            {
                var old = y;
                y = y + a;
                if (old != a) old.Dispose();
            }
        Assert.Equal(41, y[Size - 1].ToScalar<float>());
        Assert.True(bench.Inner.Bytes <= 8 << 20, bench.Device.Memory.ToString());
        Assert.NotEqual(0, bench.Device.Waits[WaitCause.OutOfMemory]);
        var all = new List<Tensor>();
        var error = Assert.Throws<OutOfDeviceMemoryException>(() =>
        {
            for (int i = 0; i < 100; i++) all.Add(bench.Device.Full([Size], i));
        });
        Assert.Contains("limit 8.0 MiB", error.Why);
        foreach (var (i, tensor) in all.Index())
        {
            using var last = tensor[Size - 1];
            Assert.Equal(i, last.ToScalar<float>());
        }
        all[^1].Dispose();
        using var fits = a + a;
        Assert.Equal(2, fits[0].ToScalar<float>());
    }

    private static void Drop(List<Tensor> kept)
    {
        foreach (var tensor in kept[1..]) tensor.Dispose();
        kept.RemoveRange(1, kept.Count - 1);
    }
}
