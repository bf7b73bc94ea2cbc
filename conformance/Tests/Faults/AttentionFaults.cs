using Backends.Plugins;

namespace Backends.Conformance.Tests.Faults;

/// <summary>Attention: which keys a query sees, what is scaled, along what the softmax runs.</summary>
internal static unsafe class AttentionFaults
{
    private const string Name = "scaled_dot_product_attention";

    // From the scores of all queries and one query's number to its keys' shares of v, and then to its result.
    private delegate double[] Share(double[][] scores, int query);

    public static IEnumerable<Fault> All =>
    [
        .. from type in (string[])["f32", "f16", "bf16"]
           from wrong in ((string, Action<Call>)[])
           [
               ("causal is one off", c => Attend(c, sees: (i, j) => j <= i + 1)),
               ("causal leaves the query's own key out", c => Attend(c, sees: (i, j) => j < i)),
               ("causal is ignored", c => Attend(c, sees: (_, _) => true)),
               ("causal counts from the last key", c => Attend(c, sees: (i, j) => j <= i + c.X[1].Shape[^2] - c.X[0].Shape[^2])),
               ("scale is missing", c => Attend(c, scale: _ => 1)),
               ("scale is 1/d", c => Attend(c, scale: s => s * s)),
               ("the mask is ignored", c => Attend(c, masked: (s, _) => s)),
               ("the softmax runs over the queries", c => Attend(c, share: OverQueries)),
               ("the last key is missing", c => Attend(c, share: (s, i) => [.. Shares(s, i, s[i].Length - 1), 0])),
           ]
           select new Fault(wrong.Item1, Name, type, "values", wrong.Item2),
        new("the mask's first row is every query's", Name, "f32", "values", c => Attend(c, firstRow: true)),
        new("the mask is added before the scale", Name, "f32", "values", c => Attend(c, masked: (s, m) => s + m / Math.Sqrt(c.X[0].Shape[^1]))),
        new("a row without a key gives NaN", Name, "f32", "", c => Attend(c, share: (s, i) => s[i].All(double.IsNegativeInfinity) ? [.. s[i].Select(_ => double.NaN)] : Shares(s, i, s[i].Length))),
        new("a row without a key gives the mean", Name, "f32", "", c => Attend(c, share: (s, i) => s[i].All(double.IsNegativeInfinity) ? [.. s[i].Select(_ => 1.0 / s[i].Length)] : Shares(s, i, s[i].Length))),
        new("shares are bf16", Name, "f32", "uniform", c => Attend(c, share: (s, i) => [.. Shares(s, i, s[i].Length).Select(p => FloatFormat.BF16.Round(p))])),
        new("scores are bf16", Name, "f32", "uniform", c => Attend(c, masked: (s, m) => FloatFormat.BF16.Round(s) + m)),
        new("NaN is left out", Name, "f32", "special", c => Attend(c, masked: (s, m) => double.IsNaN(s) ? double.NegativeInfinity : s + m)),
    ];

    /// <summary>Right ones that differ from ours.</summary>
    public static IEnumerable<Fault> Variants =>
    [
        .. from type in (string[])["f32", "f16", "bf16"] select new Fault("online", Name, type, "", c => Attend(c, result: Online)),
        .. from type in (string[])["f16", "bf16"] select new Fault("shares in 16 bits", Name, type, "", c => Attend(c, result: (t, v) => Narrow(t, v, c.Y.Format))),
        new("q is scaled first", Name, "f32", "", c => Attend(c, result: Online, scaleFirst: true)),
    ];

    private static double[] Shares(double[][] scores, int query, int keys)
    {
        double[] t = scores[query][..keys];
        double max = t.DefaultIfEmpty(double.NegativeInfinity).Max();
        if (t.Any(double.IsNaN)) max = double.NaN;
        if (double.IsNegativeInfinity(max)) return new double[keys];
        double[] e = [.. t.Select(x => Math.Exp(x - max))];
        double sum = e.Sum();
        return [.. e.Select(x => x / sum)];
    }

    private static double[] OverQueries(double[][] scores, int query) =>
        [.. Enumerable.Range(0, scores[query].Length).Select(j => Shares([[.. scores.Select(row => row[j])]], 0, scores.Length)[query])];

