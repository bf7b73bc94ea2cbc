namespace Backends.Conformance;

/// <summary>
/// Fills of real numbers. Magnitudes of inputs and results stay above λ·2^p and below Ω/4 wherever the operator allows it, so that neither
/// flushed subnormals nor an overflow can ever excuse a wrong number. Integers and bool have no reals: they get every pattern.
/// </summary>
internal static class RealFills
{
    /// <summary><c>uniform</c>: full significands within two octaves; positive in sums and products, where Σ|x| is then the result itself and a narrow accumulator shows.</summary>
    public static void Uniform(Operand data, long seed, FillContext context)
    {
        if (!data.DType.IsFloat) { Fill.AllPatterns(data, seed, context); return; }
        var (low, high, signed) = Interval(data.DType, context);
        uint[] words = Fill.Words(seed, context.Input, data.Elements * 2);
        double floor = FloatFormat.Of(data.DType) is var f ? Math.Min(f.SmallestNormal / f.UnitRoundoff, 0.125) : 0;
        for (long i = 0; i < data.Elements; i++)
        {
            // 53 random bits, exactly: (w0 · 2^32 + w1) >> 11.
            double unit = ((ulong)words[2 * i] << 32 | words[2 * i + 1]) >> 11;
            double value = low + (high - low) * (unit * FloatFormat.Power(-53));
            if (Math.Abs(value) < floor) value = Math.CopySign(floor, value);
            data.Set(i, context.Cases.Number(context.Input, signed && (words[2 * i + 1] & 1) != 0 ? -value : value, words[2 * i + 1]));
        }
    }

    /// <summary><c>normal</c>: mean 0, variance 1, as the sum of twelve uniforms less 6, so that no library's logarithm decides the bits.</summary>
    public static void Normal(Operand data, long seed, FillContext context)
    {
        if (!data.DType.IsFloat) { Fill.AllPatterns(data, seed, context); return; }
        uint[] words = Fill.Words(seed, context.Input, data.Elements * 12);
        var format = FloatFormat.Of(data.DType);
        double floor = Math.Min(format.SmallestNormal / format.UnitRoundoff, 0.125);
        for (long i = 0; i < data.Elements; i++)
        {
            double value = -6;
            for (int j = 0; j < 12; j++) value += words[12 * i + j] * FloatFormat.Power(-32);
            data.Set(i, Math.Abs(value) < floor ? Math.CopySign(floor, value) : value);
        }
    }

    /// <summary><c>drift</c> and <c>ones</c>: one value everywhere; roundings of a running sum then all go one way.</summary>
    public static void Constant(Operand data, double value, FillContext context)
    {
        bool whole = !data.DType.IsFloat && context.Operator.Length > 0;
        for (long i = 0; i < data.Elements; i++) data.Set(i, whole ? 1 : value);
    }

    private static (double Low, double High, bool Signed) Interval(DType dtype, FillContext context) => context.Cases.Interval(dtype, context.Input) ?? context switch
    {
        { Accuracy: "sum" or "product" } => (0.5, 2, false),
        { Accuracy: "composed" } => (0.5, 8.5, false),
        { Accuracy: "cast" } => (0.5, 200, true),
        // Two operands: apart enough that no difference cancels and no product is small.
        { Accuracy: "rounded" or "quotient", Input: 0 } => (1, 4, false),
        { Accuracy: "rounded" or "quotient" } => (0.25, 0.75, false),
        _ => (0.5, 2, true),
    };
}
