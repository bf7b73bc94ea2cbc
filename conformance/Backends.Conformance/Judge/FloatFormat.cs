namespace Backends.Conformance;

/// <summary>
/// A floating-point format as the judge sees it (docs/accuracy.md, Formats): every value of every format is a double, so formats differ in
/// how a real number is rounded into them and in how far apart their values stand. Own arithmetic throughout: nothing here asks the
/// machine to convert.
/// </summary>
internal sealed class FloatFormat
{
    private readonly int _mantissaBits, _bias;

    private FloatFormat(DType dtype, int precision, int eMin, int eMax, double largest, bool hasInfinity = true)
    {
        DType = dtype;
        Precision = precision;
        EMin = eMin;
        EMax = eMax;
        Largest = largest;
        HasInfinity = hasInfinity;
        _mantissaBits = precision - 1;
        _bias = 1 - eMin;
        UnitRoundoff = Power(-precision);
        SmallestNormal = Power(eMin);
        Quantum = Power(eMin - precision + 1);
    }

    public static FloatFormat F64 { get; } = new(DType.F64, 53, -1022, 1023, double.MaxValue);
    public static FloatFormat F32 { get; } = new(DType.F32, 24, -126, 127, float.MaxValue);
    public static FloatFormat F16 { get; } = new(DType.F16, 11, -14, 15, 65504);
    public static FloatFormat BF16 { get; } = new(DType.BF16, 8, -126, 127, 255 * Power(120));
    public static FloatFormat F8E4M3 { get; } = new(DType.F8E4M3, 4, -6, 8, 448, hasInfinity: false);
    public static FloatFormat F8E5M2 { get; } = new(DType.F8E5M2, 3, -14, 15, 57344);

    /// <summary>The format of a floating-point dtype.</summary>
    public static FloatFormat Of(DType dtype) => dtype switch
    {
        DType.F64 => F64,
        DType.F32 => F32,
        DType.F16 => F16,
        DType.BF16 => BF16,
        DType.F8E4M3 => F8E4M3,
        DType.F8E5M2 => F8E5M2,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "is no floating-point dtype"),
    };

    /// <summary>The format in which an operator on this one is defined to compute: f32 for all that is narrower.</summary>
    public static FloatFormat Accumulator(DType dtype) => dtype == DType.F64 ? F64 : F32;

    public DType DType { get; }
    /// <summary>p: bits of the significand, the hidden one too.</summary>
    public int Precision { get; }
    public int EMin { get; }
    public int EMax { get; }
    /// <summary>Ω.</summary>
    public double Largest { get; }
    public bool HasInfinity { get; }
    /// <summary>u = 2^-p.</summary>
    public double UnitRoundoff { get; }
    /// <summary>λ.</summary>
    public double SmallestNormal { get; }
    /// <summary>η: the distance between subnormals.</summary>
    public double Quantum { get; }

    /// <summary>2^exponent, exact for everything that a double holds.</summary>
    public static double Power(int exponent) =>
        exponent >= -1022 ? BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52) : BitConverter.Int64BitsToDouble(1L << (exponent + 1074));

    /// <summary>floor(log2 |x|) of a finite x that is not 0.</summary>
    public static int Exponent(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x) & long.MaxValue;
        int field = (int)(bits >> 52);
        return field > 0 ? field - 1023 : 63 - (int)long.LeadingZeroCount(bits) - 1074;
    }

    /// <summary>ulp(r) at an unrounded value: at a power of two the spacing above; η at and near 0; that of Ω beyond Ω.</summary>
    public double Ulp(double r) => r == 0 ? Quantum : Power(Math.Clamp(Exponent(r), EMin, EMax) - Precision + 1);

    /// <summary>RN(high + low), ties to even, gradual underflow; ±Inf from Ω + ulp/2 upwards, also for a format without infinities.</summary>
    /// <param name="high">The value, or its leading part.</param>
    /// <param name="low">What is missing, at most half an ulp of <paramref name="high"/> in f64.</param>
    public double Round(double high, double low = 0)
    {
        if (Precision == 53 || high == 0 || !double.IsFinite(high)) return high;
        double ulp = Power(Math.Max(Exponent(high), EMin) - Precision + 1);
        double steps = Math.Abs(high) / ulp, floor = Math.Floor(steps), rest = steps - floor;
        if (high < 0) low = -low;
        bool up = rest > 0.5 || rest == 0.5 && (low > 0 || low == 0 && floor % 2 == 1);
        double rounded = (up ? floor + 1 : floor) * ulp;
        return Math.CopySign(rounded > Largest ? double.PositiveInfinity : rounded, high);
    }

    /// <summary>The value of an element's bits; any NaN for NaN.</summary>
    public double Decode(ulong bits)
    {
        if (Precision == 53) return BitConverter.UInt64BitsToDouble(bits);
        int fieldBits = DType.Size * 8 - 1 - _mantissaBits;
        ulong mantissa = bits & ((1UL << _mantissaBits) - 1), field = bits >> _mantissaBits & ((1UL << fieldBits) - 1);
        bool negative = (bits >> (DType.Size * 8 - 1) & 1) != 0;
        double magnitude;
        if (IsNaN(bits)) return double.NaN;
        if (HasInfinity && field == (1UL << fieldBits) - 1) magnitude = double.PositiveInfinity;
        else if (field == 0) magnitude = mantissa * Quantum;
        else magnitude = (mantissa | 1UL << _mantissaBits) * Power((int)field - _bias - _mantissaBits);
        return negative ? -magnitude : magnitude;
    }

    /// <summary>The bits of a value that the format has; NaN becomes the positive quiet one without payload.</summary>
    public ulong Encode(double value)
    {
        if (Precision == 53 && !double.IsNaN(value)) return BitConverter.DoubleToUInt64Bits(value);
        int width = DType.Size * 8;
        ulong infinity = ((1UL << (width - 1 - _mantissaBits)) - 1) << _mantissaBits;
        if (double.IsNaN(value)) return HasInfinity ? infinity | 1UL << (_mantissaBits - 1) : (1UL << (width - 1)) - 1;
        ulong sign = double.IsNegative(value) ? 1UL << (width - 1) : 0;
        double magnitude = Math.Abs(value);
        if (double.IsInfinity(value)) return sign | infinity;
        if (magnitude < SmallestNormal) return sign | (ulong)(magnitude / Quantum);
        int exponent = Exponent(magnitude);
        ulong mantissa = (ulong)(magnitude / Power(exponent - _mantissaBits)) & ((1UL << _mantissaBits) - 1);
        return sign | (ulong)(exponent + _bias) << _mantissaBits | mantissa;
    }

    /// <summary>Whether the bits are a NaN of this format.</summary>
    public bool IsNaN(ulong bits)
    {
        ulong magnitude = bits & ((1UL << (DType.Size * 8 - 1)) - 1);
        ulong infinity = ((1UL << (DType.Size * 8 - 1 - _mantissaBits)) - 1) << _mantissaBits;
        return HasInfinity ? magnitude > infinity : magnitude == (1UL << (DType.Size * 8 - 1)) - 1;
    }
}
