using Backends.Plugins;

namespace Backends.Conformance.Tests.Faults;

/// <summary>Many elements meet in one result: accumulators, lost terms, wrong rows; and results that the data or a counter decide.</summary>
internal static unsafe class TermFaults
{
    private static readonly FloatFormat s_half = FloatFormat.F16, s_brain = FloatFormat.BF16, s_single = FloatFormat.F32;

    public static IEnumerable<Fault> All => [.. Sums, .. Largest, .. Products, .. Rows, .. Positions, .. Draws];

    private static IEnumerable<Fault> Sums =>
    [
        .. from type in (string[])["f32", "f16"] select new Fault("an f16 accumulator", "sum", type, "integers-precise", c => c.Reduce(t => Chain(t, s_half))),
        .. from type in (string[])["f32", "bf16"] select new Fault("a bf16 accumulator", "sum", type, "integers-precise", c => c.Reduce(t => Chain(t, s_brain))),
        new("an f32 accumulator", "sum", "f64", "integers-precise", c => c.Reduce(t => Chain(t, s_single))),
        new("an f16 accumulator, 16 of them", "sum", "f16", "integers-precise", c => c.Reduce(t => Parts(t, 16, s_half))),
        new("additions are truncated", "sum", "f32", "uniform", c => c.Reduce(t => t.Aggregate(0.0, (s, x) => Rounding.Towards0(s_single, s + x)))),
        new("the last rounding truncates", "sum", "bf16", "uniform", c => c.Changed((i, _) => c.Y.Format.Encode(Rounding.Towards0(c.Y.Format, c.Rows()[i].Sum(j => c.In(0, j)))))),
        .. from type in (string[])["f32", "f64", "f16", "i32"] select new Fault("the last block of 8 is lost from 4,096 terms on", "sum", type, "integers", c => c.Reduce(t => (t.Length >= 4096 ? t[..^8] : t).Sum())),
        .. from type in (string[])["f32", "i64"] select new Fault("the last term is lost where 8 do not divide their number", "sum", type, "values", c => c.Reduce(t => (t.Length % 8 == 1 && t.Length > 1 ? t[..^1] : t).Sum())),
        new("the first term of the second block counts twice", "sum", "f32", "values", c => c.Reduce(t => t.Sum() + (t.Length > 1024 ? t[1024] : 0))),
        new("bool saturates at 255", "sum", "bool", "values", c => c.Reduce(t => Math.Min(255, t.Sum()))),
        new("bool is added modulo 256", "sum", "bool", "values", c => c.Reduce(t => t.Sum() % 256)),
        new("i32 is added modulo 2^32", "sum", "i32", "", c => c.Changed((_, y) => (ulong)(int)y)),
        new("u32 is read as signed", "sum", "u32", "", c => c.Changed((i, _) => (ulong)c.Rows()[i].Sum(j => (int)c.Before[0][j]))),
        new("i64 is added in f64", "sum", "i64", "", c => c.Reduce(t => t.Sum())),
        new("the second of two dims is not added", "sum", "f32", "values", c => { c.Right(); if (c.Rows() is [{ Count: > 1 } row, ..] && c.Frame->Inputs[0]->Rank >= 2 && c.Y.Count == 1) c.Y.Set(0, row.Take((int)c.Frame->Inputs[0]->Shape[c.Frame->Inputs[0]->Rank - 1]).Sum(j => c.In(0, j))); }),
        new("one infinity of two signs wins", "sum", "f32", "special", c => c.Reduce(t => t.Any(double.IsNaN) ? double.NaN : t.FirstOrDefault(double.IsInfinity, t.Sum()))),
        .. from place in (string[])["first", "middle", "last"] select new Fault($"the {place} term's NaN is lost", "sum", "f32", "special", c => c.Reduce(t => t.Where((x, i) => !double.IsNaN(x) || !Is(place, i, t.Length)).Sum())),
    ];

