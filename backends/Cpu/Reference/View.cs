using Backends.Plugins;

namespace Backends.Reference;

/// <summary>
/// A tensor of numbers as a kernel sees it: a shape, and a number at every index. It lies either over an array, or over a call's memory, whose
/// elements it widens when read and rounds when written.
/// </summary>
internal readonly unsafe struct View<N> where N : struct, IReferenceNumber<N>
{
    private readonly N[]? _values;
    private readonly byte* _address;
    private readonly long[] _strides;

    /// <summary>A view over an array, contiguous; a dtype says what its numbers stand for.</summary>
    public View(N[] values, Shape shape, DType dtype = DType.None) : this(values, shape, shape.ContiguousStrides(), 0) => DType = dtype;

    /// <summary>A view over an array; strides and offset count elements.</summary>
    public View(N[] values, Shape shape, long[] strides, long offset) => (_values, Shape, _strides, Offset) = (values, shape, strides, offset);

    /// <summary>A view over the memory of a call's tensor.</summary>
    public View(DLTensor* tensor) : this(tensor, tensor->Type.DType) { }

    private View(DLTensor* tensor, DType dtype)
    {
        _address = (byte*)tensor->Data + tensor->ByteOffset;
        DType = dtype;
        Shape = Shape.Create(new ReadOnlySpan<long>(tensor->Shape, tensor->Rank));
        _strides = new ReadOnlySpan<long>(tensor->Strides, tensor->Rank).ToArray();
    }

    private View(View<N> other, Shape shape, long[] strides)
    {
        this = other;
        (Shape, _strides) = (shape, strides);
    }

    /// <summary>A call's tensor, each element seen as an unsigned integer of its width.</summary>
    public static View<N> OfBits(DLTensor* tensor) =>
        new(tensor, (tensor->Type.Bits / 8) switch { 1 => DType.U8, 2 => DType.U16, 4 => DType.U32, _ => DType.U64 });

    /// <summary>Whether there is a tensor: an optional one may be absent.</summary>
    public bool IsPresent => _strides is not null;

    /// <summary>The dtype of the elements; none for numbers that stand for no dtype alone.</summary>
    public DType DType { get; }

    /// <summary>The sizes.</summary>
    public Shape Shape { get; }

    /// <summary>From the array's start to the first element.</summary>
    public long Offset { get; }

    /// <summary>The number at an index.</summary>
    public N this[ReadOnlySpan<long> index]
    {
        get => _values is null ? Elements.Load<N>(Address(index), DType) : _values[Position(index)];
        set
        {
            if (_values is null) Elements.Store(value, Address(index), DType);
            else _values[Position(index)] = value;
        }
    }

    /// <summary>The same numbers, repeated along dimensions of size 1 and along new ones in front.</summary>
    public View<N> BroadcastTo(Shape shape)
    {
        var strides = new long[shape.Rank];
        int shift = shape.Rank - Shape.Rank;
        for (int d = 0; d < Shape.Rank; d++) strides[d + shift] = Shape[d] == 1 ? 0 : _strides[d];
        return new(this, shape, strides);
    }

    /// <summary>A reduction's result seen with x's rank: a dimension of size 1 wherever one was reduced, kept or not.</summary>
    public View<N> WithReduced(uint reduced, int rank)
    {
        if (Shape.Rank == rank) return this;
        long[] sizes = new long[rank], strides = new long[rank];
        for (int d = 0, from = 0; d < rank; d++)
            (sizes[d], strides[d]) = (reduced >> d & 1) == 1 ? (1, 0) : (Shape[from], _strides[from++]);
        return new(this, Shape.Create(sizes), strides);
    }

    private long Position(ReadOnlySpan<long> index)
    {
        long position = Offset;
        for (int d = 0; d < index.Length; d++) position += index[d] * _strides[d];
        return position;
    }

    private byte* Address(ReadOnlySpan<long> index) => _address + Position(index) * DType.Size;
}

/// <summary>The indices of a shape.</summary>
internal static class ShapeIndices
{
    /// <summary>Every index in row-major order. The array is the same one each time.</summary>
    public static IEnumerable<long[]> Indices(this Shape shape)
    {
        if (shape.Elements == 0) yield break;
        var index = new long[shape.Rank];
        int d;
        do
        {
            yield return index;
            for (d = shape.Rank - 1; d >= 0; d--)
            {
                if (++index[d] < shape[d]) break;
                index[d] = 0;
            }
        }
        while (d >= 0);
    }

    /// <summary>The indices of x's shape that a reduction adds up at index o of its result, in row-major order.</summary>
    public static IEnumerable<long[]> Along(this Shape shape, long[] o, uint reduced)
    {
        var sizes = new long[shape.Rank];
        for (int d = 0; d < sizes.Length; d++) sizes[d] = (reduced >> d & 1) == 1 ? shape[d] : 1;
        var index = new long[shape.Rank];
        foreach (long[] r in Shape.Create(sizes).Indices())
        {
            for (int d = 0; d < index.Length; d++) index[d] = o[d] + r[d];
            yield return index;
        }
    }

    /// <summary>A dimension counted from the start.</summary>
    public static int Along(this Shape shape, long dim) => (int)(dim < 0 ? dim + shape.Rank : dim);

    /// <summary>The indices of each row along a dimension.</summary>
    public static IEnumerable<long[][]> Rows(this Shape shape, long dim)
    {
        int along = shape.Along(dim);
        long[] heads = [.. shape];
        heads[along] = Math.Min(1, heads[along]);
        foreach (long[] head in Shape.Create(heads).Indices())
            yield return [.. Enumerable.Range(0, (int)shape[along]).Select(i => { long[] at = [.. head]; at[along] = i; return at; })];
    }

    /// <summary>The strides of the row-major layout without gaps.</summary>
    public static long[] ContiguousStrides(this Shape shape)
    {
        var strides = new long[shape.Rank];
        long stride = 1;
        for (int d = shape.Rank - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(1, shape[d]);
        }
        return strides;
    }
}
