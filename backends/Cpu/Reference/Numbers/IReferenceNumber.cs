namespace Backends.Reference;

/// <summary>
/// What a reference kernel computes with. A kernel is written once, over N: <see cref="Wide"/> for integers and bool, <see cref="Real"/> for
/// floats up to f32, <see cref="DoubleDouble"/> for f64, and whatever a judge brings to follow errors.
/// </summary>
/// <remarks>A number is wider than the dtype it stands for; it becomes an element again in one place, <see cref="Round"/>.</remarks>
internal interface IReferenceNumber<N> where N : struct, IReferenceNumber<N>
{
    /// <summary>+0.</summary>
    static abstract N Zero { get; }

    /// <summary>π.</summary>
    static abstract N Pi { get; }

    /// <summary>An element of an integer dtype or bool; exact for every N that stands for one.</summary>
    static abstract N FromInteger(Int128 value);

    /// <summary>An element of a float dtype, NaN and infinities too; exact for every N that stands for one.</summary>
    static abstract N FromDouble(double value);

    static abstract N operator +(N a, N b);

    static abstract N operator -(N a, N b);

    static abstract N operator *(N a, N b);

    /// <summary>The quotient; integers truncate, and give 0 for x / 0.</summary>
    static abstract N operator /(N a, N b);

    /// <summary>The integer next to x on the way to 0.</summary>
    static abstract N Truncate(N x);

    /// <summary>The largest integer that is not above a / b; integers give 0 for x / 0.</summary>
    static abstract N FloorDivide(N a, N b);

    /// <summary>The integer nearest to x, of two the even one; a zero keeps the sign of x.</summary>
    static abstract N RoundToEven(N x);

    /// <summary>a less the multiple of b next to it that leaves the sign of b; integers give 0 for b = 0.</summary>
    static abstract N Remainder(N a, N b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract N FusedMultiplyAdd(N a, N b, N c);

    /// <summary>The square root.</summary>
    static abstract N Sqrt(N x);

    /// <summary>e^x.</summary>
    static abstract N Exp(N x);

    /// <summary>The natural logarithm.</summary>
    static abstract N Log(N x);

    /// <summary>a^b, with the special answers of C11 F.10.4.4.</summary>
    static abstract N Pow(N a, N b);

    /// <summary>The sine of x in radians, whatever the size of x.</summary>
    static abstract N Sin(N x);

    /// <summary>The hyperbolic tangent.</summary>
    static abstract N Tanh(N x);

    /// <summary>2/√π · ∫ e^(-t²) dt from 0 to x.</summary>
    static abstract N Erf(N x);

    /// <summary>a &lt; b; false when either is NaN.</summary>
    static abstract bool Less(N a, N b);

    /// <summary>Whether x is no number.</summary>
    static abstract bool IsNaN(N x);

    /// <summary>
    /// The bits of the element that x becomes, rounded once, to nearest, ties to even. Which is also the meaning of <c>cast</c>
    /// (accuracy.md 2.3): integers wrap, floats truncate and saturate on the way to integers, bool is x ≠ 0.
    /// </summary>
    static abstract ulong Round(N x, DType dtype);
}
