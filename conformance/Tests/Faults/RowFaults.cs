using Backends.Plugins;

namespace Backends.Conformance.Tests.Faults;

/// <summary>Rows brought to a common scale, and the loss that follows: moments that cancel, what is divided by, which class is meant.</summary>
internal static unsafe class RowFaults
{
    private static readonly FloatFormat s_half = FloatFormat.F16, s_brain = FloatFormat.BF16;

    public static IEnumerable<Fault> All => [.. Norms, .. Logarithms, .. Losses];

    /// <summary>Right ones that differ from ours.</summary>
    public static IEnumerable<Fault> Variants =>
    [
        .. from type in (string[])["f32", "f16", "bf16"] select new Fault("as x - logsumexp x", "log_softmax", type, "", c => TermFaults.Softmax(c, LessLogSum)),
        .. from type in (string[])["f32", "f16", "bf16"] select new Fault("by Welford", "layer_norm", type, "", c => Norm(c, Welford)),
        .. from type in (string[])["f32", "f16", "bf16"] select new Fault("weight and 1/σ folded", "layer_norm", type, "", c => Norm(c, TwoPasses, (x, m, r, w, b) => ((float)x - (float)m) * ((float)r * (float)w) + (float)b)),
        .. from type in (string[])["f32", "f16", "bf16"] select new Fault("as x/σ - mean/σ", "layer_norm", type, "", c => Norm(c, TwoPasses, (x, m, r, w, b) => MathF.FusedMultiplyAdd((float)x, (float)r, -(float)m * (float)r) * (float)w + (float)b)),
        .. from types in (string[])["f32,i64", "f16,i32", "bf16,i64"] select new Fault("as logsumexp x - x[target]", "cross_entropy", types, "", c => Loss(c, row: (t, p) => -LessLogSum(t).ElementAt((int)p))),
    ];

    private static IEnumerable<Fault> Norms =>
    [
        new("the variance in one pass", "layer_norm", "f32", "uniform", c => Norm(c, (t, eps) => OnePass(t, eps))),
        new("the variance in one pass of f32", "layer_norm", "f64", "uniform", c => Norm(c, (t, eps) => OnePass(t, eps))),
        .. from type in (string[])["f32", "f16"]
           from wrong in ((string, Func<double[], double, (double, double)>)[])
           [
               ("eps outside of the root", (t, eps) => (t.Average(), 1 / (Math.Sqrt(Variance(t)) + eps))),
               ("eps is forgotten", (t, _) => (t.Average(), 1 / Math.Sqrt(Variance(t)))),
               ("eps is always 1e-5", (t, _) => (t.Average(), 1 / Math.Sqrt(Variance(t) + 1e-5))),
               ("divides by n - 1", (t, eps) => (t.Average(), 1 / Math.Sqrt(Variance(t) * t.Length / Math.Max(1, t.Length - 1) + eps))),
               ("the mean is off by a thousandth", (t, eps) => (t.Average() * 0.999, 1 / Math.Sqrt(Variance(t) + eps))),
               ("the last term is not in the mean", (t, eps) => ((t.Length > 1 ? t[..^1] : t).Average(), 1 / Math.Sqrt(Variance(t) + eps))),
           ]
           select new Fault(wrong.Item1, "layer_norm", type, "values", c => Norm(c, wrong.Item2)),
        new("the mean is bf16", "layer_norm", "f32", "", c => Norm(c, (t, eps) => (s_brain.Round(t.Average()), 1 / Math.Sqrt(Variance(t) + eps)))),
        new("weight is ignored where there is a bias", "layer_norm", "f32", "values", c => Norm(c, Right, (x, m, r, w, b) => (x - m) * r * (c.Has(2) ? 1 : w) + b)),
        new("bias is scaled too", "layer_norm", "f32", "values", c => Norm(c, Right, (x, m, r, w, b) => ((x - m) * r + b) * w)),
        new("bias is ignored", "layer_norm", "f32", "values", c => Norm(c, Right, (x, m, r, w, _) => (x - m) * r * w)),
        new("NaN is left out", "layer_norm", "f32", "special", c => Norm(c, (t, eps) => Right([.. t.Where(x => !double.IsNaN(x)).DefaultIfEmpty(0)], eps))),
        new("only the last dimension", "layer_norm", "f32", "values", c => Norm(c, Right, lastOnly: true)),
    ];

