using System.Numerics;
using Backends.Plugins;
using Backends.Reference;

namespace Backends.Conformance.Tests.Faults;

/// <summary>Numbers from a counter: which words are whose, and what is made of them. And members put one behind another.</summary>
internal static unsafe class DrawFaults
{
    public static IEnumerable<Fault> All => [.. Normals, .. Coins, .. Lists];

    private static IEnumerable<Fault> Normals =>
    [
        .. from type in (string[])["f32", "f16", "bf16"]
           from wrong in ((string, Func<ulong, ulong, ulong, uint>, Func<uint, double>)[])
           [
               ("the sign bit is inverted", Own, w => Quantile(w ^ 0x80000000)),
               ("the octave is one off", Own, w => Quantile(w, octaves: 1)),
               ("words in reverse order", (k, o, i) => Philox.Word(k, o * 4 + (i ^ 3)), w => Quantile(w)),
               ("the offset counts words", (k, o, i) => Philox.Word(k, o + i), w => Quantile(w)),
               ("the seed's high half is ignored", (k, o, i) => Philox.Word((uint)k, o * 4 + i), w => Quantile(w)),
               ("the last term of the polynomial is lost", Own, w => Quantile(w, terms: NormalQuantile.Terms - 1)),
               ("the sign is the last bit", Own, w => Quantile(w >> 1 | w << 31)),
           ]
           select new Fault(wrong.Item1, "normal", type, "values", c => Normal(c, wrong.Item2, wrong.Item3)),
        new("multiplied and added apart", "normal", "f32", "values", c => Normal(c, Own, w => Quantile(w, fused: false))),
        .. from type in (string[])["f16", "bf16"] select new Fault("truncated", "normal", type, "values", c => Normal(c, Own, w => Rounding.Towards0(c.Y.Format, Quantile(w)))),
        new("f64 goes through f32", "normal", "f64", "values", c => c.Changed((_, y) => BitConverter.DoubleToUInt64Bits((float)BitConverter.UInt64BitsToDouble(y)))),
        new("f64 takes one word", "normal", "f64", "values", c => Normal(c, Own, w => Quantile(w))),
    ];

    private static IEnumerable<Fault> Coins =>
    [
        .. from type in (string[])["f32", "f16"] select new Fault("is ≤", "bernoulli", type, "values", c => Coin(c, Own, (w, p) => w <= p * 4294967296.0)),
        .. from type in (string[])["bool", "f32"]
           from wrong in ((string, Func<ulong, ulong, ulong, uint>, Func<uint, double, bool>)[])
           [
               ("of 1 the threshold is 0", Own, (w, p) => w < unchecked((uint)(ulong)(p * 4294967296.0))),
               ("of 0 the probability is left", Own, (w, p) => w >= p * 4294967296.0),
               ("words in reverse order", (k, o, i) => Philox.Word(k, o * 4 + (i ^ 3)), Below),
               ("the offset is ignored", (k, _, i) => Philox.Word(k, i), Below),
               ("the offset's high half is ignored", (k, o, i) => Philox.Word(k, (uint)o * 4ul + i), Below),
           ]
           select new Fault(wrong.Item1, "bernoulli", type, "values", c => Coin(c, wrong.Item2, wrong.Item3)),
        new("eight bits are taken", "bernoulli", "f32", "values", c => Coin(c, Own, (w, p) => (w >> 24) < p * 256)),
        new("f64 takes two words", "bernoulli", "f64", "values", c => Coin(c, (k, o, i) => Philox.Word(k, o * 4 + 2 * i + 1), Below)),
        new("true is 255", "bernoulli", "bool", "values", c => c.Changed((_, y) => y == 1 ? 255ul : y)),
    ];

    private static IEnumerable<Fault> Lists =>
    [
        .. from type in (string[])["f32", "*"]
           from wrong in ((string, Action<Call>)[])
           [
               ("members in reverse order", c => Concat(c, reversed: true)),
               ("every member is as long as the first", c => Concat(c, next: first => first)),
               ("the last is repeated for the first", c => Concat(c, member: (i, n) => n > 1 && i == 0 && c.X[0].Shape == c.X[n - 1].Shape ? n - 1 : i)),
           ]
           select new Fault(wrong.Item1, "concat", type, "values", wrong.Item2),
        new("the last member's tail is not written", "concat", "f32", "", c => Concat(c, tail: true)),
        new("signalling NaNs are quieted", "concat", "f32", "special", c => c.Changed((_, y) => double.IsNaN(c.Y.Number(y)) ? y | 0x400000 : y)),
    ];

    private static uint Own(ulong key, ulong offset, ulong i) => Philox.Word(key, offset * 4 + i);

    private static bool Below(uint word, double p) => word < p * 4294967296.0;

    private static float Quantile(uint word, int octaves = 0, int? terms = null, bool fused = true)
    {
        uint n = word << 1 | 1;
        int octave = BitOperations.LeadingZeroCount(n), from = Math.Min(octave + octaves, NormalQuantile.Octaves - 1) * NormalQuantile.Terms;
        float t = (n << octave >> 8 & 0x7FFFFF) * (1f / (1 << 23)), z = 0;
        for (int i = (terms ?? NormalQuantile.Terms) - 1; i >= 0; i--)
        {
            float c = (float)NormalQuantile.Coefficients[from + i];
            z = fused ? MathF.FusedMultiplyAdd(z, t, c) : BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(z * t)) + c;
        }
        return word >> 31 == 0 ? z : -z;
    }

    private static void Normal(Call c, Func<ulong, ulong, ulong, uint> word, Func<uint, double> number)
    {
        var a = (NormalAttributes*)c.Frame->Attributes;
        for (long i = 0; i < c.Y.Count; i++) c.Y.Set(i, number(word((ulong)a->Seed, (ulong)a->Offset, (ulong)i)));
    }

    private static void Coin(Call c, Func<ulong, ulong, ulong, uint> word, Func<uint, double, bool> one)
    {
        var a = (BernoulliAttributes*)c.Frame->Attributes;
        for (long i = 0; i < c.Y.Count; i++) c.Y.Set(i, one(word((ulong)a->Seed, (ulong)a->Offset, (ulong)i), a->P) ? 1 : 0);
    }

    private static void Concat(Call c, bool reversed = false, bool tail = false, Func<long, long>? next = null, Func<int, int, int>? member = null)
    {
        int along = c.Y.Shape.Along(((ConcatAttributes*)c.Frame->Attributes)->Dim), count = c.X.Length;
        long start = 0;
        for (int m = 0; m < count; m++)
        {
            int from = reversed ? count - 1 - m : member?.Invoke(m, count) ?? m;
            var shape = c.X[from].Shape;
            for (long i = 0; i < c.X[from].Count - (tail && m == count - 1 ? 1 : 0); i++)
            {
                long[] at = Judge.IndexOf(i, shape);
                if ((at[along] += start) >= c.Y.Shape[along]) continue;
                long place = 0;
                for (int d = 0; d < at.Length; d++) place = place * c.Y.Shape[d] + at[d];
                c.Y[place] = c.Before[from][i];
            }
            start += next?.Invoke(c.X[0].Shape[along]) ?? shape[along];
        }
    }
}
