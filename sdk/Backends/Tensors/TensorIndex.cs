namespace Backends;

/// <summary>One place in <c>a[.., ^1]</c>: an index, a range, or a range with a step, <c>(.., 2)</c>.</summary>
public readonly struct TensorIndex
{
    internal readonly Range Range;
    internal readonly long Step;
    internal readonly bool IsRange;

    private TensorIndex(Range range, long step, bool isRange) => (Range, Step, IsRange) = (range, step, isRange);

    /// <summary>One index; <c>^1</c> is the last.</summary>
    public static implicit operator TensorIndex(Index index) => new(new Range(index, index), 1, false);

    /// <summary>One index from the start.</summary>
    /// <exception cref="OperatorArgumentException">It is negative.</exception>
    public static implicit operator TensorIndex(int index) =>
        index >= 0 ? (Index)index : throw Throw.Argument("index", $"{index} is negative", "indices count from 0, from the end by ^", $"write ^{-(long)index}");

    /// <summary>A range.</summary>
    public static implicit operator TensorIndex(Range range) => new(range, 1, true);

    /// <summary>Every step-th of a range; a negative step walks backwards over it.</summary>
    public static implicit operator TensorIndex((Range Range, int Step) every) => new(every.Range, every.Step, true);
}

public sealed partial class Tensor
{
    /// <summary>A view: an index takes a dimension away, a range narrows it, dimensions not named stay whole. Set copies into the view, broadcasting.</summary>
    /// <exception cref="OperatorArgumentException">An index is outside its dimension, or there are more than dimensions.</exception>
    public Tensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        get
        {
            if (indices.Length > Rank) throw Throw.Argument("index", $"{indices.Length} indices for rank {Rank}", "each names a dimension", "give fewer");
            Span<long> sizes = stackalloc long[Rank], strides = stackalloc long[Rank];
            long offset = 0;
            int rank = 0;
            for (int d = 0; d < Rank; d++)
            {
                long size = Shape[d], stride = Strides[d];
                if (d < indices.Length)
                {
                    var index = indices[d];
                    offset += Start(index, d, ref size, ref stride);
                    if (!index.IsRange) continue;
                }
                (sizes[rank], strides[rank]) = (size, stride);
                rank++;
            }
            return View(Layout.Strided(Shape.Create(sizes[..rank]), strides[..rank]), offset);
        }
        set
        {
            // `a[0] += 1` comes here with the very view that it wrote to: nothing is left to do then.
            using var target = this[indices];
            if (!target.IsSameAs(value)) target.CopyFrom(value);
        }
    }

    // Narrows a dimension to what an index names; gives the first element's distance, in elements.
    private static long Start(TensorIndex index, int dimension, ref long size, ref long stride)
    {
        long from = Offset(index.Range.Start, size), to = index.IsRange ? Offset(index.Range.End, size) : from + 1;
        if (from < 0 || to > size || from > to)
            throw Throw.Argument("index", $"{(index.IsRange ? index.Range.ToString() : index.Range.Start.ToString())} is outside dim {dimension}", $"its size is {size}", "choose an index inside");
        if (index.Step == 0) throw Throw.Argument("index", "step 0", "a step walks forwards or backwards", "give a step that is not 0");
        long length = to - from, step = index.Step;
        long first = step > 0 ? from : to - 1;
        size = (length + Math.Abs(step) - 1) / Math.Abs(step);
        long start = size > 0 ? first * stride : 0;
        stride *= step;
        return start;
    }

    private static long Offset(Index index, long size) => index.IsFromEnd ? size - index.Value : index.Value;
}
