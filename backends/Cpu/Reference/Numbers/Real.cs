namespace Backends.Reference;

/// <summary>A double, for elements of f32 and narrower: one operation on them, rounded to their dtype, is rounded as if once (accuracy.md 1.1).</summary>
internal readonly record struct Real(double Value) : IReferenceNumber<Real>
{
    public static Real Zero => default;

    public static Real Pi => new(Math.PI);

    public static Real FromInteger(Int128 value) => new((double)value);

    public static Real FromDouble(double value) => new(value);

    public static Real operator +(Real a, Real b) => new(a.Value + b.Value);

    public static Real operator -(Real a, Real b) => new(a.Value - b.Value);

    public static Real operator *(Real a, Real b) => new(a.Value * b.Value);

    public static Real operator /(Real a, Real b) => new(a.Value / b.Value);

    public static Real Truncate(Real x) => new(Math.Truncate(x.Value));

    public static Real FloorDivide(Real a, Real b) => new(Math.Floor(a.Value / b.Value));

    public static Real RoundToEven(Real x) => new(Math.Round(x.Value, MidpointRounding.ToEven));

    public static Real Remainder(Real a, Real b) => new(Remainder(a.Value, b.Value));

    /// <summary>The product of two elements is exact; the sum is rounded to odd, so that the element knows what was rounded off.</summary>
    public static Real FusedMultiplyAdd(Real a, Real b, Real c)
    {
        double product = a.Value * b.Value, sum = product + c.Value;
        if (!double.IsFinite(sum)) return new(sum);
        double back = sum - product;
        return new(ToOdd(sum, (product - (sum - back)) + (c.Value - back)));
    }

    public static Real Sqrt(Real x) => new(Math.Sqrt(x.Value));

    public static Real Exp(Real x) => new(Math.Exp(x.Value));

    public static Real Log(Real x) => new(Math.Log(x.Value));

    public static Real Pow(Real a, Real b) => new(Math.Pow(a.Value, b.Value));

    public static Real Sin(Real x) => new(Math.Sin(x.Value));

    public static Real Tanh(Real x) => new(Math.Tanh(x.Value));

    /// <summary>The platform has none.</summary>
    public static Real Erf(Real x) => new(DoubleDouble.Erf(DoubleDouble.FromDouble(x.Value)).High);

    public static bool Less(Real a, Real b) => a.Value < b.Value;

    public static bool IsNaN(Real x) => double.IsNaN(x.Value);

    public static ulong Round(Real x, DType dtype) => Round(x.Value, dtype);

    /// <summary>A double as an element: cast's rule for floats.</summary>
    internal static ulong Round(double x, DType dtype)
    {
        if (dtype.IsFloat) return FloatFormat.Of(dtype).Round(x);
        if (dtype == DType.Bool) return x != 0 ? 1UL : 0;      // NaN is not 0
        if (double.IsNaN(x)) return 0;
        int bits = dtype.Size * 8;
        double low = dtype.IsUnsigned ? 0 : -Math.ScaleB(1, bits - 1), end = Math.ScaleB(1, dtype.IsUnsigned ? bits : bits - 1);
        Int128 largest = (Int128.One << (dtype.IsUnsigned ? bits : bits - 1)) - 1;
        Int128 value = x >= end ? largest : (Int128)Math.Truncate(Math.Max(x, low));
        return unchecked((ulong)value);
    }

    /// <summary>The remainder that has the divisor's sign, zeros too: what is left of truncation is exact, and one sum brings it over.</summary>
    internal static double Remainder(double a, double b)
    {
        double rest = a % b;
        if (rest == 0) return Math.CopySign(0, b);
        return rest < 0 != b < 0 ? rest + b : rest;
    }

    /// <summary>A sum of two parts as one double, rounded to odd: it knows on which side of a narrower tie the sum lies.</summary>
    internal static double ToOdd(double high, double low)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(high);
        if (low == 0 || (bits & 1) == 1) return high;
        return BitConverter.UInt64BitsToDouble(low > 0 == high > 0 ? bits | 1 : bits - 1);
    }
}
