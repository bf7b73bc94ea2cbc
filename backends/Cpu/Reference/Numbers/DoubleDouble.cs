namespace Backends.Reference;

/// <summary>
/// An unevaluated sum of two doubles, about 106 bits, for elements of f64. One operation on two doubles has High = what IEEE rounds to, also for
/// subnormals and overflow, and Low = what was rounded off; Low is lost below 2^-1074.
/// </summary>
/// <remarks>The exact sum and product of two doubles are Knuth's and Dekker's, as in every textbook.</remarks>
internal readonly record struct DoubleDouble(double High, double Low) : IReferenceNumber<DoubleDouble>
{
    private const double Ln2High = 0.6931471805599453, Ln2Low = 2.3190468138462996e-17;

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

    /// <summary>2^k · (e^(r/256))^256 with r = x - k·ln 2; the small power by its series, as e^s - 1 so that squaring keeps every bit.</summary>
    public static DoubleDouble Exp(DoubleDouble x)
    {
        if (double.IsNaN(x.High)) return x;
        if (x.High > 710) return FromDouble(double.PositiveInfinity);
        if (x.High < -746) return Zero;
        double k = Math.Round(x.High / Ln2High);
        var r = x - FromDouble(k) * new DoubleDouble(Ln2High, Ln2Low);
        var s = new DoubleDouble(r.High / 256, r.Low / 256);
        var power = Zero;
        for (int n = 12; n >= 1; n--) power = (power + FromDouble(1)) * s / FromDouble(n);
        for (int i = 0; i < 8; i++) power = power + power + power * power;
        power += FromDouble(1);
        // Two steps: 2^k alone may overflow where the result does not.
        int half = (int)k / 2, rest = (int)k - half;
        return new(Math.ScaleB(Math.ScaleB(power.High, half), rest), Math.ScaleB(Math.ScaleB(power.Low, half), rest));
    }

    public static bool Less(DoubleDouble a, DoubleDouble b) => a.High < b.High || (a.High == b.High && a.Low < b.Low);

    public static bool IsNaN(DoubleDouble x) => double.IsNaN(x.High);

    public static ulong Round(DoubleDouble x, DType dtype)
    {
        if (dtype == DType.F64 || x.Low == 0) return Real.Round(x.High, dtype);
        // Rounded to odd, 53 bits know on which side of a narrower tie the sum lies.
        ulong bits = BitConverter.DoubleToUInt64Bits(x.High);
        if ((bits & 1) == 0) bits = x.Low > 0 == x.High > 0 ? bits | 1 : bits - 1;
        return Real.Round(BitConverter.UInt64BitsToDouble(bits), dtype);
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