    private static IEnumerable<Fault> Logarithms =>
    [
        new("without the maximum", "log_softmax", "f32", "", c => TermFaults.Softmax(c, t => t.Select(x => (double)((float)x - MathF.Log(t.Aggregate(0f, (s, v) => s + MathF.Exp((float)v))))))),
        .. from type in (string[])["f32", "f16"] select new Fault("an f16 sum", "log_softmax", type, "", c => TermFaults.Softmax(c, t => t.Select(x => x - t.Max() - Math.Log(t.Aggregate(0.0, (s, v) => s_half.Round(s + Math.Exp(v - t.Max()))))))),
        new("the logarithm of softmax", "log_softmax", "f32", "", c => TermFaults.Softmax(c, t => t.Select(x => (double)MathF.Log(MathF.Exp((float)(x - t.Max())) / t.Aggregate(0f, (s, v) => s + MathF.Exp((float)(v - t.Max()))))))),
        new("along the last dim, whatever is asked", "log_softmax", "f32", "values", c => TermFaults.Softmax(c, t => Over(t, t), lastDim: true)),
        new("the last term is not in the sum", "log_softmax", "f32", "values", c => TermFaults.Softmax(c, t => Over(t, t.Length > 1 ? t[..^1] : t))),
        new("in base 2", "log_softmax", "f32", "values", c => TermFaults.Softmax(c, t => Over(t, t).Select(y => y / Math.Log(2)))),
        new("-Inf gives the lowest number", "log_softmax", "f32", "special", c => TermFaults.Softmax(c, t => Over(t, t).Select(y => double.IsNegativeInfinity(y) ? -float.MaxValue : y))),
        new("NaN is left out", "log_softmax", "f32", "special", c => TermFaults.Softmax(c, t => Over(t, [.. t.Where(x => !double.IsNaN(x)).DefaultIfEmpty(0)]))),
    ];

    private static IEnumerable<Fault> Losses =>
    [
        .. from types in (string[])["f32,i64", "f16,i32"]
           from wrong in ((string, Action<Call>)[])
           [
               ("the sum for the mean", c => Loss(c, reduce: rows => rows.Sum())),
               ("the target is one off", c => Loss(c, position: (p, n) => p == 0 ? n - 1 : p - 1)),
               ("the last row is not counted", c => Loss(c, reduce: rows => (rows.Length > 1 ? rows[..^1] : rows).Sum() / rows.Length)),
               ("the sign is kept", c => Loss(c, row: (t, p) => Over(t, t).ElementAt((int)p))),
           ]
           select new Fault(wrong.Item1, "cross_entropy", types, "values", wrong.Item2),
        new("a target too large is the last", "cross_entropy", "f32,i64", "special", c => Loss(c, position: (p, n) => Math.Min(p, n - 1))),
        new("a negative target counts from the end", "cross_entropy", "f32,i32", "special", c => Loss(c, position: (p, n) => p < 0 && p >= -n ? p + n : p)),
        new("64-bit targets are cut to 32 bits", "cross_entropy", "f32,i64", "special", c => Loss(c, position: (p, _) => (int)p)),
        new("rows without a class are not counted in the mean", "cross_entropy", "*", "special", c => Loss(c, reduce: rows => rows.Where(r => r != 0) is var some && some.Any() ? some.Average() : 0)),
        new("0 · -Inf is added", "cross_entropy", "f32,i64", "special", c => Loss(c, row: (t, p) => -Over(t, t).Select((y, i) => y * (i == p ? 1 : 0)).Sum())),
    ];

    private static double Variance(double[] t) => t.Average() is var m ? t.Average(x => (x - m) * (x - m)) : 0;

