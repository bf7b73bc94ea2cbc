using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>Host memory on its way to a device is let go exactly once: when it was read, or when nobody will read it (MEM-13).</summary>
public sealed unsafe class StagingTests
{
    [Fact]
    public void What_was_read_is_let_go_while_more_is_on_its_way()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var blocks = new List<Block>();
        using var a = bench.Device.Empty([4]);
        for (int i = 0; i < 10; i++)
        {
            blocks.Add(new Block());
            Transfer.FromHost(blocks[^1].Pointer, a, blocks[^1]);
            bench.Inner.RunAll();
        }
        Assert.InRange(blocks.Count(b => b.Ended == 0), 1, 2);    // nobody waits on this queue
        bench.Device.Synchronize();
        Assert.All(blocks, b => Assert.Equal(1, b.Ended));
    }

    [Fact]
    public void What_never_got_onto_a_queue_is_let_go()
    {
        var inner = new QueuedDevice(Pace.ByHand);
        using var bench = new QueueBench(inner);
        Block refused = new(), disposed = new(), empty = new(), lost = new();
        Tensor a = bench.Device.Empty([4]), b = bench.Device.Empty([4]), none = bench.Device.Empty([0]);
        inner.OnSubmit = _ => new BackendException(BackendStatus.DeviceError, "no channel");
        Assert.Throws<DeviceOperationException>(() => Transfer.FromHost(refused.Pointer, a, refused));
        inner.OnSubmit = null;
        a.CopyBytesFrom(new byte[16]);
        b.Dispose();
        Assert.Throws<InvalidTensorException>(() => Transfer.FromHost(disposed.Pointer, b, disposed));
        Transfer.FromHost(empty.Pointer, none, empty);
        inner.Lose("unplugged");
        Assert.Throws<DeviceLostException>(bench.Device.Synchronize);
        Assert.Throws<DeviceLostException>(() => Transfer.FromHost(lost.Pointer, a, lost));
        Assert.All([refused, disposed, empty, lost], block => Assert.Equal(1, block.Ended));
    }

    [Fact]
    public void What_a_queue_still_works_on_is_not_shown_to_the_host()
    {
        // Its addresses are nobody's: a host that touched one would be no more.
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand, traits: DeviceTraits.HostAccessible | DeviceTraits.Coherent), fallback: true);
        Tensor a = bench.Host["cpu"].Tensor(1f, 2f).To(bench.Device), b = a + a;
        Assert.Throws<InvalidTensorException>(() => b.Read<float>());
        Assert.Equal([2, 4], b.ToArray<float>());
    }

    /// <summary>Four floats; counts how often it is let go.</summary>
    private sealed class Block : IDisposable
    {
        private readonly float[] _elements = GC.AllocateArray<float>(4, pinned: true);

        public byte* Pointer => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_elements, 0);
        public int Ended { get; private set; }

        public void Dispose() => Ended++;
    }
}
