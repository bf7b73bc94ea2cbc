namespace Backends.Reference;

/// <summary>A double, for elements of f32 and narrower: one operation on them, rounded to their dtype, is rounded as if once (accuracy.md 1.1).</summary>
internal readonly record struct Real(double Value) : IReferenceNumber<Real>
{
    public static Real Zero => default;

    public static Real FromInteger(Int128 value) => new((double)value);

    public static Real FromDouble(double value) => new(value);

    public static Real operator +(Real a, Real b) => new(a.Value + b.Value);

    public static Real operator -(Real a, Real b) => new(a.Value - b.Value);

    public static Real operator *(Real a, Real b) => new(a.Value * b.Value);

    public static Real operator /(Real a, Real b) => new(a.Value / b.Value);

    public static Real Truncate(Real x) => new(Math.Truncate(x.Value));

    public static Real FloorDivide(Real a, Real b) => new(Math.Floor(a.Value / b.Value));

    public static Real Exp(Real x) => new(Math.Exp(x.Value));

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
}
