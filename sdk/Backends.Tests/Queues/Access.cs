using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>What one submission does to one range of memory: which bytes, whether it writes, and where in time.</summary>
internal sealed unsafe class Access
{
    private readonly long _size;
    private readonly (long Extent, long Stride)[] _dims;
    private readonly long _first;

    private Access(string what, int queue, ulong value, bool writes, long first, long size, (long, long)[] dims)
    {
        (What, Queue, Value, Writes, _first, _size, _dims) = (what, queue, value, writes, first, size, dims);
        (From, To) = (first, first + size);
        foreach (var (extent, stride) in _dims)
        {
            long reach = (extent - 1) * stride;
            (From, To) = (From + Math.Min(0, reach), To + Math.Max(0, reach));
        }
    }

    /// <summary>The operator or copy, for the reader.</summary>
    public string What { get; }
    public int Queue { get; }
    public ulong Value { get; }
    public bool Writes { get; }

    /// <summary>The first byte that it can touch.</summary>
    public long From { get; }

    /// <summary>The byte after the last one.</summary>
    public long To { get; }

    /// <summary>A range without gaps.</summary>
    public static Access Bytes(string what, int queue, ulong value, bool writes, ulong offset, ulong length) => new(what, queue, value, writes, (long)offset, (long)length, []);

    /// <summary>A tensor's elements.</summary>
    public static Access Of(string what, int queue, ulong value, bool writes, DLTensor* tensor)
    {
        var arg = new TensorArg(tensor);
        long size = arg.DType.Size, run = size;
        var dims = new List<(long, long)>();
        for (int d = arg.Rank - 1; d >= 0; d--)
        {
            long stride = arg.Strides[d] * size;
            if (arg.Shape[d] == 1 || stride == 0) continue;
            if (stride == run && dims.Count == 0) run *= arg.Shape[d];   // dense so far: one range
            else dims.Add((arg.Shape[d], stride));
        }
        return new Access(what, queue, value, writes, (long)tensor->ByteOffset, run, [.. dims]);
    }

    /// <summary>Whether they touch one byte in common; views that interlock do not.</summary>
    public bool Overlaps(Access other)
    {
        if (From >= other.To || other.From >= To) return false;
        if (_dims.Length == 0 && other._dims.Length == 0) return true;
        var (mine, others) = (Ranges(), other.Ranges());
        for (int i = 0, j = 0; i < mine.Length && j < others.Length;)
        {
            if (mine[i] + _size <= others[j]) i++;
            else if (others[j] + other._size <= mine[i]) j++;
            else return true;
        }
        return false;
    }

    /// <summary>Whether it surely touches every byte of the other one.</summary>
    public bool Covers(Access other) => From <= other.From && To >= other.To && _dims.Length == 0;

    public override string ToString() => $"{What} {(Writes ? "writes" : "reads")} {From}..{To} at {Value} on queue {Queue}";

    // Where each dense range starts, in rising order.
    private long[] Ranges()
    {
        IEnumerable<long> starts = [_first];
        foreach (var (extent, stride) in _dims)
            starts = starts.SelectMany(s => Enumerable.Range(0, checked((int)extent)).Select(i => s + i * stride));
        long[] sorted = [.. starts];
        Array.Sort(sorted);
        return sorted;
    }
}
