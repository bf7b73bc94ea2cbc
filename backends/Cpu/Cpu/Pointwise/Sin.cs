using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>
/// y = sin x in f64; f32 is computed in it. x = n · π + r, |r| ≤ π/2, and sin x = ± sin r by an odd polynomial to r^17: minimax for (sin r - r) / r³ over
/// r² (a Chebyshev fit made with mpmath 1.3, 40 digits), which is off by 5e-22. π comes in three parts, the first two so short that n times them is
/// exact while |x| ≤ 2^20; a lane beyond that is left to the platform's sine, which reduces by all of π's digits (so does every NaN and infinity).
/// </summary>
internal readonly struct Sin : IUnary, ILane
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V within = V.Less(x, V.Of(1048576)) & V.Less(V.Of(-1048576), x);
        return V.Any(~within) ? V.EachLane<Sin>(x, x) : Near<V, C>(x);
    }

    public static C Invoke<C>(C x, C unused) where C : unmanaged, INumber<C>
    {
        double value = double.CreateTruncating(x);
        return Math.Abs(value) < 1048576 ? Near<One<C>, C>(new(x)).Lane : C.CreateTruncating(Math.Sin(value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Near<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        // The magic number's last bit is n's: moved to the top, it turns the sign.
        V magic = V.Of(6755399441055744), shifted = V.MultiplyAdd(x, V.Of(0.31830988618379067), magic), n = shifted - magic;
        V r = V.MultiplyAdd(n, V.Of(-3.1415926534682512), x);
        r = V.MultiplyAdd(n, V.Of(-1.2154201012607932e-10), r);
        r = V.MultiplyAdd(n, V.Of(-4.0445324975919013e-21), r);
        V z = r * r, p = V.Of(-8.00604870346962074e-18);
        p = V.MultiplyAdd(p, z, V.Of(2.810468581681567658e-15));
        p = V.MultiplyAdd(p, z, V.Of(-7.647139114646649649e-13));
        p = V.MultiplyAdd(p, z, V.Of(1.605904347927675206e-10));
        p = V.MultiplyAdd(p, z, V.Of(-2.505210838238988787e-8));
        p = V.MultiplyAdd(p, z, V.Of(2.75573192239712543e-6));
        p = V.MultiplyAdd(p, z, V.Of(-0.000198412698412698061));
        p = V.MultiplyAdd(p, z, V.Of(0.008333333333333333301));
        p = V.MultiplyAdd(p, z, V.Of(-0.1666666666666666667));
        V y = V.MultiplyAdd(p * z, r, r) ^ (shifted << 63);
        return V.Select(V.Equal(x, V.Of(0)), x, y);                                    // -0 keeps its sign
    }
}
