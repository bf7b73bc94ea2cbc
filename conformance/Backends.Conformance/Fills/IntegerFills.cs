namespace Backends.Conformance;

/// <summary>
/// Fills under which every right kernel gives the same bits, whatever its order, blocks or contraction: all values are integers, and where N
/// non-zero products of at most A·B meet in one output, N·A·B ≤ 2^p of the narrowest accumulator that must agree. N is kept by zeros in a
/// pattern that moves with the output's number, so that every term counts somewhere and every output has one that counts.
/// </summary>
internal static class IntegerFills
{
    /// <summary><c>integers</c>: exact even in an accumulator of the storage type, so a failure is never one of precision: a tap, a stride, a tail, a mask is wrong.</summary>
    public static void Structure(Operand data, long seed, FillContext context)
    {
        if (data.DType == DType.Bool) Fill.AllPatterns(data, seed, context);
        else if (context.Accuracy is "sum" or "product") Terms(data, seed, context, Small(data.DType, context));
        else Distinct(data, seed, context);
    }

    /// <summary>
    /// <c>integers-precise</c>: exact in the accumulate type and in nothing narrower. f32 and f64: odd integers of half the significand (12 and
    /// 26 bits) times ±1 or ±2; an even seed gives both operands half a significand and one term an output, so that a split into narrow parts
    /// that drops low·low is seen. 16 bit: sums beyond the storage type's 2^p, rounded once. Elementwise: half a significand each.
    /// </summary>
    public static void Precise(Operand data, long seed, FillContext context)
    {
        if (!data.DType.IsFloat) Fill.AllPatterns(data, seed, context);
        else if (context.Accuracy is "sum" or "product") Terms(data, seed, context, Wide(data.DType, context, single: (seed & 1) == 0));
        else if (context.Accuracy == "composed" || context.Cases.Modulus(context.Input) is not null || data.DType.Size < 4) Distinct(data, seed, context);
        else
        {
            Terms(data, seed, context with { ReducedDims = 0, Terms = 1 }, new Range(data.DType == DType.F64 ? 1 << 25 : 1 << 11, data.DType == DType.F64 ? 1 << 26 : 1 << 12, 1, Odd: true));
            for (long i = 0; i < data.Elements; i++) data.Set(i, context.Cases.Number(context.Input, data.Real(i), Philox.Word((ulong)seed, (ulong)i)));
        }
    }

    // Magnitudes Low..High-1, at most Count non-zero terms of this input in one output.
    private readonly record struct Range(long Low, long High, long Count, bool Odd = false, bool MostlyPositive = false);

    private static Range Small(DType dtype, FillContext context)
    {
        int precision = dtype.IsFloat ? FloatFormat.Of(dtype).Precision : 24;
        bool product = context.Accuracy == "product", narrow = precision <= 4;
        long a = narrow ? 2 : 4, b = !product ? 1 : narrow ? 1 : 2;
        // Mostly positive where nothing is multiplied: a block that is lost must not cancel.
        return context.IsThinned ? new Range(1, a + 1, Math.Max(1, (1L << Math.Min(precision, 40)) / (a * b)), MostlyPositive: !product) : new Range(1, b + 1, long.MaxValue);
    }

    private static Range Wide(DType dtype, FillContext context, bool single)
    {
        bool product = context.Accuracy == "product", first = context.IsThinned;
        long dense = long.MaxValue;
        switch (dtype)
        {
            case DType.F16 when product: return first ? new Range(1, 64, 33, MostlyPositive: true) : new Range(1, 32, dense);
            case DType.F16: return new Range(1, 2048, 32, MostlyPositive: true);
            case DType.BF16 when product: return new Range(1, 128, first ? 1 << 10 : dense, MostlyPositive: true);
            case DType.BF16: return new Range(1, 256, 1 << 16, MostlyPositive: true);
        }
        int half = dtype == DType.F64 ? 26 : 12, rest = (dtype == DType.F64 ? 53 : 24) - half;
        if (product && single) return new Range(1L << (half - 1), 1L << half, first ? 1 : dense, Odd: true);
        if (!first) return new Range(1, 3, dense);
        return new Range(1L << (half - 1), 1L << half, 1L << (product ? rest - 1 : rest), Odd: true);
    }

    private static void Terms(Operand data, long seed, FillContext context, Range range)
    {
        uint[] words = Fill.Words(seed, context.Input, data.Elements);
        long stride = range.Count >= context.Terms ? 1 : (context.Terms + range.Count - 1) / range.Count;
        long outputs = context.Terms == 0 ? 1 : data.Elements / context.Terms;
        // Few outputs spread over all phases; the last output counts the last term, where tails go wrong.
        long step = Math.Max(1, stride / Math.Max(1, outputs)), shift = Philox.Word((ulong)seed, 0) % stride;
        foreach (var (index, output, term) in context.Walk(data.Shape))
        {
            if ((context.Terms - 1 - term + (output == outputs - 1 ? 0 : output * step + shift)) % stride != 0) continue;
            uint word = words[index];
            long value = range.Low + (word >> 8) % (range.High - range.Low);
            if (range.Odd) value |= 1;
            bool negative = range.MostlyPositive ? (word & 3) == 0 : (word & 1) == 0;
            data.Set(index, negative && !data.DType.IsUnsigned ? -value : value);
        }
    }

    // Neighbours differ, in sign too, and so do elements that a wrong stride or offset would take for one another.
    private static void Distinct(Operand data, long seed, FillContext context)
    {
        uint[] words = Fill.Words(seed, context.Input, data.Elements);
        long modulus = Modulus(data.DType, context), start = Philox.Word((ulong)seed, (ulong)context.Input) % modulus;
        for (long i = 0; i < data.Elements; i++)
        {
            long value = (i * 97 + start) % modulus - (data.DType.IsUnsigned ? 0 : modulus / 2);
            data.Set(i, context.Cases.Number(context.Input, value, words[i]));
        }
        if (context is { Accuracy: "exact", Terms: > 1 }) Extremes(data, seed, context, modulus);
    }

    // Where one of many is chosen: a largest and a smallest that stand once an output, at places that move; the last output's largest is its last term.
    private static void Extremes(Operand data, long seed, FillContext context, long modulus)
    {
        long outputs = data.Elements / context.Terms, half = data.DType.IsUnsigned ? 0 : modulus / 2;
        foreach (var (index, output, term) in context.Walk(data.Shape))
        {
            long largest = output == outputs - 1 ? context.Terms - 1 : (output * 5 + seed) % context.Terms;
            if (term == largest) data.Set(index, modulus - half + 1);
            else if (term == (largest + context.Terms / 2) % context.Terms && !data.DType.IsUnsigned) data.Set(index, -half - 1);
        }
    }

    // Rows of a softmax stay within a few octaves, the rest within what the format counts exactly.
    private static long Modulus(DType dtype, FillContext context) => context.Cases.Modulus(context.Input) ?? (context.Accuracy == "composed" ? 13 : dtype switch { DType.F8E5M2 => 15, DType.F8E4M3 => 31, _ => 251 });
}
