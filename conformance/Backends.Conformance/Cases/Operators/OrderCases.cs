using System.Globalization;

namespace Backends.Conformance;

// Operators that look for the largest, the first, or any: where equal elements meet.

/// <summary>argmax: in every other output the largest stands twice; among special ones there are rows whose largest are zeros of both signs.</summary>
internal sealed class ArgMaxCases : AMaxCases
{
    public override void Arrange(Operand data, string fill, long seed, FillContext context)
    {
        if (context.Terms < 2) return;
        long last = data.Elements / context.Terms - 1;
        if (fill == FillAxis.Special)
        {
            if (data.DType.IsFloat) Zeros(data, seed, context);
            return;
        }
        var largest = new Dictionary<long, ulong>();
        foreach (var (index, output, _) in context.Walk(data.Shape))
            if (!largest.TryGetValue(output, out ulong bits) || IsMore(data, data.Bits(index), bits)) largest[output] = data.Bits(index);
        foreach (var (index, output, term) in context.Walk(data.Shape))
            if ((output == last ? seed : output) % 2 == 0 && term == (output * 5 + seed + 3) % context.Terms) data.SetBits(index, largest[output]);
    }

    private static void Zeros(Operand data, long seed, FillContext context)
    {
        foreach (var (index, output, term) in context.Walk(data.Shape))
            if ((output + seed) % 5 == 0) data.Set(index, term == context.Terms / 2 ? -0.0 : term == context.Terms - 1 ? 0.0 : -1);
    }

    private static bool IsMore(Operand data, ulong a, ulong b)
    {
        if (data.DType.IsFloat) return FloatFormat.Of(data.DType).Decode(a) > FloatFormat.Of(data.DType).Decode(b);
        ulong sign = data.DType.IsUnsigned ? 0 : 1UL << (data.DType.Size * 8 - 1);
        return (a ^ sign) > (b ^ sign);
    }
}

/// <summary>any: of three outputs one has nothing but zeros, two have a single element that is none, at places that move.</summary>
internal sealed class AnyCases : OperatorCases
{
    public override void Arrange(Operand data, string fill, long seed, FillContext context)
    {
        if (context.Terms == 0) return;
        long outputs = data.Elements / context.Terms;
        ulong[] found = data.DType == DType.Bool ? [1] : data.DType.IsFloat ? Floats(FloatFormat.Of(data.DType))
            : [1, 1UL << (data.DType.Size * 8 - 1), ulong.MaxValue, 1UL << (data.DType.Size * 4)];
        foreach (var (index, output, term) in context.Walk(data.Shape))
        {
            bool last = output == outputs - 1;
            bool stays = term == (last ? context.Terms - 1 : (output * 5 + seed) % context.Terms) && (last || output % 3 != 0);
            data.SetBits(index, !stays ? Zero(data.DType, fill, index) : fill == FillAxis.Special || data.Bits(index) == 0 ? found[(output + seed) % found.Length] : data.Bits(index));
        }
    }

    private static ulong Zero(DType dtype, string fill, long index) =>
        fill == FillAxis.Special && dtype.IsFloat && index % 2 == 0 ? FloatFormat.Of(dtype).Encode(-0.0) : 0;

    private static ulong[] Floats(FloatFormat f) => [f.Encode(double.NaN), f.Encode(f.Quantum), f.Encode(double.NegativeInfinity), f.Encode(-f.Quantum), f.Encode(0.5)];
}

/// <summary>sort: few keys that come often, zeros of both signs among them, so that only the stable order is right; <c>uniform</c> has many.</summary>
internal class SortCases : OperatorCases
{
    private const int Keys = 7;

    public override void Arrange(Operand data, string fill, long seed, FillContext context)
    {
        if (fill is FillAxis.Special or FillAxis.Uniform) return;
        uint[] words = Fill.Words(seed, context.Input, data.Elements);
        for (long i = 0; i < data.Elements; i++)
        {
            int key = (int)((words[i] >> 8) % Keys) - (data.DType.IsUnsigned ? -1 : Keys / 2);
            data.Set(i, data.DType.IsFloat && key == 0 && (words[i] & 1) != 0 ? -0.0 : key);
        }
    }
}

/// <summary>topk: one, few, all of a row; the ties of sort.</summary>
internal sealed class TopKCases : SortCases
{
    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => attribute.Name == "k"
        ? [s => Least(s, 1), s => Least(s, 3), s => s.Rank > 0 ? s[^1].ToString(CultureInfo.InvariantCulture) : null, s => s.Rank > 0 ? ((s[^1] + 1) / 2).ToString(CultureInfo.InvariantCulture) : null] : null;

    public override IReadOnlyList<Shape[]>? SpecialShapes => [[[31, 9, 7]]];

    public override IReadOnlyList<Shape[]>? LongShapes => [[[4099]]];

    public override IEnumerable<CallCase> Errors(Operator op) =>
        from k in (string[])["-1", "6"]
        select new CallCase { Operator = op, Aspect = "errors", Types = [DType.F32], Shapes = [[3, 5]], Attributes = new Dictionary<string, string> { ["k"] = k }, Error = "BK2005", Fill = FillAxis.Integers };

    private static string? Least(Shape s, int k) => s.Rank > 0 && s.Max() >= k ? k.ToString(CultureInfo.InvariantCulture) : null;
}