    private static IEnumerable<Fault> Largest =>
    [
        .. from place in (string[])["first", "middle", "last"]
           from type in (string[])["f32", "f16"]
           select new Fault($"the {place} term's NaN is lost", "amax", type, "special", c => c.Reduce(t => Max(t.Where((x, i) => !double.IsNaN(x) || !Is(place, i, t.Length))))),
        new("NaN never wins", "amax", "f32", "special", c => c.Reduce(t => t.Aggregate(double.NegativeInfinity, (m, x) => x > m ? x : m))),
        new("begins with 0", "amax", "f32", "values", c => c.Reduce(t => Max(t.Append(0)))),
        new("begins with the largest's negative", "amax", "f32", "special", c => c.Reduce(t => Max(t.Append(-float.MaxValue)))),
        new("begins with -32768", "amax", "i32", "", c => c.Reduce(t => Max(t.Append(-32768)))),
        new("unsigned is compared as signed", "amax", "u8", "values", c => c.Reduce(t => (byte)t.Max(x => (sbyte)(byte)x))),
        new("i64 is compared in f64", "amax", "i64", "", c => c.Reduce(t => t.Max())),
        .. from type in (string[])["f32", "u8", "bf16"] select new Fault("the last block of 8 is lost from 4,096 terms on", "amax", type, "values", c => c.Reduce(t => Max(t.Length >= 4096 ? t[..^8] : t))),
        new("the last term is lost", "amax", "f32", "values", c => c.Reduce(t => Max(t.Length > 8 && t.Length % 8 != 0 ? t[..^1] : t))),
        new("the first term is lost", "amax", "i16", "", c => c.Reduce(t => t.Length > 1 ? t[1..].Max() : t[0])),
    ];

    private static IEnumerable<Fault> Products =>
    [
        new("tf32 operands", "matmul", "f32", "integers-precise", c => c.Product((a, b) => Dot(a, b, x => Rounding.Narrow(x, 11)))),
        new("tf32 operands from 1,024 terms on", "matmul", "f32", "integers-precise", c => c.Product((a, b) => Dot(a, b, x => a.Length >= 1024 ? Rounding.Narrow(x, 11) : x))),
        new("two bf16 parts, low · low dropped", "matmul", "f32", "integers-precise", c => c.Product((a, b) => Dot(a, b, x => x) - Dot(a, b, x => x - Rounding.Narrow(x, 8)))),
        new("f32 products of f64", "matmul", "f64", "integers-precise", c => c.Product((a, b) => Dot(a, b, x => (float)x))),
        .. from type in (string[])["f16", "f32"] select new Fault("an f16 accumulator", "matmul", type, "integers-precise", c => c.Product((a, b) => Accumulate(a, b, s_half))),
        .. from type in (string[])["bf16", "f32"] select new Fault("a bf16 accumulator", "matmul", type, "integers-precise", c => c.Product((a, b) => Accumulate(a, b, s_brain))),
        new("an f32 accumulator", "matmul", "f64", "integers-precise", c => c.Product((a, b) => Accumulate(a, b, s_single))),
        new("the last rounding truncates", "matmul", "bf16", "integers-precise", c => c.Product((a, b) => Rounding.Towards0(c.Y.Format, Dot(a, b, x => x)))),
        .. from type in (string[])["f32", "f16", "i32"] select new Fault("the terms behind the last 8 are lost", "matmul", type, "integers", c => c.Product((a, b) => Dot(a[..(a.Length < 8 ? a.Length : a.Length / 8 * 8)], b, x => x))),
        .. from type in (string[])["f32", "bf16"] select new Fault("the last block of 16 is lost from 4,096 terms on", "matmul", type, "values", c => c.Product((a, b) => Dot(a.Length >= 4096 ? a[..^16] : a, b, x => x))),
        new("the batch of b is its first", "matmul", "f32", "values", c => c.Product((a, b) => Dot(a, b, x => x), firstBatchOnly: true)),
        new("zeros are skipped", "matmul", "f32", "special", c => c.Product((a, b) => Enumerable.Range(0, a.Length).Where(i => a[i] != 0 && b[i] != 0).Sum(i => a[i] * b[i]))),
        new("an infinity's sign is lost", "matmul", "f32", "special", c => c.Changed((_, y) => y == 0xFF800000 ? 0x7F800000 : y)),
        new("integers are multiplied in f32", "matmul", "i32", "", c => c.Product((a, b) => (double)a.Zip(b, (x, y) => (float)x * (float)y).Sum())),
        new("integers saturate", "matmul", "i8", "", c => c.Product((a, b) => Math.Clamp(Dot(a, b, x => x), -128, 127))),
        new("u8 is read as signed", "matmul", "u16", "", c => c.Product((a, b) => (ushort)(long)Dot(a, b, x => (short)x) is var r && a.Length > 40 ? r - 1 : (ushort)(long)Dot(a, b, x => x))),
    ];

