using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>
/// y = e^x for f32 and f64. e^x = 2^n · e^r with n = round(x / ln 2), |r| ≤ ln 2 / 2 = 0.3466, and e^r by its Taylor series: for f32 to r^7, whose
/// rest is below 0.3466^8 / 8! = 5.2e-9 = 0.05 ulp, for f64 to r^13, with a rest of 0.3466^14 / 14! = 4.1e-18 = 0.02 ulp. The tests run over all
/// floats in steps; the nightly over every one.
/// </summary>
internal readonly struct Exp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        bool single = typeof(C) == typeof(float);
        // Beyond these ends lie only 0 and infinity, which the two factors reach by themselves.
        V low = V.Of(single ? -110 : -760), high = V.Of(single ? 100 : 720);
        V clamped = V.Select(V.Less(x, low), low, V.Select(V.Less(high, x), high, x));
        V n = Reduce<V, C>(clamped, out V r);
        V e = V.MultiplyAdd(Rest<V, C>(r), r * r, r) + V.Of(1);
        // 2^n in two factors: the first product is exact, so that a subnormal result is rounded once, by the second.
        V half = V.Floor(n * V.Of(0.5));
        return V.Select(V.Equal(x, x), e * Power<V, C>(half) * Power<V, C>(n - half), x);
    }

    /// <summary>x = n · ln 2 + r. ln 2 comes in two parts (Cody and Waite), the first so short that n times it is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Reduce<V, C>(V x, out V r) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V magic = V.Of(Magic<C>());
        V n = V.MultiplyAdd(x, V.Of(1.4426950408889634), magic) - magic;
        (double high, double low) = typeof(C) == typeof(float) ? (0.693359375, -2.12194440e-4) : (0.69314718036912382, 1.9082149292705877e-10);
        r = V.MultiplyAdd(n, V.Of(-low), V.MultiplyAdd(n, V.Of(-high), x));
        return n;
    }

    /// <summary>(e^r - 1 - r) / r².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Rest<V, C>(V r) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V p = V.Of(1.0 / 5040);
        if (typeof(C) == typeof(double))
        {
            p = V.MultiplyAdd(V.Of(1.0 / 6227020800), r, V.Of(1.0 / 479001600));
            p = V.MultiplyAdd(p, r, V.Of(1.0 / 39916800));
            p = V.MultiplyAdd(p, r, V.Of(1.0 / 3628800));
            p = V.MultiplyAdd(p, r, V.Of(1.0 / 362880));
            p = V.MultiplyAdd(p, r, V.Of(1.0 / 40320));
            p = V.MultiplyAdd(p, r, V.Of(1.0 / 5040));
        }
        p = V.MultiplyAdd(p, r, V.Of(1.0 / 720));
        p = V.MultiplyAdd(p, r, V.Of(1.0 / 120));
        p = V.MultiplyAdd(p, r, V.Of(1.0 / 24));
        p = V.MultiplyAdd(p, r, V.Of(1.0 / 6));
        return V.MultiplyAdd(p, r, V.Of(0.5));
    }

    /// <summary>2^n for an integral n of a normal result: the bits of n + bias, moved into the exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Power<V, C>(V n) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> =>
        typeof(C) == typeof(float) ? (n + V.Of(Magic<C>() + 127)) << 23 : (n + V.Of(Magic<C>() + 1023)) << 52;

    /// <summary>Added to a number that is small enough, it leaves the nearest integer in the lowest bits: 1.5 · 2^23, or 2^52.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Magic<C>() => typeof(C) == typeof(float) ? 12582912 : 6755399441055744;
}
