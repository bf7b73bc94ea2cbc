namespace Backends.Reference;

/// <summary>
/// An unevaluated sum of two doubles, about 106 bits, for elements of f64. One operation on two doubles has High = what IEEE rounds to, also for
/// subnormals and overflow, and Low = what was rounded off; Low is lost below 2^-1074.
/// </summary>
/// <remarks>The exact sum and product of two doubles are Knuth's and Dekker's, as in every textbook.</remarks>
internal readonly partial record struct DoubleDouble(double High, double Low) : IReferenceNumber<DoubleDouble>
{
    public static DoubleDouble Zero => default;

    public static DoubleDouble FromInteger(Int128 value)
    {
        double high = (double)value;
        return new(high, (double)(value - (Int128)high));
    }

    public static DoubleDouble FromDouble(double value) => new(value, 0);

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        double sum = a.High + b.High;
        if (!double.IsFinite(sum)) return new(sum, 0);
        double back = sum - a.High;
        double error = (a.High - (sum - back)) + (b.High - back);
        return Normal(sum, error + (a.Low + b.Low));
    }

    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + new DoubleDouble(-b.High, -b.Low);

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        double product = a.High * b.High;
        if (!double.IsFinite(product)) return new(product, 0);
        double error = Math.FusedMultiplyAdd(a.High, b.High, -product);
        if (a.Low == 0 && b.Low == 0) return new(product, error);
        return Normal(product, error + (a.High * b.Low + a.Low * b.High));
    }

    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        double quotient = a.High / b.High;
        if (!double.IsFinite(quotient) || quotient == 0 || double.IsInfinity(b.High)) return new(quotient, 0);
        double rest = Math.FusedMultiplyAdd(-quotient, b.High, a.High) + a.Low - quotient * b.Low;
        double error = rest / b.High;
        if (!double.IsFinite(error)) return new(quotient, 0);
        if (a.Low == 0 && b.Low == 0) return new(quotient, error);
        return Normal(quotient, error);
    }

    public static DoubleDouble Truncate(DoubleDouble x) => x.High < 0 ? -Floor(-x) : Floor(x);

    public static DoubleDouble FloorDivide(DoubleDouble a, DoubleDouble b) => Floor(a / b);

    public static DoubleDouble RoundToEven(DoubleDouble x)
    {
        double high = Math.Round(x.High, MidpointRounding.ToEven);
        if (x.Low == 0) return new(high, 0);
        if (high == x.High) return Normal(high, Math.Round(x.Low, MidpointRounding.ToEven));
        // Between two integers the second part decides.
        if (Math.Abs(x.High - Math.Truncate(x.High)) == 0.5) high = x.Low > 0 ? Math.Ceiling(x.High) : Math.Floor(x.High);
        return new(high, 0);
    }

    /// <summary>Exact for two doubles: what truncation leaves is one, and the sum that brings it over has two parts.</summary>
    public static DoubleDouble Remainder(DoubleDouble a, DoubleDouble b)
    {
        if (a.Low != 0 || b.Low != 0) return a - Floor(a / b) * b;
        double rest = a.High % b.High;
        if (rest == 0) return FromDouble(Math.CopySign(0, b.High));
        return rest < 0 != b.High < 0 ? FromDouble(rest) + b : FromDouble(rest);
    }

    /// <summary>For three doubles the first part is what IEEE rounds to.</summary>
    public static DoubleDouble FusedMultiplyAdd(DoubleDouble a, DoubleDouble b, DoubleDouble c)
    {
        var sum = a * b + c;
        if (a.Low != 0 || b.Low != 0 || c.Low != 0) return sum;
        double high = Math.FusedMultiplyAdd(a.High, b.High, c.High);
        if (!double.IsFinite(high) || !double.IsFinite(sum.High)) return new(high, 0);
        var rest = sum - FromDouble(high);
        return new(high, rest.High + rest.Low);
    }

    public static bool Less(DoubleDouble a, DoubleDouble b) => a.High < b.High || (a.High == b.High && a.Low < b.Low);

    public static bool IsNaN(DoubleDouble x) => double.IsNaN(x.High);

    public static ulong Round(DoubleDouble x, DType dtype)
    {
        if (dtype == DType.F64 || x.Low == 0) return Real.Round(x.High, dtype);
        return Real.Round(Real.ToOdd(x.High, x.Low), dtype);
    }

    public static DoubleDouble operator -(DoubleDouble x) => new(-x.High, -x.Low);

    private static DoubleDouble Floor(DoubleDouble x)
    {
        double high = Math.Floor(x.High);
        if (high != x.High) return new(high, 0);
        return Normal(high, Math.Floor(x.Low));
    }

    // With nothing to carry the first part stays as it is: -0 too.
    private static DoubleDouble Normal(double high, double low)
    {
        if (low == 0) return new(high, 0);
        double sum = high + low;
        return double.IsFinite(sum) ? new(sum, low - (sum - high)) : new(sum, 0);
    }
}