    private static IEnumerable<Fault> Rows =>
    [
        new("without the maximum", "softmax", "f32", "", c => Softmax(c, t => Plain(t, 0))),
        new("along the last dim, whatever is asked", "softmax", "f32", "values", c => Softmax(c, t => Plain(t, t.Max()), lastDim: true)),
        new("the last term is not in the sum", "softmax", "f32", "values", c => Softmax(c, t => Over(t, t.Length > 1 ? t[..^1] : t))),
        new("an f16 sum", "softmax", "f32", "uniform", c => Softmax(c, t => t.Select(x => Math.Exp(x - t.Max()) / Chain([.. t.Select(v => Math.Exp(v - t.Max()))], s_half)))),
        new("a bf16 exponential", "softmax", "f32", "uniform", c => Softmax(c, t => t.Select(x => s_brain.Round(Math.Exp(x - t.Max())) / t.Sum(v => s_brain.Round(Math.Exp(v - t.Max())))))),
        new("a row of -Inf is 0", "softmax", "f32", "special", c => Softmax(c, t => t.All(double.IsNegativeInfinity) ? t.Select(_ => 0.0) : Plain(t, t.Max()))),
        new("NaN is left out", "softmax", "f32", "special", c => Softmax(c, t => Over(t, [.. t.Where(x => !double.IsNaN(x)).DefaultIfEmpty(0)]))),
        new("+Inf gives 1", "softmax", "f16", "special", c => Softmax(c, t => t.Max() is double.PositiveInfinity ? t.Select(x => double.IsPositiveInfinity(x) ? 1.0 : 0) : Plain(t, t.Max()))),
    ];

    private static IEnumerable<Fault> Positions =>
    [
        new("NaN counts as zero", "nonzero", "f32", "special", c => Nonzero(c, (v, _) => v != 0 && !double.IsNaN(v))),
        new("-0 counts", "nonzero", "f32", "special", c => Nonzero(c, (_, bits) => bits != 0)),
        new("only the low 32 bits count", "nonzero", "i64", "", c => Nonzero(c, (_, bits) => (uint)bits != 0)),
        new("column-major order", "nonzero", "f32", "values", c => Nonzero(c, (v, _) => v != 0 || double.IsNaN(v), columns: true)),
        new("one row too few", "nonzero", "i32", "values", c => Nonzero(c, (v, _) => v != 0, drop: 1)),
        new("the tail is not looked at", "nonzero", "u8", "", c => Nonzero(c, (v, _) => v != 0, tail: 8)),
    ];

    private static IEnumerable<Fault> Draws =>
    [
        new("words in reverse order", "uniform", "f32", "values", c => Uniform(c, (k, o, i) => Philox.Word(k, o * 4 + (i ^ 3)))),
        new("the offset is ignored", "uniform", "f32", "values", c => Uniform(c, (k, _, i) => Philox.Word(k, i))),
        new("the offset counts words", "uniform", "f16", "values", c => Uniform(c, (k, o, i) => Philox.Word(k, o + i))),
        new("the offset's high half is ignored", "uniform", "bf16", "values", c => Uniform(c, (k, o, i) => Philox.Block(k, (uint)(o + i / 4)) is var b ? (i % 4) switch { 0 => b.W0, 1 => b.W1, 2 => b.W2, _ => b.W3 } : 0)),
        new("the seed's high half is ignored", "uniform", "f32", "values", c => Uniform(c, (k, o, i) => Philox.Word((uint)k, o * 4 + i))),
        new("the low bits are taken", "uniform", "bf16", "values", c => Uniform(c, (k, o, i) => Philox.Word(k, o * 4 + i) << 24)),
        new("rounded, so that 1 is possible", "uniform", "bf16", "values", c => Uniform(c, (k, o, i) => Philox.Word(k, o * 4 + i), w => w * Math.Pow(2, -32))),
    ];

