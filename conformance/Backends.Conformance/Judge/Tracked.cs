using Backends.Reference;

namespace Backends.Conformance;

/// <summary>
/// A number that knows how far a right kernel's may be from it: running error analysis (Higham, Accuracy and Stability, 3.3) beside the value
/// itself. Reference kernels run on it unchanged. An operation here propagates the operands' errors and adds none: what one operator may
/// add is its declaration's affair, and <see cref="OracleOperators"/> adds it when the kernel is through.
/// </summary>
/// <param name="Value">The value, as if nothing were ever rounded.</param>
/// <param name="Magnitude">The same formula over absolute values: the M of every bound. What is not finite counts as 0 in it.</param>
/// <param name="Error">The largest distance that the operands' errors can cause; infinite where nothing is known.</param>
/// <param name="Exact">No rounding can have happened: an input, a stated answer such as exp(0) = 1, an exact 0, an infinity from an infinity.</param>
internal readonly partial record struct Tracked(DoubleDouble Value, double Magnitude, double Error, bool Exact) : IReferenceNumber<Tracked>
{
    public static Tracked Zero => new(DoubleDouble.Zero, 0, 0, true);

    /// <summary>An input of an operator: its magnitude starts anew.</summary>
    public static Tracked Of(DoubleDouble value, double error, bool exact) => new(value, double.IsFinite(value.High) ? Math.Abs(value.High) + error : 0, error, exact);

    public static Tracked FromInteger(Int128 value) => Of(DoubleDouble.FromInteger(value), 0, true);

    public static Tracked FromDouble(double value) => Of(DoubleDouble.FromDouble(value), 0, true);

    public static Tracked operator +(Tracked a, Tracked b) => Sum(a.Value + b.Value, a, b);

    public static Tracked operator -(Tracked a, Tracked b) => Sum(a.Value - b.Value, a, b);

    public static Tracked operator *(Tracked a, Tracked b)
    {
        var value = a.Value * b.Value;
        double magnitude = a.Magnitude * b.Magnitude;
        bool exact = a.Exact && b.Exact && (a.Value.High == 0 || b.Value.High == 0 || !Finite(a) || !Finite(b));
        // What may be 0 or of either sign, times an infinity, is any of three answers.
        if (double.IsInfinity(a.Value.High) && MayBeZero(b) || double.IsInfinity(b.Value.High) && MayBeZero(a)) return new(value, magnitude, double.PositiveInfinity, exact);
        if (!double.IsFinite(value.High)) return new(value, magnitude, Unknown(a, b), exact);
        return new(value, magnitude, Math.Abs(a.Value.High) * b.Error + Math.Abs(b.Value.High) * a.Error + a.Error * b.Error, exact);
    }

    public static Tracked operator /(Tracked a, Tracked b)
    {
        var value = a.Value / b.Value;
        bool exact = a.Exact && b.Exact && (a.Value.High == 0 || b.Value.High == 0 || !Finite(a) || !Finite(b));
        // 0 / b is 0 whatever small error b has, as long as b cannot be 0.
        if (a is { Exact: true, Value.High: 0 } && Math.Abs(b.Value.High) > b.Error) return new(value, 0, 0, true);
        if (!double.IsFinite(value.High) || double.IsInfinity(b.Value.High)) return new(value, 0, Unknown(a, b), exact);
        double room = Math.Abs(b.Value.High) - b.Error, quotient = Math.Abs(value.High);
        return new(value, quotient, room > 0 ? (a.Error + quotient * b.Error) / room : double.PositiveInfinity, exact);
    }

    public static Tracked Truncate(Tracked x) => Whole(DoubleDouble.Truncate(x.Value), x);

    public static Tracked FloorDivide(Tracked a, Tracked b) => Whole(DoubleDouble.FloorDivide(a.Value, b.Value), a / b);

    public static bool Less(Tracked a, Tracked b) => DoubleDouble.Less(a.Value, b.Value);

    public static bool IsNaN(Tracked x) => DoubleDouble.IsNaN(x.Value);

    public static ulong Round(Tracked x, DType dtype) => DoubleDouble.Round(x.Value, dtype);

    private static bool MayBeZero(Tracked x) => x.Error > 0 && x.Error >= Math.Abs(x.Value.High);

    private static bool Finite(Tracked x) => double.IsFinite(x.Value.High);

    private static Tracked Sum(DoubleDouble value, Tracked a, Tracked b)
    {
        double magnitude = a.Magnitude + b.Magnitude;
        bool exact = a.Exact && b.Exact && (value.High == 0 || !Finite(a) || !Finite(b));
        return new(value, magnitude, double.IsFinite(value.High) ? a.Error + b.Error : Unknown(a, b), exact);
    }

    // What came of an overflow stays unknown.
    private static double Unknown(Tracked a, Tracked b) => double.IsFinite(a.Error) && double.IsFinite(b.Error) ? 0 : double.PositiveInfinity;

    // An error, however small, may carry the quotient over an integer.
    private static Tracked Whole(DoubleDouble value, Tracked x) => new(value, x.Magnitude, x.Error > 0 ? x.Error + 1 : 0, x.Exact);
}
