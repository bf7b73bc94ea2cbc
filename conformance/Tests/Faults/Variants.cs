using Backends.Plugins;

namespace Backends.Conformance.Tests.Faults;

/// <summary>Right kernels as others write them: other orders, other widths, other forms of one formula.</summary>
internal static class Variants
{
    private static readonly FloatFormat s_single = FloatFormat.F32;

    public static IEnumerable<Fault> All =>
    [
        .. from type in (string[])["f32", "f16", "bf16"]
           from sum in (Func<double[], double>[])[Sequential, t => Strided(t, 16), Pairwise, t => t.Sum()]
           select (type, sum) into v
           select new Fault(Named(v.sum), "sum", v.type, "", c => c.Reduce(v.sum)),
        new("in f64, in reverse order", "sum", "f64", "", c => c.Reduce(t => t.Reverse().Sum())),
        .. from type in (string[])["f32", "f16", "bf16"]
           from dot in (Func<double[], double[], double>[])[Fused, Blocked, Exact]
           select (type, dot) into v
           select new Fault(v.dot.Method.Name, "matmul", v.type, "", c => c.Product(v.dot)),
        new("as 2^(x·log2 e) with the product in f64", "exp", "f32", "", c => c.Map(i => (float)Math.Pow(2, c.In(0, i) * 1.4426950408889634))),
        .. from type in (string[])["f32", "f16", "bf16"] select new Fault("nearly one ulp off before it is rounded", "exp", type, "", c => c.Map(i => c.In(0, i) == 0 ? 1 : Math.Exp(c.In(0, i)) is var e && double.IsFinite(c.In(0, i)) && double.IsFinite(e) ? e + 0.9 * c.Y.Format.Ulp(e) : e)),
        .. from type in (string[])["f16", "bf16"]
           from op in (string[])["add", "mul", "div", "sub"]
           select new Fault("in f32, rounded once", op, type, "", c => { if (op == "div") c.Right(); else c.Map(i => InSingle(op, (float)c.In(0, i), (float)c.In(1, i))); }),
        new("by the reciprocal", "div", "f32", "", Reciprocal),
        .. from op in (string[])["add", "mul", "sub"] select new Fault("another NaN, of the other sign", op, "f32", "", c => c.Changed((_, y) => float.IsNaN(BitConverter.UInt32BitsToSingle((uint)y)) ? 0xFFC00001 : y)),
        new("of -0 is +0", "relu", "f32", "", c => c.Changed((_, y) => y == 0x80000000 ? 0 : y)),
        new("+0 wins of both", "amax", "f32", "", c => c.Changed((_, y) => y == 0x80000000 ? 0 : y)),
        new("-0 wins of both", "amax", "f32", "", c => c.Changed((_, y) => y == 0 ? 0x80000000 : y)),
        .. Functions,
        .. from type in (string[])["f32", "f16"] select new Fault("online", "softmax", type, "", c => TermFaults.Softmax(c, Online)),
        .. from type in (string[])["f32", "bf16"] select new Fault("in base 2", "softmax", type, "", c => TermFaults.Softmax(c, Base2)),
    ];

    private static IEnumerable<Fault> Functions =>
    [
        .. from type in (string[])["f32", "f16", "bf16"]
           from f in (Function[])[new("sqrt", 0.4, Math.Sqrt), new("rsqrt", 0.4, x => 1 / Math.Sqrt(x)), new("log", 0.9, Math.Log), new("sin", 0.9, Math.Sin), new("tanh", 0.9, Math.Tanh)]
           select new Fault($"{f.Off} ulp off before it is rounded", f.Name, type, "", c => c.Map(i => Near(c, f, c.In(0, i)))),
        new("by a seed of 12 bits and two steps of Newton", "rsqrt", "f32", "", c => c.Map(i => Stepped((float)c.In(0, i)))),
        new("as x · rsqrt x", "sqrt", "f32", "", c => c.Map(i => (float)c.In(0, i) is var x && x is > 1e-30f and < 1e30f ? x * Stepped(x) : Math.Sqrt(x))),
        new("by (e^2x - 1) / (e^2x + 1) from 1/2 on", "tanh", "f32", "", c => c.Map(i => Math.Abs(c.In(0, i)) is > 0.5 and < 20 ? 1 - 2 / (MathF.Exp(2 * (float)c.In(0, i)) + 1) : Math.Tanh(c.In(0, i)))),
        new("by f64's power", "pow", "f32", "", c => c.Map(i => Math.Pow(c.In(0, i), c.In(1, i)))),
        new("of ±0 the other zero", "maximum", "f32", "", c => c.Changed((i, y) => c.In(0, i) == 0 && c.In(1, i) == 0 ? y ^ 0x80000000 : y)),
        new("in f32, then rounded", "fma", "f16", "", c => c.Map(i => MathF.FusedMultiplyAdd((float)c.In(0, i), (float)c.In(1, i), (float)c.In(2, i)))),
        .. from type in (string[])["f32", "f16", "bf16"] select new Fault("as 1 / (1 + 2^(-x·log2 e))", "sigmoid", type, "", c => c.Map(i => 1 / (1 + MathF.Pow(2, -(float)c.In(0, i) * 1.442695f)))),
        .. from type in (string[])["f32", "f16", "bf16"] select new Fault("as x / (1 + e^-x)", "silu", type, "", c => c.Map(i => (float)c.In(0, i) / (1 + MathF.Exp(-(float)c.In(0, i))))),
        new("with 0 at -Inf", "silu", "f32", "", c => c.Changed((i, y) => double.IsNegativeInfinity(c.In(0, i)) ? 0x80000000 : y)),
        .. from type in (string[])["f32", "bf16"] select new Fault("by f32's tanh", "gelu", type, "", GeluInSingle),
    ];