    private static double Chain(double[] terms, FloatFormat accumulator) => terms.Aggregate(0.0, (s, x) => accumulator.Round(s + x));

    private static double Parts(double[] terms, int parts, FloatFormat accumulator) => Chain([.. Enumerable.Range(0, parts).Select(p => Chain([.. terms.Where((_, i) => i % parts == p)], accumulator))], accumulator);

    private static double Max(IEnumerable<double> terms) => terms.DefaultIfEmpty(double.NegativeInfinity).Aggregate((m, x) => double.IsNaN(m) || x <= m ? m : x);

    private static bool Is(string place, int i, int n) => place switch { "first" => i == 0, "last" => i == n - 1, _ => i > 0 && i < n - 1 };

    private static double Dot(double[] a, double[] b, Func<double, double> seen)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += seen(a[i]) * seen(b[i]);
        return sum;
    }

    private static double Accumulate(double[] a, double[] b, FloatFormat format)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum = format.Round(sum + a[i] * b[i]);
        return sum;
    }

    private static IEnumerable<double> Plain(double[] t, double max) => t.Select(x => (double)(MathF.Exp((float)(x - max)) / t.Sum(v => MathF.Exp((float)(v - max)))));

    private static IEnumerable<double> Over(double[] t, double[] terms) => t.Select(x => Math.Exp(x - terms.Max()) / terms.Sum(v => Math.Exp(v - terms.Max())));

    internal static void Softmax(Call c, Func<double[], IEnumerable<double>> row, bool lastDim = false)
    {
        var rows = c.Rows();
        if (lastDim && c.Y.Shape.Rank > 0) rows = [.. Enumerable.Range(0, (int)c.Y.Count).Select(i => (long)i).GroupBy(i => i / c.Y.Shape[^1]).Select(g => g.ToList())];
        foreach (var places in rows.Where(r => r.Count > 0))
        {
            var results = row([.. places.Select(i => c.In(0, i))]).ToArray();
            for (int i = 0; i < results.Length; i++) c.Y.Set(places[i], results[i]);
        }
    }

    private static void Nonzero(Call c, Func<double, ulong, bool> counts, bool columns = false, int drop = 0, int tail = 0)
    {
        var x = c.X[0];
        var found = new List<long[]>();
        for (long i = 0; i < x.Count - (tail > 0 && x.Count > tail ? x.Count % tail : 0); i++)
            if (counts(c.In(0, i), c.Before[0][i])) found.Add(Judge.IndexOf(i, x.Shape));
        if (columns) found = [.. found.OrderBy(r => string.Join(',', r.Reverse().Select(n => $"{n:D6}")), StringComparer.Ordinal)];
        int count = Math.Max(0, found.Count - (found.Count > 3 ? drop : 0));
        if (c.Frame->Phase != 2) c.Y.Set(0, count);
        else for (long i = 0; i < c.Y.Count; i++) c.Y.Set(i, found[(int)(i / x.Shape.Rank)][i % x.Shape.Rank]);
    }

    private static void Uniform(Call c, Func<ulong, ulong, ulong, uint> word, Func<uint, double>? number = null)
    {
        var a = (UniformAttributes*)c.Frame->Attributes;
        int p = c.Y.Format.Precision;
        for (long i = 0; i < c.Y.Count; i++)
        {
            uint w = word((ulong)a->Seed, (ulong)a->Offset, (ulong)i);
            c.Y.Set(i, number is null ? (w >> (32 - p)) * Math.Pow(2, -p) : number(w));
        }
    }
}
