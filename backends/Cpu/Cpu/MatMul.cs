using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// y = a · b over any strides, in C: f32 for the 16-bit floats, integers in their own width. Tiles of <see cref="Rows"/> rows by two vectors are
/// kept in registers over the whole of k: one chain of fused multiply-adds for each element, in the order of k.
/// </summary>
/// <remarks>
/// Both matrices are packed first, widened, padded with zeros to whole tiles: then the inner loop reads straight on, whatever the strides were.
/// What the padding gives (0 · Inf too) is not stored.
/// </remarks>
internal static unsafe class MatMul<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    private const int Rows = 4;

    private static int Columns => 2 * Vector<C>.Count;

    [SkipLocalsInit]
    public static void Run(CallFrame* frame)
    {
        DLTensor* a = frame->Inputs[0], b = frame->Inputs[1], y = frame->Outputs[0];
        Matrix left = new(a), right = new(b), result = new(y);
        long depth = left.Columns;
        nuint elements = checked((nuint)(depth * (RoundUp(left.Rows, Rows) + Columns)));
        C* packed = (C*)NativeMemory.AlignedAlloc(elements * (nuint)sizeof(C), 64);
        try
        {
            Loop.Start(out var batch, y, a, b, spare: 2);
            do
                for (long i = 0; i < batch.Size; i++)
                    Product(left.At(batch.OffsetA + i * batch.StrideA), right.At(batch.OffsetB + i * batch.StrideB),
                        result.At(batch.OffsetY + i * batch.StrideY), packed);
            while (batch.Next());
        }
        finally
        {
            NativeMemory.AlignedFree(packed);
        }
    }

    private static void Product(Matrix a, Matrix b, Matrix y, C* packed)
    {
        C* panel = packed + a.Columns * RoundUp(a.Rows, Rows);
        for (long i = 0; i < a.Rows; i += Rows) Pack(a.Start + i * a.RowStride, a.RowStride, a.ColumnStride, a.Rows - i, a.Columns, Rows, packed + i * a.Columns);
        C* tile = stackalloc C[Rows * Columns];
        for (long j = 0; j < b.Columns; j += Columns)
        {
            Pack(b.Start + j * b.ColumnStride, b.ColumnStride, b.RowStride, b.Columns - j, b.Rows, Columns, panel);
            for (long i = 0; i < a.Rows; i += Rows)
            {
                Tile(packed + i * a.Columns, panel, a.Columns, tile);
                Store(tile, y, i, j);
            }
        }
    }

    /// <summary>Writes a strip of a matrix so that the elements of one k lie together: as many as there are, then zeros up to the width.</summary>
    private static void Pack(E* from, long across, long along, long have, long depth, int width, C* to)
    {
        int present = (int)Math.Min(have, width);
        for (long k = 0; k < depth; k++, to += width)
        {
            for (int i = 0; i < present; i++) to[i] = E.Widen(from[k * along + i * across]);
            for (int i = present; i < width; i++) to[i] = C.Zero;
        }
    }

    private static void Tile(C* a, C* b, long depth, C* tile)
    {
        int w = Vector<C>.Count;
        Vector<C> y00 = default, y01 = default, y10 = default, y11 = default, y20 = default, y21 = default, y30 = default, y31 = default;
        for (long k = 0; k < depth; k++, a += Rows, b += 2 * w)
        {
            Vector<C> b0 = Vector.Load(b), b1 = Vector.Load(b + w), x = new(a[0]);
            y00 = MultiplyAdd(x, b0, y00);
            y01 = MultiplyAdd(x, b1, y01);
            x = new(a[1]);
            y10 = MultiplyAdd(x, b0, y10);
            y11 = MultiplyAdd(x, b1, y11);
            x = new(a[2]);
            y20 = MultiplyAdd(x, b0, y20);
            y21 = MultiplyAdd(x, b1, y21);
            x = new(a[3]);
            y30 = MultiplyAdd(x, b0, y30);
            y31 = MultiplyAdd(x, b1, y31);
        }
        y00.Store(tile);
        y01.Store(tile + w);
        y10.Store(tile + 2 * w);
        y11.Store(tile + 3 * w);
        y20.Store(tile + 4 * w);
        y21.Store(tile + 5 * w);
        y30.Store(tile + 6 * w);
        y31.Store(tile + 7 * w);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<C> MultiplyAdd(Vector<C> a, Vector<C> b, Vector<C> sum)
    {
        if (typeof(C) == typeof(float)) return Vector.As<float, C>(Vector.FusedMultiplyAdd(Vector.As<C, float>(a), Vector.As<C, float>(b), Vector.As<C, float>(sum)));
        if (typeof(C) == typeof(double)) return Vector.As<double, C>(Vector.FusedMultiplyAdd(Vector.As<C, double>(a), Vector.As<C, double>(b), Vector.As<C, double>(sum)));
        return sum + a * b;
    }

    private static void Store(C* tile, Matrix y, long i, long j)
    {
        long rows = Math.Min(Rows, y.Rows - i), columns = Math.Min(Columns, y.Columns - j);
        for (long r = 0; r < rows; r++)
            for (long c = 0; c < columns; c++)
                y.Start[(i + r) * y.RowStride + (j + c) * y.ColumnStride] = E.Narrow(tile[r * Columns + c]);
    }

    private static long RoundUp(long value, int unit) => (value + unit - 1) / unit * unit;

    /// <summary>The last two dimensions of a tensor.</summary>
    private readonly struct Matrix(DLTensor* tensor)
    {
        public E* Start { get; init; } = Memory.First<E>(tensor);

        public long Rows { get; } = tensor->Shape[tensor->Rank - 2];

        public long Columns { get; } = tensor->Shape[tensor->Rank - 1];

        public long RowStride { get; } = tensor->Strides[tensor->Rank - 2];

        public long ColumnStride { get; } = tensor->Strides[tensor->Rank - 1];

        public Matrix At(long offset) => this with { Start = Start + offset };
    }
}
