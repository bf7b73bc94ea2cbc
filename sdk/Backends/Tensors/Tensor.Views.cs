namespace Backends;

public sealed partial class Tensor
{
    /// <summary>The elements in another shape; one size may be -1. A view when the layout allows it, else a copy.</summary>
    /// <exception cref="ShapeException">The sizes do not give the number of elements.</exception>
    public Tensor Reshape(params ReadOnlySpan<long> sizes)
    {
        var shape = Completed(sizes);
        var source = IsContiguous ? this : Contiguous();
        return source.View(Layout.Contiguous(shape), 0);
    }

    /// <summary>A view with two dimensions exchanged; the last two when none are named.</summary>
    public Tensor Transpose(int first = -2, int second = -1)
    {
        Span<long> order = stackalloc long[Rank];
        for (int d = 0; d < Rank; d++) order[d] = d;
        (order[Dimension("transpose", first)], order[Dimension("transpose", second)]) = (Dimension("transpose", second), Dimension("transpose", first));
        return Ops.Permute(this, Dims.Create(order));
    }

    /// <summary>A view with the dimensions in another order, each named once: <c>x.Permute(1, 0)</c>.</summary>
    public Tensor Permute(int first, int second, params ReadOnlySpan<int> others)
    {
        var order = new long[others.Length + 2];
        (order[0], order[1]) = (first, second);
        for (int i = 0; i < others.Length; i++) order[i + 2] = others[i];
        return Ops.Permute(this, Dims.Create(order));
    }

    /// <summary>A view of the storage with sizes and strides of one's own.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="strides">The strides, in elements; zero and negative ones are allowed.</param>
    /// <param name="offset">From this tensor's first element to the view's, in elements.</param>
    /// <exception cref="InvalidTensorException">BK2006: an element would lie outside the storage.</exception>
    public Tensor AsStrided(Shape shape, ReadOnlySpan<long> strides, long offset = 0)
    {
        if (strides.Length != shape.Rank) throw Throw.Argument("as_strided", $"{strides.Length} strides for {shape}", "each dimension has one", "give one stride a dimension");
        // In 128 bits: a stride that wraps around would look as if it stayed inside.
        Int128 low = ByteOffset + (Int128)offset * DType.Size, high = low + DType.Size;
        for (int d = 0; d < shape.Rank; d++)
        {
            var span = (Int128)(shape[d] - 1) * strides[d] * DType.Size;
            if (span < 0) low += span;
            else high += span;
        }
        if (shape.Elements == 0) offset = 0;
        else if (low < 0 || high > Storage.Bytes)
            throw new InvalidTensorException("BK2006", $"as_strided {shape} of stride [{string.Join(", ", strides.ToArray())}] at {offset}.",
                $"it reaches outside the storage of {Storage.Bytes} bytes", "choose sizes and strides that stay inside");
        return View(Layout.Strided(shape, strides), offset);
    }

    /// <summary>A view with a dimension of size 1 put in.</summary>
    public Tensor Unsqueeze(int dim)
    {
        int at = dim < 0 ? dim + Rank + 1 : dim;
        if (at < 0 || at > Rank) throw Throw.Argument("unsqueeze", $"dim {dim} is outside {-Rank - 1}..{Rank}", $"x has rank {Rank}", "choose a dim in that range");
        long[] sizes = [.. Shape.AsSpan()[..at], 1, .. Shape.AsSpan()[at..]], strides = [.. Strides[..at], 1, .. Strides[at..]];
        return View(Layout.Strided(Shape.Create(sizes), strides), 0);
    }

    /// <summary>A view without a dimension of size 1.</summary>
    /// <exception cref="ShapeException">The dimension has another size.</exception>
    public Tensor Squeeze(int dim)
    {
        int at = Dimension("squeeze", dim);
        if (Shape[at] != 1) throw new ShapeException($"squeeze: dim {dim} of {Shape}.", $"its size is {Shape[at]}", "squeeze a dimension of size 1");
        return Select(at, 0);
    }

    /// <summary>A view of one index of a dimension, which is gone in the result.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="index">The index, from 0.</param>
    /// <exception cref="OperatorArgumentException">Either is outside the tensor.</exception>
    public Tensor Select(int dim, long index)
    {
        int at = Dimension("select", dim);
        if ((ulong)index >= (ulong)Shape[at]) throw Throw.Argument("select", $"index {index} is outside 0..{Shape[at] - 1}", $"dim {at} has size {Shape[at]}", "choose an index inside");
        long[] sizes = [.. Shape.AsSpan()[..at], .. Shape.AsSpan()[(at + 1)..]], strides = [.. Strides[..at], .. Strides[(at + 1)..]];
        return View(Layout.Strided(Shape.Create(sizes), strides), index * Strides[at]);
    }

    /// <summary>This tensor when it is contiguous (a new handle), else a contiguous copy.</summary>
    public Tensor Contiguous() => IsContiguous ? View(Layout, 0) : Ops.Copy(this);

    private int Dimension(string op, int dim) =>
        dim >= -Rank && dim < Rank ? dim < 0 ? dim + Rank : dim
        : throw Throw.Argument(op, $"dim {dim} is outside {-Rank}..{Rank - 1}", $"x has rank {Rank}", "choose a dim that x has (index -1: write ^1)");

    private Shape Completed(ReadOnlySpan<long> sizes)
    {
        long known = 1;
        int open = -1;
        for (int d = 0; d < sizes.Length; d++)
            if (sizes[d] == -1 && open < 0) open = d;
            else known *= sizes[d];
        bool fits = open < 0 ? known == Elements : known > 0 && Elements % known == 0;
        if (!fits || sizes.Contains(-1) && known < 0)
            throw new ShapeException($"reshape: {Shape} to [{string.Join(", ", sizes.ToArray())}].", $"x has {Elements} elements", "choose sizes with that product; one may be -1");
        if (open < 0) return Shape.Create(sizes);
        long[] completed = sizes.ToArray();
        completed[open] = Elements / known;
        return Shape.Create(completed);
    }
}