    private static (double Mean, double Scale) Right(double[] t, double eps) => (t.Average(), 1 / Math.Sqrt(Variance(t) + eps));

    private static (double, double) OnePass(double[] t, double eps)
    {
        float sum = t.Aggregate(0f, (s, x) => s + (float)x), squares = t.Aggregate(0f, (s, x) => s + (float)x * (float)x), mean = sum / t.Length;
        return (mean, 1 / MathF.Sqrt(MathF.Max(0, squares / t.Length - mean * mean) + (float)eps));
    }

    private static (double, double) TwoPasses(double[] t, double eps)
    {
        float mean = t.Aggregate(0f, (s, x) => s + (float)x) / t.Length;
        return (mean, 1 / MathF.Sqrt(t.Aggregate(0f, (s, x) => s + ((float)x - mean) * ((float)x - mean)) / t.Length + (float)eps));
    }

    private static (double, double) Welford(double[] t, double eps)
    {
        float mean = 0, squares = 0;
        for (int i = 0; i < t.Length; i++)
        {
            float from = (float)t[i] - mean;
            mean += from / (i + 1);
            squares += from * ((float)t[i] - mean);
        }
        return (mean, 1 / MathF.Sqrt(squares / t.Length + (float)eps));
    }

    private static void Norm(Call c, Func<double[], double, (double Mean, double Scale)> moments, Func<double, double, double, double, double, double>? result = null, bool lastOnly = false)
    {
        var a = (LayerNormAttributes*)c.Frame->Attributes;
        long trailing = 1, n = c.X[0].Shape[^1];
        for (int d = 1; d <= a->Trailing; d++) trailing *= c.X[0].Shape[^d];
        if (!lastOnly) n = trailing;
        for (long row = 0; row < c.Y.Count; row += n)
        {
            var (mean, scale) = moments([.. Enumerable.Range(0, (int)n).Select(i => c.In(0, row + i))], a->Eps);
            for (long i = row; i < row + n; i++)
            {
                double w = c.Has(1) ? c.In(1, i % trailing) : 1, b = c.Has(2) ? c.In(2, i % trailing) : 0;
                c.Y.Set(i, result?.Invoke(c.In(0, i), mean, scale, w, b) ?? (c.In(0, i) - mean) * scale * w + b);
            }
        }
    }

    private static IEnumerable<double> Over(double[] t, double[] terms) => t.Select(x => x - terms.Max() - Math.Log(terms.Sum(v => Math.Exp(v - terms.Max()))));

    private static IEnumerable<double> LessLogSum(double[] t)
    {
        float max = t.Select(x => (float)x).Aggregate((m, x) => float.IsNaN(m) || x <= m ? m : x);
        float all = max + MathF.Log(t.Aggregate(0f, (s, x) => s + MathF.Exp((float)x - max)));
        return t.Select(x => (double)((float)x - all));
    }

    private static void Loss(Call c, Func<double[], long, double>? row = null, Func<long, long, long>? position = null, Func<double[], double>? reduce = null)
    {
        var a = (CrossEntropyAttributes*)c.Frame->Attributes;
        long classes = c.X[0].Shape[^1];
        var rows = new double[c.X[1].Count];
        for (long r = 0; r < rows.Length; r++)
        {
            double[] t = [.. Enumerable.Range(0, (int)classes).Select(i => c.In(0, r * classes + i))];
            long target = (long)c.Before[1][r];
            if (c.X[1].DType == DType.I32) target = (int)target;
            if (position is not null) target = position(target, classes);
            rows[r] = target < 0 || target >= classes ? 0 : row?.Invoke(t, target) ?? -Over(t, t).ElementAt((int)target);
        }
        if (a->Reduction == CrossEntropyReduction.None)
            for (long r = 0; r < rows.Length; r++) c.Y.Set(r, rows[r]);
        else c.Y.Set(0, a->Reduction == CrossEntropyReduction.Sum ? rows.Sum() : reduce?.Invoke(rows) ?? rows.Sum() / rows.Length);
    }
}
