using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>
/// y = a^b in f64 for f32 and the 16-bit floats: ± e^(b · ln |a|). The logarithm's error of an ulp or so of f64, made b · ln |a| ≤ 104 times as large,
/// is far below f32's. Special answers are C11's (F.10.4.4).
/// </summary>
internal readonly struct PowInDouble : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V sign = V.Of(-0.0), zero = V.Of(0), one = V.Of(1), infinity = V.Of(double.PositiveInfinity), size = a & ~sign;
        V y = Exp.Invoke<V, C>(b * Log.Invoke<V, C>(size));
        V integral = V.Equal(V.Floor(b), b), half = b * V.Of(0.5), odd = integral & ~V.Equal(V.Floor(half), half);
        y = V.Select(V.Equal(size, one) & V.Equal(b, b), one, y);                      // also of ±infinity
        y = y | (a & sign & odd);
        V undefined = V.Less(a, zero) & V.Less(size, infinity) & ~integral & V.Equal(b, b);
        y = V.Select(undefined, V.Of(double.NaN), y);
        y = V.Select(V.Equal(b, b), y, b);
        return V.Select(V.Equal(b, zero) | V.Equal(a, one), one, y);
    }
}

/// <summary>y = a^b, the platform's, for f64.</summary>
internal readonly struct Pow : IBinary, ILane
{
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.EachLane<Pow>(a, b);

    public static C Invoke<C>(C a, C b) where C : unmanaged, INumber<C> =>
        Unsafe.BitCast<double, C>(Math.Pow(Unsafe.BitCast<C, double>(a), Unsafe.BitCast<C, double>(b)));
}
