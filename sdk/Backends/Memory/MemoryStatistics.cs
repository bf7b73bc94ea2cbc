namespace Backends;

/// <summary>The memory that a host holds of a device, in bytes. A slab, which small tensors share, counts whole.</summary>
/// <param name="Live">In buffers that tensors use.</param>
/// <param name="Cached">In buffers that are kept for the next tensor of their size.</param>
/// <param name="Peak">The most that there ever was in use.</param>
/// <param name="Buffers">How many buffers are in use.</param>
/// <param name="Limit">What live and cached bytes may be together: the device's memory, or its <c>memory-limit</c>; <see cref="long.MaxValue"/> when unknown.</param>
/// <param name="Collections">How often garbage was collected for the device's sake (MEM-9).</param>
public readonly record struct MemoryStatistics(long Live, long Cached, long Peak, int Buffers, long Limit, long Collections)
{
    /// <summary>One line for people: <c>12.4 MiB in 37 buffers · 3.6 MiB cached · peak 20.1 MiB · limit 1.9 GiB</c>.</summary>
    public override string ToString() =>
        $"{Sizes.Text(Live)} in {Buffers} buffers · {Sizes.Text(Cached)} cached · peak {Sizes.Text(Peak)}{(Limit == long.MaxValue ? "" : $" · limit {Sizes.Text(Limit)}")}";
}
