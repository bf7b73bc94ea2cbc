using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>
/// One matrix product, y = a · b, cut into pieces that the caches hold. A piece of y is <see cref="Rows"/> by <see cref="Columns"/>; along k it grows by
/// <see cref="Depth"/> at a time: for each step b's part is packed into strips as wide as a tile, and every tile runs once. The cuts along k are the same
/// for any number of threads and any place of a piece, so results repeat bit for bit (KER-29).
/// </summary>
internal static unsafe class Product<C, A, B> where C : unmanaged, INumber<C> where A : struct, IMatrix<C> where B : struct, IMatrix<C>
{
    /// <summary>Rows of a piece, a multiple of a tile's.</summary>
    public const int Rows = 32 * 6;

    /// <summary>Columns of a piece, a multiple of every tile's.</summary>
    public static int Columns => 2048 / sizeof(C);

    /// <summary>The step along k: a strip of b, 32 KiB at the most, stays in the first-level cache while a's rows pass by.</summary>
    public static int Depth => 256;

    /// <summary>Elements of scratch memory that packed rows take.</summary>
    public static int PackedRows => Depth * Rows;

    /// <summary>Whether a's rows are worth packing although they could be read in place: they lie on many pages, and many columns read them again.</summary>
    public static bool WorthPacking(A a, long rows, long columns) =>
        !a.IsPlain || (rows >= 48 && columns >= 256 && Math.Max(Math.Abs(a.LineStride), Math.Abs(a.DepthStride)) * sizeof(C) >= 2048);

    /// <summary>Computes rows × columns of y from (i, j) on.</summary>
    /// <param name="a">Lines are y's rows.</param>
    /// <param name="b">Lines are y's columns.</param>
    /// <param name="i">First row.</param>
    /// <param name="rows">At most <see cref="Rows"/>.</param>
    /// <param name="j">First column.</param>
    /// <param name="columns">At most <see cref="Columns"/>.</param>
    /// <param name="depth">k.</param>
    /// <param name="y">Where the piece is added up; its columns lie side by side.</param>
    /// <param name="rowY">From row to row of it.</param>
    /// <param name="packed">Memory of <see cref="PackedRows"/>; null where a is read in place.</param>
    public static void Piece(A a, B b, long i, int rows, long j, int columns, long depth, C* y, long rowY, C* packed)
    {
        // Few columns want narrow tiles: they are padded to a tile's width.
        if (Wide<C>.IsFast && columns > 2 * Native<C>.Count) Piece<Wide<C>>(a, b, i, rows, j, columns, depth, y, rowY, packed);
        else if (Native<C>.IsFast) Piece<Native<C>>(a, b, i, rows, j, columns, depth, y, rowY, packed);
        else Piece<One<C>>(a, b, i, rows, j, columns, depth, y, rowY, packed);
    }

    [SkipLocalsInit]
    private static void Piece<V>(A a, B b, long i, int rows, long j, int columns, long depth, C* y, long rowY, C* packed) where V : unmanaged, ISimd<V, C>
    {
        C* strip = stackalloc C[Depth * Tile<V, C>.Columns];
        for (long k = 0; k < depth; k += Depth)
        {
            int step = (int)Math.Min(Depth, depth - k);
            var left = packed == null
                ? new Lines<C>(a.First + i * a.LineStride + k * a.DepthStride, a.LineStride, a.DepthStride, Tile<V, C>.Rows * a.LineStride)
                : new Lines<C>(packed, 1, Tile<V, C>.Rows, Tile<V, C>.Rows * step);
            if (packed != null)
                for (int row = 0; row < rows; row += Tile<V, C>.Rows)
                    a.Pack(i + row, Math.Min(Tile<V, C>.Rows, rows - row), k, step, Tile<V, C>.Rows, packed + row * step);
            for (int c = 0; c < columns; c += Tile<V, C>.Columns)
            {
                int width = Math.Min(Tile<V, C>.Columns, columns - c);
                // b is read in place where a strip of it is as wide as a tile and a few rows of tiles would not pay for packing.
                C* right = strip;
                long rowB = Tile<V, C>.Columns;
                if (rows <= 2 * Tile<V, C>.Rows && b.IsPlain && b.LineStride == 1 && width == Tile<V, C>.Columns)
                {
                    right = b.First + j + c + k * b.DepthStride;
                    rowB = b.DepthStride;
                }
                else b.Pack(j + c, width, k, step, Tile<V, C>.Columns, strip);
                Strip<V>(left, rows, right, rowB, step, y + c, rowY, width, k > 0);
            }
        }
    }

    private static void Strip<V>(Lines<C> a, int rows, C* b, long rowB, long depth, C* y, long rowY, int width, bool onto) where V : unmanaged, ISimd<V, C>
    {
        if (width == Tile<V, C>.Columns) Full<V>(a, rows, b, rowB, depth, y, rowY, onto);
        else Partial<V>(a, rows, b, rowB, depth, y, rowY, width, onto);
    }

    private static void Full<V>(Lines<C> a, int rows, C* b, long rowB, long depth, C* y, long rowY, bool onto) where V : unmanaged, ISimd<V, C>
    {
        C* x = a.First;
        for (; rows >= Tile<V, C>.Rows; rows -= Tile<V, C>.Rows, x += a.TileStride, y += Tile<V, C>.Rows * rowY)
            Tile<V, C>.Six(x, a.RowStride, a.DepthStride, b, rowB, depth, y, rowY, onto);
        for (; rows > 0; rows--, x += a.RowStride, y += rowY) Tile<V, C>.One(x, a.DepthStride, b, rowB, depth, y, onto);
    }

    // What the padding gives (0 · Inf too) is not kept.
    [SkipLocalsInit]
    private static void Partial<V>(Lines<C> a, int rows, C* b, long rowB, long depth, C* y, long rowY, int width, bool onto) where V : unmanaged, ISimd<V, C>
    {
        C* tile = stackalloc C[Tile<V, C>.Rows * Tile<V, C>.Columns];
        for (int row = 0; row < rows; row += Tile<V, C>.Rows)
        {
            int present = Math.Min(Tile<V, C>.Rows, rows - row);
            Full<V>(a with { First = a.First + row / Tile<V, C>.Rows * a.TileStride }, present, b, rowB, depth, tile, Tile<V, C>.Columns, false);
            for (int r = 0; r < present; r++)
                for (int c = 0; c < width; c++)
                {
                    C* to = y + (row + r) * rowY + c;
                    *to = onto ? *to + tile[r * Tile<V, C>.Columns + c] : tile[r * Tile<V, C>.Columns + c];
                }
        }
    }
}

/// <summary>Rows of a as tiles read them: from row to row of a tile, from k to k, from tile to tile.</summary>
internal readonly unsafe struct Lines<C>(C* first, long rowStride, long depthStride, long tileStride) where C : unmanaged
{
    public C* First { get; init; } = first;

    public long RowStride { get; } = rowStride;

    public long DepthStride { get; } = depthStride;

    public long TileStride { get; } = tileStride;
}
