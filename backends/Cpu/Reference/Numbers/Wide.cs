namespace Backends.Reference;

/// <summary>An integer modulo 2^128: every integer dtype and bool. Sums and products are exact modulo 2^w once stored, for every w.</summary>
internal readonly record struct Wide(Int128 Value) : IReferenceNumber<Wide>
{
    public static Wide Zero => default;

    public static Wide Pi => throw ForFloats();

    public static Wide FromInteger(Int128 value) => new(value);

    /// <summary>Truncated; NaN gives 0.</summary>
    public static Wide FromDouble(double value) => new((Int128)value);

    public static Wide operator +(Wide a, Wide b) => new(unchecked(a.Value + b.Value));

    public static Wide operator -(Wide a, Wide b) => new(unchecked(a.Value - b.Value));

    public static Wide operator *(Wide a, Wide b) => new(unchecked(a.Value * b.Value));

    public static Wide operator /(Wide a, Wide b) => b.Value == 0 ? Zero : new(a.Value / b.Value);

    public static Wide Truncate(Wide x) => x;

    public static Wide FloorDivide(Wide a, Wide b)
    {
        if (b.Value == 0) return Zero;
        var (quotient, remainder) = Int128.DivRem(a.Value, b.Value);
        return new(remainder != 0 && remainder < 0 != b.Value < 0 ? quotient - 1 : quotient);
    }

    public static Wide RoundToEven(Wide x) => x;

    public static Wide Remainder(Wide a, Wide b) => a - FloorDivide(a, b) * b;

    public static Wide FusedMultiplyAdd(Wide a, Wide b, Wide c) => a * b + c;

    public static Wide Sqrt(Wide x) => throw ForFloats();

    public static Wide Exp(Wide x) => throw ForFloats();

    public static Wide Log(Wide x) => throw ForFloats();

    public static Wide Pow(Wide a, Wide b) => throw ForFloats();

    public static Wide Sin(Wide x) => throw ForFloats();

    public static Wide Tanh(Wide x) => throw ForFloats();

    public static Wide Erf(Wide x) => throw ForFloats();

    public static bool Less(Wide a, Wide b) => a.Value < b.Value;

    public static bool IsNaN(Wide x) => false;

    public static ulong Round(Wide x, DType dtype)
    {
        if (dtype == DType.Bool) return x.Value != 0 ? 1UL : 0;
        return dtype.IsFloat ? FloatFormat.Of(dtype).Round(x.Value) : unchecked((ulong)x.Value);
    }

    private static NotSupportedException ForFloats() => new("it is declared for floats alone.");
}