    private sealed record Function(string Name, double Off, Func<double, double> Of);

    private static double Near(Call c, Function f, double x) => f.Of(x) is var y && (x is 0 or 1 || !double.IsFinite(x) || !double.IsFinite(y)) ? y : y + f.Off * c.Y.Format.Ulp(y);

    private static float Stepped(float x)
    {
        if (!(x is > 1e-30f and < 1e30f)) return (float)(1 / Math.Sqrt(x));
        float y = (float)Rounding.Narrow(1 / Math.Sqrt(x), 12);
        for (int step = 0; step < 2; step++) y *= 1.5f - 0.5f * x * y * y;
        return y;
    }

    private static unsafe void GeluInSingle(Call c)
    {
        c.Right();
        if (((GeluAttributes*)c.Frame->Attributes)->Approximate == GeluApproximate.None) return;
        c.Map(i => (float)c.In(0, i) is var x ? 0.5f * x * (1 + MathF.Tanh(0.7978846f * (x + 0.044715f * x * x * x))) : 0);
    }

    private static string Named(Func<double[], double> sum) =>
        sum == Sequential ? "one after the other" : sum == Pairwise ? "pairwise" : sum([1, 1]) is 2 && sum([1e8, 1, -1e8]) == 1 ? "in f64" : "in 16 parts";

    private static double Sequential(double[] t) => t.Aggregate(0f, (s, x) => s + (float)x);

    private static double Strided(double[] t, int parts)
    {
        var sums = new float[parts];
        for (int i = 0; i < t.Length; i++) sums[i % parts] += (float)t[i];
        return sums.Aggregate((s, x) => s + x);
    }

    private static double Pairwise(double[] t) => t.Length switch
    {
        0 => 0,
        1 => t[0],
        int n => (float)Pairwise(t[..(n / 2)]) + (float)Pairwise(t[(n / 2)..]),
    };

    private static double Fused(double[] a, double[] b)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++) sum = MathF.FusedMultiplyAdd((float)a[i], (float)b[i], sum);
        return sum;
    }

    private static double Blocked(double[] a, double[] b)
    {
        float sum = 0;
        for (int from = 0; from < a.Length; from += 64)
        {
            float block = 0;
            for (int i = from; i < Math.Min(from + 64, a.Length); i++) block += (float)a[i] * (float)b[i];
            sum += block;
        }
        return sum;
    }

    private static double Exact(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double InSingle(string op, float a, float b) => op switch { "add" => a + b, "sub" => a - b, _ => a * b };

    // x · (1 / y) where neither overflows nor underflows, the quotient elsewhere.
    private static void Reciprocal(Call c)
    {
        c.Right();
        if (c.Rounds()) return;
        for (long i = 0; i < c.Y.Count; i++)
            if (Math.Abs(c.In(1, i)) is > 1e-6 and < 1e6 && Math.Abs(c.In(0, i)) is > 1e-6 and < 1e6) c.Y.Set(i, (float)c.In(0, i) * (1 / (float)c.In(1, i)));
    }

    private static IEnumerable<double> Online(double[] t)
    {
        float max = float.NegativeInfinity, sum = 0;
        foreach (float x in t.Select(v => (float)v))
        {
            if (float.IsNegativeInfinity(x)) continue;
            float larger = float.IsNaN(x) || float.IsNaN(max) ? float.NaN : Math.Max(max, x);
            sum = sum * MathF.Exp(max - larger) + MathF.Exp(x - larger);
            max = larger;
        }
        return t.Select(x => (double)(MathF.Exp((float)x - max) / sum));
    }

    private static IEnumerable<double> Base2(double[] t)
    {
        const float scale = 1.44269504f;
        float max = t.Select(x => (float)x).Aggregate((m, x) => float.IsNaN(m) || x <= m ? m : x);
        float[] powers = [.. t.Select(x => MathF.Pow(2, ((float)x - max) * scale))];
        float sum = Enumerable.Range(0, 16).Select(p => powers.Where((_, i) => i % 16 == p).Aggregate(0f, (s, x) => s + x)).Aggregate((s, x) => s + x);
        return powers.Select(x => (double)(x / sum));
    }
}
