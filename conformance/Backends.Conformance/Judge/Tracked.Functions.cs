using Backends.Reference;

namespace Backends.Conformance;

// Functions: the value from the oracle's arithmetic, the operand's error times the largest slope that it can meet.
internal readonly partial record struct Tracked
{
    public static Tracked Pi => new(DoubleDouble.Pi, DoubleDouble.Pi.High, 0, false);

    public static Tracked RoundToEven(Tracked x) => Whole(DoubleDouble.RoundToEven(x.Value), x);

    /// <summary>The quotient's error may carry the remainder over a whole divisor.</summary>
    public static Tracked Remainder(Tracked a, Tracked b)
    {
        bool certain = a.Error == 0 && b.Error == 0;
        return Function(DoubleDouble.Remainder(a.Value, b.Value), certain ? 0 : a.Error + 2 * (Math.Abs(b.Value.High) + b.Error), certain && a.Exact && b.Exact);
    }

    public static Tracked FusedMultiplyAdd(Tracked a, Tracked b, Tracked c)
    {
        var sum = a * b + c;
        return sum with { Value = DoubleDouble.FusedMultiplyAdd(a.Value, b.Value, c.Value) };
    }

    public static Tracked Sqrt(Tracked x)
    {
        var value = DoubleDouble.Sqrt(x.Value);
        double lowest = Math.Sqrt(Math.Max(0, x.Value.High - x.Error));
        return Function(value, x.Error == 0 ? 0 : x.Error / (value.High + lowest), x.Exact && (x.Value.High == 0 || !Finite(x)));
    }

    public static Tracked Exp(Tracked x)
    {
        var value = DoubleDouble.Exp(x.Value);
        bool exact = x.Exact && (x.Value.High == 0 || !Finite(x));
        double error = x.Error == 0 ? 0 : x.Error < 0.125 ? value.High * x.Error * (1 + x.Error) : Math.Exp(x.Value.High + x.Error);
        return Function(value, error, exact);
    }

    public static Tracked Log(Tracked x)
    {
        double lowest = x.Value.High - x.Error;
        return Function(DoubleDouble.Log(x.Value), x.Error == 0 ? 0 : lowest > 0 ? x.Error / lowest : double.PositiveInfinity,
            x.Exact && (x.Value == DoubleDouble.FromInteger(1) || x.Value.High == 0 || !Finite(x)));
    }

    /// <summary>To first order in the operands' errors, and once more as much.</summary>
    public static Tracked Pow(Tracked a, Tracked b)
    {
        var value = DoubleDouble.Pow(a.Value, b.Value);
        double error = 0;
        if (a.Error > 0 || b.Error > 0)
            error = 2 * Math.Abs(value.High) * (Math.Abs(b.Value.High) * a.Error / Math.Abs(a.Value.High) + Math.Abs(Math.Log(Math.Abs(a.Value.High))) * b.Error);
        bool one = value.High == 1 && (b.Value.High == 0 || a.Value == DoubleDouble.FromInteger(1) || !Finite(b));
        return Function(value, error, a.Exact && b.Exact && (one || a.Value.High == 0 || !Finite(a) || !Finite(b)));
    }

    public static Tracked Sin(Tracked x) => Function(DoubleDouble.Sin(x.Value), Math.Min(2, x.Error), x.Exact && (x.Value.High == 0 || !Finite(x)));

    public static Tracked Tanh(Tracked x) => Function(DoubleDouble.Tanh(x.Value), Math.Min(2, x.Error), x.Exact && (x.Value.High == 0 || !Finite(x)));

    public static Tracked Erf(Tracked x) => Function(DoubleDouble.Erf(x.Value), Math.Min(2, 1.13 * x.Error), x.Exact && (x.Value.High == 0 || !Finite(x)));

    private static Tracked Function(DoubleDouble value, double error, bool exact) =>
        double.IsFinite(value.High) ? new(value, Math.Abs(value.High), error, exact) : new(value, 0, 0, exact);
}
