using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>
/// y = erf x for f32 and f64. Up to 1: x · P(x²). Beyond: 1 - e^(-x²) · G(t), t = (x - 3) / (x + 3), and x's sign; from 6 on it is 1. P and G are
/// minimax polynomials for erf(x)/x over x² in [0, 1] and for e^(x²) · erfc(x) over t in [-1/2, 1/3] (Chebyshev fits made with mpmath 1.3, 40 digits):
/// for f64 off by 1.3e-19 and 1e-17, for f32 by 1.2e-9 and 4e-9. What e^(-x²) loses counts for little, for erfc is at most 0.16 there. 3 ulp; the
/// tests run over all floats in steps, the nightly over all.
/// </summary>
internal readonly struct Erf : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V sign = V.Of(-0.0), one = V.Of(1), end = V.Of(6), size = x & ~sign;
        V small = V.Less(size, one);
        V near = x * Near<V, C>(size * size);
        size = V.Select(V.Less(size, end), V.Select(small, one, size), end);           // outside, the other branch or 1 is the result
        V t = (size - V.Of(3)) / (size + V.Of(3));
        V far = one - Exp.Invoke<V, C>(V.Of(0) - size * size) * Far<V, C>(t);
        return V.Select(V.Equal(x, x), V.Select(small, near, far | (x & sign)), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Near<V, C>(V z) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        if (typeof(C) == typeof(float))
        {
            V q = V.MultiplyAdd(V.Of(0.00007875875062685488341), z, V.Of(-0.0008016864287165869529));
            q = V.MultiplyAdd(q, z, V.Of(0.005189087423433973986));
            q = V.MultiplyAdd(q, z, V.Of(-0.02685421201062641244));
            q = V.MultiplyAdd(q, z, V.Of(0.1128359471516021773));
            q = V.MultiplyAdd(q, z, V.Of(-0.3761262666672033102));
            return V.MultiplyAdd(q, z, V.Of(1.128379165848350946));
        }
        V p = V.MultiplyAdd(V.Of(5.957176147748911404e-11), z, V.Of(-1.137284885679167367e-9));
        p = V.MultiplyAdd(p, z, V.Of(1.465977527404743581e-8));
        p = V.MultiplyAdd(p, z, V.Of(-1.635031270105469501e-7));
        p = V.MultiplyAdd(p, z, V.Of(1.646100048412136803e-6));
        p = V.MultiplyAdd(p, z, V.Of(-0.00001492559526683118157));
        p = V.MultiplyAdd(p, z, V.Of(0.0001205533111164271092));
        p = V.MultiplyAdd(p, z, V.Of(-0.0008548326980833789905));
        p = V.MultiplyAdd(p, z, V.Of(0.005223977624817814467));
        p = V.MultiplyAdd(p, z, V.Of(-0.02686617064507679325));
        p = V.MultiplyAdd(p, z, V.Of(0.1128379167095487867));
        p = V.MultiplyAdd(p, z, V.Of(-0.3761263890318374806));
        return V.MultiplyAdd(p, z, V.Of(1.128379167095512574));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Far<V, C>(V t) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        if (typeof(C) == typeof(float))
        {
            V q = V.MultiplyAdd(V.Of(0.001107998956156923169), t, V.Of(0.004179004620308570381));
            q = V.MultiplyAdd(q, t, V.Of(-0.02447588139272263231));
            q = V.MultiplyAdd(q, t, V.Of(0.07166871523267872431));
            q = V.MultiplyAdd(q, t, V.Of(-0.1501107874652002499));
            q = V.MultiplyAdd(q, t, V.Of(0.2456038130956809133));
            q = V.MultiplyAdd(q, t, V.Of(-0.3262336415326781586));
            return V.MultiplyAdd(q, t, V.Of(0.17900115101468305));
        }
        V p = V.MultiplyAdd(V.Of(1.280190086296266194e-6), t, V.Of(2.023603179641756635e-6));
        p = V.MultiplyAdd(p, t, V.Of(-8.008021319412684335e-6));
        p = V.MultiplyAdd(p, t, V.Of(-0.0000128488945125235288));
        p = V.MultiplyAdd(p, t, V.Of(0.00006406182073530546743));
        p = V.MultiplyAdd(p, t, V.Of(0.00004525472635483354137));
        p = V.MultiplyAdd(p, t, V.Of(-0.0005970623517093284279));
        p = V.MultiplyAdd(p, t, V.Of(0.0007077464443901537315));
        p = V.MultiplyAdd(p, t, V.Of(0.004269136347508256361));
        p = V.MultiplyAdd(p, t, V.Of(-0.02439249931819327319));
        p = V.MultiplyAdd(p, t, V.Of(0.07166583719774874339));
        p = V.MultiplyAdd(p, t, V.Of(-0.1501159365007874391));
        p = V.MultiplyAdd(p, t, V.Of(0.2456038017123319448));
        p = V.MultiplyAdd(p, t, V.Of(-0.3262335600430371748));
        return V.MultiplyAdd(p, t, V.Of(0.1790011511813899502));
    }
}
