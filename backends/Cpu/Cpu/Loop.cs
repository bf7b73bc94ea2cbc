using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// Walks one output and up to three inputs of one broadcast shape, row by row. Dimensions that lie one in another for all of them are merged, so
/// that contiguous tensors are a single row. Offsets and strides count elements; a repeated dimension has stride 0.
/// </summary>
internal unsafe struct Loop
{
    /// <summary>Elements of a row.</summary>
    public long Size;
    /// <summary>The row's strides: output, then the inputs.</summary>
    public long StrideY, StrideA, StrideB, StrideC;
    /// <summary>Where the present row starts.</summary>
    public long OffsetY, OffsetA, OffsetB, OffsetC;

    private int _rank;                                       // dimensions around the row, innermost first
    private fixed long _sizes[Shape.MaxRank], _indices[Shape.MaxRank];
    private fixed long _y[Shape.MaxRank], _a[Shape.MaxRank], _b[Shape.MaxRank], _c[Shape.MaxRank];

    /// <summary>Starts at the first row. Inputs are matched with the output from the last dimension on; a null input has stride 0 everywhere.</summary>
    /// <param name="loop">Filled; its former content does not matter, so it need not be cleared.</param>
    /// <param name="y">The output.</param>
    /// <param name="a">The first input, or null.</param>
    /// <param name="b">The second input, or null.</param>
    /// <param name="c">The third input, or null.</param>
    /// <param name="spare">Dimensions at the end that are left out: a matrix product walks the batches alone.</param>
    public static void Start(out Loop loop, DLTensor* y, DLTensor* a, DLTensor* b, DLTensor* c = null, int spare = 0)
    {
        Unsafe.SkipInit(out loop);
        loop.OffsetY = loop.OffsetA = loop.OffsetB = loop.OffsetC = 0;
        loop.Size = 1;
        loop.StrideY = loop.StrideA = loop.StrideB = loop.StrideC = 0;
        loop._rank = 0;
        bool first = true;
        for (int d = spare; d < y->Rank; d++)                // counted from the end
        {
            long size = y->Shape[y->Rank - 1 - d];
            if (size == 1) continue;
            long sy = Stride(y, d), sa = Stride(a, d), sb = Stride(b, d), sc = Stride(c, d);
            if (first) loop.SetRow(size, sy, sa, sb, sc);
            else loop.AddDimension(size, sy, sa, sb, sc);
            first = false;
        }
    }

    /// <summary>Goes to the next row; false after the last.</summary>
    public bool Next()
    {
        for (int d = 0; d < _rank; d++)
        {
            OffsetY += _y[d];
            OffsetA += _a[d];
            OffsetB += _b[d];
            OffsetC += _c[d];
            if (++_indices[d] < _sizes[d]) return true;
            _indices[d] = 0;
            OffsetY -= _y[d] * _sizes[d];
            OffsetA -= _a[d] * _sizes[d];
            OffsetB -= _b[d] * _sizes[d];
            OffsetC -= _c[d] * _sizes[d];
        }
        return false;
    }

    /// <summary>From the first row on to the row of an element, counted in row-major order; gives its place in that row.</summary>
    public long Seek(long element)
    {
        (long row, long place) = Math.DivRem(element, Size);
        for (int d = 0; d < _rank && row > 0; d++)
        {
            (row, long index) = Math.DivRem(row, _sizes[d]);
            _indices[d] = index;
            OffsetY += index * _y[d];
            OffsetA += index * _a[d];
            OffsetB += index * _b[d];
            OffsetC += index * _c[d];
        }
        return place;
    }

    private void SetRow(long size, long y, long a, long b, long c) => (Size, StrideY, StrideA, StrideB, StrideC) = (size, y, a, b, c);

    private void AddDimension(long size, long y, long a, long b, long c)
    {
        if (_rank == 0 && y == StrideY * Size && a == StrideA * Size && b == StrideB * Size && c == StrideC * Size)
        {
            Size *= size;
            return;
        }
        int last = _rank - 1;
        if (_rank > 0 && y == _y[last] * _sizes[last] && a == _a[last] * _sizes[last] && b == _b[last] * _sizes[last] && c == _c[last] * _sizes[last])
        {
            _sizes[last] *= size;
            return;
        }
        (_sizes[_rank], _indices[_rank], _y[_rank], _a[_rank], _b[_rank], _c[_rank]) = (size, 0, y, a, b, c);
        _rank++;
    }

    private static long Stride(DLTensor* tensor, int fromEnd)
    {
        if (tensor == null || fromEnd >= tensor->Rank) return 0;
        int d = tensor->Rank - 1 - fromEnd;
        return tensor->Shape[d] == 1 ? 0 : tensor->Strides[d];
    }
}
