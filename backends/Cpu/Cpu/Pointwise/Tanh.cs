using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>
/// y = tanh x = t / (t + 2) with t = e^(2|x|) - 1, and x's sign, for f32 and f64. t = (2^n - 1) + 2^n · (e^r - 1): for small x n is 0 and nothing
/// cancels, so tanh 1e-20 is 1e-20. From 22 on the result is 1. Beside e^r's own error (<see cref="Exp"/>) five roundings: below 4 ulp; the tests
/// run over all floats in steps, the nightly over all.
/// </summary>
internal readonly struct Tanh : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V sign = V.Of(-0.0), size = x & ~sign, end = V.Of(22);
        V doubled = V.Select(V.Less(end, size), end, size) * V.Of(2);
        V n = Exp.Reduce<V, C>(doubled, out V r), power = Exp.Power<V, C>(n);
        V t = V.MultiplyAdd(V.MultiplyAdd(Exp.Rest<V, C>(r), r * r, r), power, power - V.Of(1));
        return t / (t + V.Of(2)) | (x & sign);
    }
}
