using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>
/// y = ln x for f32 and f64. x = 2^k · m with √½ ≤ m &lt; √2; with f = m - 1 and s = f / (2 + f), ln m = f - (f²/2 - s · (f²/2 + R)), where
/// R = 2/3 s² + 2/5 s⁴ + … is the rest of 2 artanh s. |s| ≤ 0.1716, so that what is left out is below 2e-9 of the result for f32, below 3e-17 for
/// f64; f is exact and what is taken from it small, which keeps the error near 1 ulp. The tests run over all floats in steps, the nightly over all.
/// </summary>
internal readonly struct Log : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        bool single = typeof(C) == typeof(float);
        // A subnormal number is made a normal one first.
        V tiny = V.Less(x, V.Of(single ? 1.17549435e-38 : 2.2250738585072014e-308));
        V scaled = V.Select(tiny, x * V.Of(single ? 33554432 : 18014398509481984), x);
        V k = Split<V, C>(scaled, out V f) - V.Select(tiny, V.Of(single ? 25 : 54), V.Of(0));
        V s = f / (f + V.Of(2)), half = V.Of(0.5) * f * f;
        V rest = Rest<V, C>(s * s);
        var (high, low) = single ? (0.693359375, -2.12194440e-4) : (0.69314718036912382, 1.9082149292705877e-10);
        V y = V.MultiplyAdd(k, V.Of(high), f - (half - V.MultiplyAdd(k, V.Of(low), s * (half + rest))));
        V zero = V.Of(0), infinity = V.Of(double.PositiveInfinity);
        y = V.Select(V.Less(x, infinity), y, x);                                       // infinity and NaN are themselves
        y = V.Select(V.Equal(x, zero), V.Of(double.NegativeInfinity), y);
        return V.Select(V.Less(x, zero), V.Of(double.NaN), y);
    }

    /// <summary>k, and f = x / 2^k - 1, for a normal x above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Split<V, C>(V x, out V f) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        bool single = typeof(C) == typeof(float);
        // Counted from √½'s bits on, the exponent's field steps where m does. In the last bits of 2^23 (2^52) the field is a float.
        V one = V.Of(1), offset = V.SubtractBits(one, V.Of(0.70710678118654752)), magic = V.Of(single ? 8388608 : 4503599627370496);
        V field = single ? V.AddBits(x, offset) >>> 23 : V.AddBits(x, offset) >>> 52;
        V m = V.AddBits(V.SubtractBits(x, single ? field << 23 : field << 52), one);
        f = m - one;
        return (field | magic) - (magic + V.Of(single ? 127 : 1023));
    }

    // From the last term kept to the first, in s².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rest<V, C>(V z) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V p = V.Of(2.0 / 9);
        if (typeof(C) == typeof(double))
        {
            p = V.MultiplyAdd(V.Of(2.0 / 21), z, V.Of(2.0 / 19));
            p = V.MultiplyAdd(p, z, V.Of(2.0 / 17));
            p = V.MultiplyAdd(p, z, V.Of(2.0 / 15));
            p = V.MultiplyAdd(p, z, V.Of(2.0 / 13));
            p = V.MultiplyAdd(p, z, V.Of(2.0 / 11));
            p = V.MultiplyAdd(p, z, V.Of(2.0 / 9));
        }
        p = V.MultiplyAdd(p, z, V.Of(2.0 / 7));
        p = V.MultiplyAdd(p, z, V.Of(2.0 / 5));
        p = V.MultiplyAdd(p, z, V.Of(2.0 / 3));
        return p * z;
    }
}
