namespace Backends;

/// <summary>
/// How a tensor's elements lie: sizes and strides, never changed once made. Tensors share layouts: a result with its input's shape takes its
/// input's layout, so the usual "same shape?" is one comparison of references.
/// </summary>
internal sealed class Layout
{
    /// <summary>Sizes, then strides: one array, so a call pins one object a tensor.</summary>
    public readonly long[] Dims;
    public readonly Shape Shape;
    public readonly long Elements;
    public readonly int Rank;
    public readonly bool IsContiguous;

    /// <summary>Contiguous, not empty, every offset below 2^31, rank at most 8: what the most cautious kernel takes (KER-2).</summary>
    public readonly bool IsPlain;

    /// <summary>No stride is negative.</summary>
    public readonly bool IsForward = true;

    /// <summary>Every element is surely at a place of its own (KER-12); false for expanded and interlocking views, which nobody may write to.</summary>
    public readonly bool IsDistinct;

    /// <summary>All sizes, products and offsets are below 2^31 (KER-19).</summary>
    public readonly bool Is32Bit;

    private Layout(Shape shape, ReadOnlySpan<long> strides)
    {
        Shape = shape;
        Rank = shape.Rank;
        Elements = shape.Elements;
        Dims = new long[2 * Rank];
        shape.AsSpan().CopyTo(Dims);
        long dense = 1, reach = 0;
        IsContiguous = true;
        for (int d = Rank - 1; d >= 0; d--)
        {
            // A dimension of size 1 has no stride of its own: it gets the dense one (KER-10).
            long stride = shape[d] == 1 || strides.IsEmpty ? dense : strides[d];
            Dims[Rank + d] = stride;
            if (stride != dense) IsContiguous = false;
            if (stride < 0) IsForward = false;
            if (shape[d] > 1) reach += (shape[d] - 1) * Math.Abs(stride);
            dense *= shape[d];
        }
        if (Elements == 0) IsContiguous = true;
        IsDistinct = IsContiguous || IsSpread(Dims, Rank);
        Is32Bit = Elements < int.MaxValue && reach < int.MaxValue;
        IsPlain = IsContiguous && Elements > 0 && Is32Bit && Rank <= 8;
    }

    public ReadOnlySpan<long> Strides => Dims.AsSpan(Rank);

    public static Layout Scalar { get; } = new(Shape.Scalar, default);

    /// <summary>Elements densely packed, the last dimension fastest.</summary>
    public static Layout Contiguous(Shape shape) => shape.Rank == 0 ? Scalar : new(shape, default);

    public static Layout Strided(Shape shape, ReadOnlySpan<long> strides) => new(shape, strides);

    // From the smallest stride up, each must be longer than all that the smaller ones reach.
    private static bool IsSpread(long[] dims, int rank)
    {
        long reach = 0;
        foreach (int d in Enumerable.Range(0, rank).Where(d => dims[d] > 1).OrderBy(d => Math.Abs(dims[rank + d])))
        {
            long stride = Math.Abs(dims[rank + d]);
            if (stride <= reach) return false;
            reach += (dims[d] - 1) * stride;
        }
        return true;
    }

    /// <summary>The lowest and the highest element's distance from the first, in elements.</summary>
    public (long Lowest, long Highest) Reach()
    {
        long low = 0, high = 0;
        if (Elements == 0) return (0, -1);
        for (int d = 0; d < Rank; d++)
        {
            long span = (Dims[d] - 1) * Dims[Rank + d];
            if (span < 0) low += span;
            else high += span;
        }
        return (low, high);
    }

    /// <summary>The same elements stretched to a larger shape: stride 0 where a size of 1 is repeated.</summary>
    public Layout Expand(Shape shape)
    {
        if (shape == Shape) return this;
        Span<long> strides = stackalloc long[shape.Rank];
        strides.Clear();
        for (int d = 0; d < Rank; d++)
            if (Dims[d] != 1) strides[shape.Rank - Rank + d] = Dims[Rank + d];
        return new(shape, strides);
    }
}
