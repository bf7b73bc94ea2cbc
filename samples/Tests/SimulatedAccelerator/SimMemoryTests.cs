using Backends.Plugins;
using CsCheck;

namespace Backends.Samples.Tests.SimulatedAccelerator;

public sealed class SimMemoryTests
{
    [Fact]
    public void Live_buffers_are_aligned_and_never_overlap() =>
        Gen.Select(Gen.Int[0, 9], Gen.OneOf(Gen.Int[1, 2000], Gen.Int[1, 40 << 20])).Array[1, 60].Sample(steps =>
        {
            using var bench = new SimBench();
            var live = new List<(nint Address, int Bytes)>();
            foreach (var (kind, bytes) in steps)
            {
                if (kind < 4 && live.Count > 0)
                {
                    bench.Device.Free(live[bytes % live.Count].Address);
                    live.RemoveAt(bytes % live.Count);
                    continue;
                }
                nint address = bench.Device.Allocate((nuint)bytes);
                if (address == 0) continue;
                Assert.Equal(0, address % bench.Device.Info.Alignment);
                Assert.DoesNotContain(live, other => address < other.Address + other.Bytes && other.Address < address + bytes);
                live.Add((address, bytes));
            }
        }, iter: 100, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void What_does_not_fit_gives_zero_and_changes_nothing()
    {
        using var bench = new SimBench();
        nuint all = (nuint)bench.Device.Info.TotalMemory;
        Assert.Equal(0, bench.Device.Allocate(all + 1));
        nint whole = bench.Device.Allocate(all);
        Assert.NotEqual(0, whole);
        Assert.Equal(0, bench.Device.Allocate(1));
        bench.Device.Free(whole);
        Assert.NotEqual(0, bench.Device.Allocate(1));
    }

    [Fact]
    public void A_buffer_is_freed_once()
    {
        using var bench = new SimBench();
        nint address = bench.Put(1);
        bench.Device.Free(address);
        Assert.Contains("was it freed", Assert.Throws<BackendException>(() => bench.Device.Free(address)).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public unsafe void A_host_address_in_a_frame_is_refused_and_nothing_is_enqueued()
    {
        using var bench = new SimBench();
        nint x = bench.Put(1, 2), y = bench.Put(0, 0);
        float* host = stackalloc float[2];
        var refused = Assert.Throws<BackendException>(() => bench.Call(bench.Queue, "add", 2, y, x, (nint)host));
        Assert.Equal(BackendStatus.InvalidArgument, refused.Status);
        Assert.Contains($"0x{(nint)host:x} is no address of sim:0", refused.Message, StringComparison.Ordinal);
        bench.Call(bench.Queue, "add", 2, y, x, x);
        Assert.Equal([2, 4], bench.Read(y, 2));
    }

    [Fact]
    public void Bytes_beyond_a_buffer_are_refused()
    {
        using var bench = new SimBench();
        nint x = bench.Put(1, 2);
        Assert.Throws<BackendException>(() => bench.Call(bench.Queue, "neg", 3, x, x));
        Assert.Throws<BackendException>(() => bench.Copy(bench.Queue, new CopyRegion { Source = x, SourceOffset = 4, Target = x, Length = 5 }));
        Assert.Throws<BackendException>(() => bench.Read(x + 4, 1));
    }

    // To touch one ends the process; so the system is asked who may.
    [Fact]
    public void The_host_has_no_access_to_an_address()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "asks /proc");
        using var bench = new SimBench();
        nint address = bench.Put(1, 2, 3);
        var region = File.ReadLines("/proc/self/maps").Select(line => line.Split('-', ' ')).Single(part =>
            nint.Parse(part[0], System.Globalization.NumberStyles.HexNumber) <= address && address < nint.Parse(part[1], System.Globalization.NumberStyles.HexNumber));
        Assert.Equal("", string.Concat(region[2..5]));        // no r, no w, no x: "---p"
    }

    [Fact]
    public void Every_nth_allocation_fails_on_demand()
    {
        using var bench = new SimBench("fault=memory@3");
        Assert.Equal([false, false, true, false, false, true], Enumerable.Range(0, 6).Select(_ => bench.Device.Allocate(8) == 0));
    }

    [Fact]
    public void A_closed_device_opens_again()
    {
        var bench = new SimBench();
        bench.Put(1);
        bench.Dispose();
        bench.Device.Open(DeviceInfo.NoOptions);
        bench.Device.Close();
    }

    [Theory]
    [InlineData("seed=x")]
    [InlineData("seed=-1")]
    [InlineData("max-delay=fast")]
    [InlineData("fault=error")]
    [InlineData("fault=error@")]
    [InlineData("fault=fire@7")]
    [InlineData("fault=error@q:7")]
    public void An_option_that_makes_no_sense_is_refused_by_name(string option)
    {
        var refused = Assert.Throws<BackendException>(() => new SimBench(option));
        Assert.Contains($"option {option}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("write for example", refused.Message, StringComparison.Ordinal);
    }
}
