using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>
/// The innermost loops of a product: 6 rows by 2 vectors of results stay in registers over all of k, one chain of multiply-adds for each result.
/// Twelve chains hide the latency of a multiply-add on every processor we know, and leave registers for b and one element of a where there are 16.
/// Bound by multiply-adds: benchmarks/MatMul has what is reached, beside OpenBLAS.
/// </summary>
/// <remarks>Elements of a are read where they lie, at any strides; of b, 2 vectors for each k, one row behind another.</remarks>
internal static unsafe class Tile<V, C> where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>Columns of a tile.</summary>
    public static int Columns => 2 * V.Count;

    /// <summary>y = a · b, or y += a · b, for 6 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Six(C* a, long rowStride, long depthStride, C* b, long rowB, long depth, C* y, long rowY, bool onto)
    {
        V y00 = default, y01 = default, y10 = default, y11 = default, y20 = default, y21 = default;
        V y30 = default, y31 = default, y40 = default, y41 = default, y50 = default, y51 = default;
        C* d = a + 3 * rowStride;
        for (long k = 0; k < depth; k++, a += depthStride, d += depthStride, b += rowB)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count);
            V x = V.Splat(a[0]);
            y00 = V.MultiplyAdd(x, b0, y00);
            y01 = V.MultiplyAdd(x, b1, y01);
            x = V.Splat(a[rowStride]);
            y10 = V.MultiplyAdd(x, b0, y10);
            y11 = V.MultiplyAdd(x, b1, y11);
            x = V.Splat(a[2 * rowStride]);
            y20 = V.MultiplyAdd(x, b0, y20);
            y21 = V.MultiplyAdd(x, b1, y21);
            x = V.Splat(d[0]);
            y30 = V.MultiplyAdd(x, b0, y30);
            y31 = V.MultiplyAdd(x, b1, y31);
            x = V.Splat(d[rowStride]);
            y40 = V.MultiplyAdd(x, b0, y40);
            y41 = V.MultiplyAdd(x, b1, y41);
            x = V.Splat(d[2 * rowStride]);
            y50 = V.MultiplyAdd(x, b0, y50);
            y51 = V.MultiplyAdd(x, b1, y51);
        }
        Put(y00, y01, y, onto);
        Put(y10, y11, y += rowY, onto);
        Put(y20, y21, y += rowY, onto);
        Put(y30, y31, y += rowY, onto);
        Put(y40, y41, y += rowY, onto);
        Put(y50, y51, y += rowY, onto);
    }

    /// <summary>The same for one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(C* a, long depthStride, C* b, long rowB, long depth, C* y, bool onto)
    {
        V y0 = default, y1 = default;
        for (long k = 0; k < depth; k++, a += depthStride, b += rowB)
        {
            V x = V.Splat(*a);
            y0 = V.MultiplyAdd(x, V.Load(b), y0);
            y1 = V.MultiplyAdd(x, V.Load(b + V.Count), y1);
        }
        Put(y0, y1, y, onto);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V low, V high, C* y, bool onto)
    {
        if (onto)
        {
            low = V.Load(y) + low;
            high = V.Load(y + V.Count) + high;
        }
        low.Store(y);
        high.Store(y + V.Count);
    }
}
