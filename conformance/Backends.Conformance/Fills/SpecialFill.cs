namespace Backends.Conformance;

/// <summary>
/// <c>special</c>: the values that kernels get wrong. Element by element, three blocks of four are nothing else, so that in 2,047 elements each
/// special value meets each of the other operand's and stands at each place of a vector; the fourth has one, among ordinary numbers. Where many
/// elements meet in one output, most outputs have a single one, so that no other can hide it; some have two, some nothing but one value.
/// </summary>
internal static class SpecialFill
{
    private const int Block = 64, Tail = 7;

    public static void Plant(Operand data, long seed, FillContext context)
    {
        if (data.DType == DType.Bool) { Fill.AllPatterns(data, seed, context); return; }
        Surroundings(data, seed, context);
        ulong[] special = data.DType.IsFloat ? Floats(data.DType, context) : Integers(data.DType, context);
        if (context.Terms > 1) Meeting(data, seed, context, special);
        else Crossed(data, seed, context, special);
        if (context.Cases.IsDivisor(context.Input) && !data.DType.IsFloat) WithoutZeros(data, seed);
    }

    private static void Surroundings(Operand data, long seed, FillContext context)
    {
        uint[] words = Fill.Words(seed, context.Input, data.Elements);
        int span = data.DType is DType.F8E5M2 ? 7 : 9;
        for (long i = 0; i < data.Elements; i++)
        {
            int value = (int)((words[i] >> 8) % (uint)span) - (data.DType.IsUnsigned ? 0 : span / 2);
            data.Set(i, value == 0 ? 1 : value);
        }
    }

    private static void Crossed(Operand data, long seed, FillContext context, ulong[] special)
    {
        long n = data.Elements, m = special.Length, pair = seed * 31;
        for (long i = 0; i < n; i++)
        {
            bool dense = i / Block % 4 != 3 || i >= n - Block;
            if (!dense && i % Block != seed % Block) continue;
            // The second operand walks beside the first, one step further each time round: after m·m elements every pair was there. A third walks three times as fast.
                data.SetBits(i, special[Wrap(context.Input switch { 0 => pair, 1 => pair + 1 + pair / m, _ => 3 * pair + pair / m }, special.Length)]);
            pair++;
        }
        if (!data.DType.IsFloat || n < Tail) return;
        // Behind the last vector: NaN in the one operand, in the other, the infinities, beside an ordinary number each.
        for (int j = 0; j < Tail; j++)
            data.SetBits(n - 1 - j, (j + seed) % 2 == context.Input ? special[Wrap((j + seed) / 2 % 3 * 3 % 4, special.Length)] : FloatFormat.Of(data.DType).Encode(1.5));
    }

    private static void Meeting(Operand data, long seed, FillContext context, ulong[] special)
    {
        long k = context.Terms;
        long[] places = [k - 1, 0, k / 2, Math.Min(7, k - 1), Math.Min(8, k - 1), Math.Min(16, k - 1), k - 1 - Math.Min(k - 1, k % 8)];
        // Few outputs cannot hold all: then seeds take turns.
        bool few = data.Elements / k < 3 * places.Length;
        long first = few ? seed % 8 - 5 : -3;
        foreach (var (index, output, term) in context.Walk(data.Shape))
        {
            // The second input keeps its surroundings in every other output: what the first one plants must come through alone too.
            if (context.Input != 0 && output % 2 == 0) continue;
            long kind = (output + seed) % 8, whole = (output + seed % 8) / 8 + (few ? seed / 8 : 0), single = output + seed % places.Length;
            // NaN comes three times to each place, since the two other kinds take one of each eight outputs; then every other value.
            if (kind == 7 && context.Input == 0) data.SetBits(index, special[Wrap(whole, special.Length)]);
            else if (kind == 6 && context.Input == 0 && (term == places[0] || term == places[1])) data.SetBits(index, special[term == places[0] ? 1 : 3]);
            else if (kind < 6 && term == places[Wrap(single, places.Length)]) data.SetBits(index, special[Wrap(Math.Max(0, single / places.Length + first), special.Length)]);
        }
    }

    private static void WithoutZeros(Operand data, long seed)
    {
        // x / 0 is unspecified for its element alone: one is left in, so that its neighbours are seen to be right.
        for (long i = 0, kept = 0; i < data.Elements; i++)
            if (data.Integer(i) == 0 && kept++ > 0) data.SetBits(i, (ulong)(1 + (seed & 1)));
    }

    private static int Wrap(long value, int length) => (int)((value % length + length) % length);

    private static ulong[] Integers(DType dtype, FillContext context)
    {
        ulong min = dtype.IsUnsigned ? 0 : 1UL << (dtype.Size * 8 - 1), max = dtype.IsUnsigned ? ulong.MaxValue >> (64 - dtype.Size * 8) : min - 1;
        ulong[] ends = [min, ulong.MaxValue, 0, max, 1, min + 1, max - 1, (ulong)(1L << (dtype.Size * 4)), unchecked((ulong)-2)];
        return [.. ends, .. context.Cases.IntegerEdges.Where(e => e <= max)];
    }

    // The two last are NaNs with payloads, a quiet and a signalling one.
    private static ulong[] Floats(DType dtype, FillContext context)
    {
        var f = FloatFormat.Of(dtype);
        double above = 1 + 2 * f.UnitRoundoff, below = 1 - f.UnitRoundoff;
        double[] values =
        [
            double.NaN, double.PositiveInfinity, -0.0, double.NegativeInfinity, f.Quantum, f.Largest, 0.0, -f.SmallestNormal,
            f.SmallestNormal - f.Quantum, -f.Largest, 0.5, -0.5, 1.5, 2.5, -2.5, above, below, -1, 1024, -f.Quantum, f.SmallestNormal,
            .. context.Cases.Edges(dtype),
        ];
        var bits = new List<ulong>();
        foreach (double value in values)
            if (!double.IsInfinity(value) || f.HasInfinity) bits.Add(f.Encode(Finite(f, value)));
        if (f.HasInfinity)
        {
            ulong infinity = f.Encode(double.PositiveInfinity);
            bits.Add(f.Encode(double.NaN) | 1);
            bits.Add(infinity | 1);
        }
        return [.. bits];
    }

    private static double Finite(FloatFormat f, double value)
    {
        double rounded = f.Round(value);
        return double.IsFinite(rounded) || !double.IsFinite(value) ? rounded : Math.CopySign(f.Largest, value);
    }
}
