using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>
/// y = e^x. f32: e^x = 2^n · e^r with n = round(x / ln 2), |r| ≤ ln 2 / 2 = 0.3466, and e^r by its Taylor series to r^7, whose rest is below
/// 0.3466^8 / 8! = 5.2e-9 = 0.05 ulp; the worst of all floats is in the test that runs over them. f64: the platform's.
/// </summary>
internal readonly struct Exp : IUnary
{
    // ln 2 in two parts (Cody and Waite): the first has 11 bits, so that n times it is exact.
    private const float Log2E = 1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    public static bool HasVectors<C>() => typeof(C) == typeof(float);

    public static C Invoke<C>(C x) where C : unmanaged, INumber<C>
    {
        if (typeof(C) == typeof(double)) return Unsafe.BitCast<double, C>(Math.Exp(Unsafe.BitCast<C, double>(x)));
        return Invoke(new Vector<C>(x))[0];
    }

    public static Vector<C> Invoke<C>(Vector<C> x) where C : unmanaged, INumber<C> => Vector.As<float, C>(Single(Vector.As<C, float>(x)));

    private static Vector<float> Single(Vector<float> x)
    {
        // Beyond these ends lie only 0 and infinity, which the two steps below reach by themselves.
        var clamped = Vector.Max(Vector.Min(x, new Vector<float>(100)), new Vector<float>(-110));
        var n = Vector.Round(clamped * Log2E);
        var r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2High), clamped);
        r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2Low), r);
        var e = new Vector<float>(1f / 5040);
        foreach (float c in (ReadOnlySpan<float>)[1f / 720, 1f / 120, 1f / 24, 1f / 6, 0.5f, 1, 1])
            e = Vector.FusedMultiplyAdd(e, r, new Vector<float>(c));
        // 2^n in two factors: the first product is exact, so that a subnormal result is rounded once, by the second.
        var whole = Vector.ConvertToInt32(n);
        var half = Vector.ShiftRightArithmetic(whole, 1);
        var y = e * Power(half) * Power(whole - half);
        return Vector.ConditionalSelect(Vector.Equals(x, x), y, x);
    }

    private static Vector<float> Power(Vector<int> n) => Vector.AsVectorSingle(Vector.ShiftLeft(n + new Vector<int>(127), 23));
}