    private static double[] Online(double[] t, double[][] v)
    {
        float max = float.NegativeInfinity, sum = 0;
        var y = new float[v.Length == 0 ? 0 : v[0].Length];
        for (int j = 0; j < t.Length; j++)
        {
            float x = (float)t[j];
            if (float.IsNegativeInfinity(x)) continue;
            float larger = float.IsNaN(x) || float.IsNaN(max) ? float.NaN : Math.Max(max, x), before = MathF.Exp(max - larger), now = MathF.Exp(x - larger);
            sum = sum * before + now;
            for (int e = 0; e < y.Length; e++) y[e] = y[e] * before + now * (float)v[j][e];
            max = larger;
        }
        return [.. y.Select(x => sum == 0 ? 0 : (double)(x / sum))];
    }

    // Matrix units take the shares in the tensors' own format; their sum stays in f32.
    private static double[] Narrow(double[] t, double[][] v, FloatFormat format)
    {
        float max = t.Any(double.IsNaN) ? float.NaN : (float)t.Max();
        if (float.IsNegativeInfinity(max)) return new double[v[0].Length];
        float[] e = [.. t.Select(x => MathF.Exp((float)x - max))];
        float sum = e.Aggregate(0f, (s, x) => s + x);
        return [.. Enumerable.Range(0, v[0].Length).Select(k => (double)(e.Select((p, j) => (float)format.Round(p) * (float)v[j][k]).Aggregate(0f, (s, x) => s + x) / sum))];
    }

    private static void Attend(Call c, Func<long, long, bool>? sees = null, Func<double, double>? scale = null, Func<double, double, double>? masked = null, Share? share = null,
        Func<double[], double[][], double[]>? result = null, bool firstRow = false, bool scaleFirst = false)
    {
        var a = (ScaledDotProductAttentionAttributes*)c.Frame->Attributes;
        int queries = (int)c.X[0].Shape[^2], d = (int)c.X[0].Shape[^1], keys = (int)c.X[1].Shape[^2], width = (int)c.X[2].Shape[^1];
        double factor = double.IsNaN(a->Scale) ? 1 / Math.Sqrt(d) : a->Scale;
        if (scale is not null) factor = scale(factor);
        masked ??= (s, m) => s + m;
        sees ??= (i, j) => j <= i;
        long batches = c.Y.Count / Math.Max(1, queries * width);
        for (long b = 0; b < batches; b++)
        {
            double Score(int i, int j)
            {
                float sum = 0;
                for (int k = 0; k < d; k++) sum += (scaleFirst ? (float)c.In(0, (b * queries + i) * d + k) * (float)factor : (float)c.In(0, (b * queries + i) * d + k)) * (float)c.In(1, (b * keys + j) * d + k);
                double s = scaleFirst ? sum : (float)(sum * (float)factor);
                s = masked(s, c.Has(3) ? Mask(c, b, firstRow ? 0 : i, j) : 0);
                return a->Causal && !sees(i, j) ? double.NegativeInfinity : (float)s;
            }
            double[][] scores = [.. Enumerable.Range(0, queries).Select(i => Enumerable.Range(0, keys).Select(j => Score(i, j)).ToArray())];
            double[][] v = [.. Enumerable.Range(0, keys).Select(j => Enumerable.Range(0, width).Select(e => c.In(2, (b * keys + j) * width + e)).ToArray())];
            for (int i = 0; i < queries; i++)
            {
                double[] p = result is null ? share?.Invoke(scores, i) ?? Shares(scores, i, keys) : [], y = result?.Invoke(scores[i], v) ?? [];
                for (int e = 0; e < width; e++) c.Y.Set((b * queries + i) * width + e, result is null ? p.Select((x, j) => x * v[j][e]).Sum() : y[e]);
            }
        }
    }

    // Broadcast to [.., L, S].
    private static double Mask(Call c, long batch, long query, long key)
    {
        Shape mask = c.X[3].Shape, x = c.X[0].Shape;
        long at = 0, scale = 1;
        for (int d = 1; d <= mask.Rank; d++)
        {
            long index = d switch { 1 => key, 2 => query, _ => batch % x[^d] };
            if (d > 2) batch /= x[^d];
            at += mask[^d] == 1 ? 0 : index * scale;
            scale *= mask[^d];
        }
        return c.In(3, at);
    }
}
