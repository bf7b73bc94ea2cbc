using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// Sums whose results lie side by side as their terms do (a column of a matrix each): whole rows are added, a block of results at a time, so that
/// memory is read in the order in which it lies. Partial sums end after <see cref="Reduce.Block"/> rows, as those of one result do.
/// </summary>
internal static unsafe class SumRows<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    /// <summary>Computes the outputs from one place up to another; false where the call is of another kind.</summary>
    [SkipLocalsInit]
    public static bool Run(CallFrame* frame, ReadOnlySpan<long> dims, long from, long to, bool mean)
    {
        long* memory = stackalloc long[Reduced.Longs];
        var parts = new Reduced(frame, dims, memory);
        DLTensor outer = parts.Outer, output = parts.Output, inner = parts.Inner;
        Loop.Start(out var results, &output, &outer, null);
        if (results.StrideA != 1 || results.StrideY != 1 || results.Size < 16) return false;
        long terms = new TensorArg(&inner).Elements;
        C* blocks = stackalloc C[3 * Pointwise.Block];
        E* x = Memory.First<E>(&outer), y = Memory.First<E>(&output);
        for (long place = from == 0 ? 0 : results.Seek(from), at = from; at < to; results.Next(), place = 0)
            while (place < results.Size && at < to)
            {
                long count = Math.Min(Pointwise.Block, Math.Min(results.Size - place, to - at));
                Add(x + results.OffsetA + place, &inner, blocks, count);
                if (mean) Row<C>.Map<Quotient>(blocks, C.CreateTruncating(terms), blocks, count);
                E.Narrow(blocks, y + results.OffsetY + place, count);
                place += count;
                at += count;
            }
        return true;
    }

    // The block's sums, then the present part of them, then a row in C.
    private static void Add(E* x, DLTensor* inner, C* sums, long count)
    {
        C* part = sums + Pointwise.Block, widened = part + Pointwise.Block;
        new Span<C>(sums, (int)count).Clear();
        new Span<C>(part, (int)count).Clear();
        int rows = 0;
        Loop.Start(out var loop, inner, inner, null);
        do
            for (long i = 0; i < loop.Size; i++)
            {
                E* from = x + loop.OffsetA + i * loop.StrideA;
                if (typeof(E) != typeof(Plain<C>)) E.Widen(from, widened, count);
                Row<C>.Map<Add>(part, typeof(E) == typeof(Plain<C>) ? (C*)from : widened, part, count);
                if (++rows % Reduce.Block != 0) continue;
                Row<C>.Map<Add>(sums, part, sums, count);
                new Span<C>(part, (int)count).Clear();
            }
        while (loop.Next());
        Row<C>.Map<Add>(sums, part, sums, count);
    }
}
