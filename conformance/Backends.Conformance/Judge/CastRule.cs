namespace Backends.Conformance;

/// <summary>
/// What a value becomes in another dtype (docs/accuracy.md#cast). Float to integer truncates, saturates and gives 0 for NaN; integer to integer
/// is modulo 2^w; bool is x ≠ 0; all else is one rounding to nearest even. From f64 to 16 and 8 bits, where hardware has only the way
/// through f32, that is right too.
/// </summary>
internal static class CastRule
{
    /// <summary>The right bits, twice where there is only one answer.</summary>
    public static (ulong Bits, ulong Other) Apply(DType from, ulong bits, DType to)
    {
        if (from.IsFloat) return Real(FloatFormat.Of(from).Decode(bits), to, alsoThroughF32: from == DType.F64);
        var holder = new Operand(from, Shape.Scalar, BitConverter.GetBytes(bits));
        return Integer(from == DType.U64 ? (Int128)bits : holder.Integer(0), to);
    }

    /// <summary>The same for a number that is no tensor.</summary>
    public static (ulong Bits, ulong Other) Apply(Scalar value, DType to) => value.DType switch
    {
        DType.F64 => Real(value.ToDouble(), to, alsoThroughF32: true),
        DType.U64 => Integer(value.Bits, to),
        _ => Integer((long)value.Bits, to),
    };

    private static (ulong, ulong) Integer(Int128 value, DType to)
    {
        ulong bits = to == DType.Bool ? value != 0 ? 1UL : 0 : Masked(unchecked((ulong)value), to);
        if (to.IsFloat)
        {
            double high = (double)value;
            bits = Encoded(to, FloatFormat.Of(to).Round(high, (double)(value - (Int128)high)), high);
        }
        return (bits, bits);
    }

    private static (ulong, ulong) Real(double value, DType to, bool alsoThroughF32)
    {
        if (to.IsFloat)
        {
            var format = FloatFormat.Of(to);
            ulong direct = Encoded(to, format.Round(value), value);
            return (direct, alsoThroughF32 && to.Size < 4 ? Encoded(to, format.Round(FloatFormat.F32.Round(value)), value) : direct);
        }
        ulong bits = to == DType.Bool ? value != 0 ? 1UL : 0 : Saturated(value, to);
        return (bits, bits);
    }

    private static ulong Saturated(double value, DType to)
    {
        int width = to.Size * 8;
        double end = FloatFormat.Power(to.IsUnsigned ? width : width - 1);
        ulong max = ulong.MaxValue >> (64 - (to.IsUnsigned ? width : width - 1));
        if (double.IsNaN(value)) return 0;
        if (value >= end) return max;
        if (to.IsUnsigned) return value < 0 ? 0 : (ulong)value;
        return Masked(value < -end ? ~max : (ulong)(long)value, to);
    }

    private static ulong Masked(ulong bits, DType to) => bits & ulong.MaxValue >> (64 - to.Size * 8);

    // The 8-bit formats saturate, infinities too.
    private static ulong Encoded(DType to, double rounded, double value)
    {
        var format = FloatFormat.Of(to);
        return format.Encode(to.Size == 1 && double.IsInfinity(rounded) ? Math.CopySign(format.Largest, value) : rounded);
    }
}
