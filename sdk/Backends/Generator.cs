namespace Backends;

/// <summary>Where a stream of random numbers stands: a seed, and how many counters were taken (RND-1). Kernels keep no state of their own.</summary>
public sealed class Generator(long seed)
{
    private long _offset;

    /// <summary>The seed: the stream's key.</summary>
    public long Seed { get; } = seed;

    /// <summary>The next counter.</summary>
    public long Offset => Interlocked.Read(ref _offset);

    // Philox gives four words a counter; the declaration says how many words an element takes, for dtypes up to 32 bits and for those of 64.
    internal (long Seed, long Offset) Take(Operator op, long elements, DType dtype)
    {
        long words = elements * int.Parse(op.Schema.Random!.Arguments[dtype.Size == 8 ? 1 : 0]);
        long counters = (words + 3) / 4;
        return (Seed, Interlocked.Add(ref _offset, counters) - counters);
    }
}
