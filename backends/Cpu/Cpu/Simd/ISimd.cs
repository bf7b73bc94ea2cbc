using System.Numerics;

namespace Backends.Cpu;

/// <summary>
/// Some lanes of C, side by side: the width is the type, so that an operator is written once. <see cref="Wide{C}"/> has 512 bits,
/// <see cref="Native{C}"/> what the processor has otherwise, <see cref="One{C}"/> a single lane: the last elements of a row and strided ones
/// are computed by the very same text, with the same bits.
/// </summary>
/// <remarks>
/// A comparison gives a mask: a lane full of ones or of zeros. &amp; | ^ ~ and the shifts work on a lane's bits, as do <see cref="AddBits"/> and
/// <see cref="SubtractBits"/>, which see it as an integer. What needs a fraction (Floor, Round, Sqrt, /) is there for f32 and f64 alone.
/// </remarks>
internal unsafe interface ISimd<V, C> where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
{
    /// <summary>Lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Needs no alignment but the element's (KER-11).</summary>
    static abstract V Load(C* from);

    /// <summary>As <see cref="Load"/>.</summary>
    void Store(C* to);

    /// <summary>The same value in every lane.</summary>
    static abstract V Splat(C value);

    /// <summary>A constant of f32 or f64 in every lane, rounded to C once, when it is compiled.</summary>
    static abstract V Of(double constant);

    /// <summary>Whether a lane of a mask is full of ones.</summary>
    static abstract bool Any(V mask);

    static abstract V operator +(V a, V b);

    static abstract V operator -(V a, V b);

    static abstract V operator *(V a, V b);

    static abstract V operator /(V a, V b);

    static abstract V operator &(V a, V b);

    static abstract V operator |(V a, V b);

    static abstract V operator ^(V a, V b);

    static abstract V operator ~(V a);

    static abstract V operator <<(V x, int bits);

    /// <summary>Zeros come in from above.</summary>
    static abstract V operator >>>(V x, int bits);

    /// <summary>a + b of the lanes as integers.</summary>
    static abstract V AddBits(V a, V b);

    /// <summary>a - b of the lanes as integers.</summary>
    static abstract V SubtractBits(V a, V b);

    static abstract V Less(V a, V b);

    static abstract V LessOrEqual(V a, V b);

    static abstract V Equal(V a, V b);

    /// <summary>Lane by lane: yes where the mask is full of ones.</summary>
    static abstract V Select(V mask, V yes, V no);

    /// <summary>a · b + c, rounded once for floats.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    static abstract V Floor(V x);

    static abstract V Truncate(V x);

    /// <summary>Ties to even.</summary>
    static abstract V Round(V x);

    static abstract V Sqrt(V x);

    /// <summary>Lane by lane, for what has no vectors.</summary>
    static abstract V EachLane<F>(V a, V b) where F : ILane;
}

/// <summary>A function of single lanes.</summary>
internal interface ILane
{
    static abstract C Invoke<C>(C a, C b) where C : unmanaged, INumber<C>;
}
