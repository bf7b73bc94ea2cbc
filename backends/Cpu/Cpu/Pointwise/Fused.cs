using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>y = a · b + c in C, rounded once. Integers wrap.</summary>
internal readonly struct Fused : ITernary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b, V c) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.MultiplyAdd(a, b, c);
}

/// <summary>
/// y = a · b + c of 16-bit floats in f32, to be rounded to 16 bits once. The product is exact; the sum is rounded to odd (its last bit tells whether
/// anything was cut off), so that the second rounding sees every tie (Boldo and Melquiond, 2008).
/// </summary>
internal readonly struct FusedToOdd : ITernary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b, V c) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V product = a * b, sum = V.MultiplyAdd(a, b, c), back = sum - product;
        V lost = product - (sum - back) + (c - back);                                  // exact (Knuth's two-sum); NaN where the product overflows
        V zero = V.Of(0), lower = V.Less(lost, zero), one = V.SubtractBits(zero, ~zero);
        V inexact = lower | V.Less(zero, lost), even = V.Equal(sum << 31 >>> 8, zero);
        // Away from zero where what was lost has the sum's sign, else towards it: either way the neighbour is odd.
        V step = V.Select(lower ^ V.Less(sum, zero), ~zero, one);
        return V.Select(inexact & even, V.AddBits(sum, step), sum);
    }
}

/// <summary>y = min(max(x, low), high). A NaN compares false: in x it stays, as a bound it is none.</summary>
internal readonly struct Clamped : ITernary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b, V c) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V raised = V.Select(V.Less(a, b), b, a);
        return V.Select(V.Less(c, raised), c, raised);
    }
}
