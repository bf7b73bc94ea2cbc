using Backends.Plugins;

namespace Backends.Conformance.Tests.Faults;

/// <summary>Windows and borders: which elements take part, in whose channel, with which weight; what stands outside.</summary>
internal static unsafe class WindowFaults
{
    public static IEnumerable<Fault> All => [.. Convolutions, .. Pools, .. Pads];

    /// <summary>Right ones that differ from ours.</summary>
    public static IEnumerable<Fault> Variants =>
    [
        .. from type in (string[])["f32", "f16", "bf16"]
           from dot in (Func<double[], double[], double>[])[InBlocks, Backwards]
           select new Fault(dot.Method.Name, "conv2d", type, "", c => Convolve(c, dot: dot)),
        new("the bias comes last", "conv2d", "f32", "", c => Convolve(c, dot: Backwards, bias: (y, b) => (float)y + (float)b)),
        new("+0 wins of both", "max_pool2d", "f32", "", c => c.Changed((_, y) => y == 0x80000000 ? 0 : y)),
    ];

    /// <summary>How windows lie along height and width.</summary>
    private readonly record struct Geometry(long StrideH, long StrideW, long PadH, long PadW, long DilationH, long DilationW)
    {
        public static Geometry Of(ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation) =>
            new(stride[0], stride[^1], padding[0], padding[^1], dilation[0], dilation[^1]);
    }

    private static IEnumerable<Fault> Convolutions =>
    [
        .. from type in (string[])["f32", "i32", "f16"]
           from wrong in ((string, Func<Geometry, Geometry>)[])
           [
               ("padding is one off", g => g with { PadH = g.PadH > 0 ? g.PadH - 1 : 0 }),
               ("the width is padded as the height", g => g with { PadW = g.PadH }),
               ("dilation is ignored", g => g with { DilationH = 1, DilationW = 1 }),
               ("the width is dilated as the height", g => g with { DilationW = g.DilationH }),
               ("strides are exchanged", g => g with { StrideH = g.StrideW, StrideW = g.StrideH }),
           ]
           select new Fault(wrong.Item1, "conv2d", type, "values", c => Convolve(c, wrong.Item2)),
        new("groups take turns", "conv2d", "f32", "values", c => Convolve(c, group: (o, each, groups) => o % groups)),
        new("every group is the first", "conv2d", "f32", "values", c => Convolve(c, group: (_, _, _) => 0)),
        new("weight is flipped", "conv2d", "f32", "values", c => Convolve(c, weight: (i, j, h, w) => (h - 1 - i, w - 1 - j))),
        new("weight is transposed", "conv2d", "f32", "values", c => Convolve(c, weight: (i, j, h, w) => h == w ? (j, i) : (i, j))),
        new("the last column is skipped", "conv2d", "f32", "values", c => Convolve(c, weight: (i, j, _, w) => j == w - 1 && w > 1 ? null : (i, j))),
        new("bias is forgotten", "conv2d", "f32", "values", c => Convolve(c, bias: (y, _) => y)),
        new("bias is added twice", "conv2d", "f32", "values", c => Convolve(c, bias: (y, b) => y + 2 * b)),
        new("what is outside is multiplied as 0", "conv2d", "f32", "special", c => Convolve(c, outside: true)),
        new("the last channels are lost from 128 on", "conv2d", "f32", "values", c => Convolve(c, dot: (a, b) => Dot(a.Length >= 1152 ? a[..^9] : a, b))),
        new("an f16 accumulator", "conv2d", "f16", "integers-precise", c => Convolve(c, dot: (a, b) => Chain(a, b, FloatFormat.F16))),
        new("a bf16 accumulator", "conv2d", "bf16", "integers-precise", c => Convolve(c, dot: (a, b) => Chain(a, b, FloatFormat.BF16))),
        new("tf32 operands", "conv2d", "f32", "integers-precise", c => Convolve(c, dot: (a, b) => Dot([.. a.Select(x => Rounding.Narrow(x, 11))], [.. b.Select(x => Rounding.Narrow(x, 11))]))),
        new("an f32 accumulator", "conv2d", "f64", "integers-precise", c => Convolve(c, dot: (a, b) => Chain(a, b, FloatFormat.F32))),
    ];

    private static IEnumerable<Fault> Pools =>
    [
        .. from type in (string[])["f32", "i32"] select new Fault("what is outside is 0", "max_pool2d", type, "values", c => Pool(c, First, outside: 0)),
        .. from type in (string[])["f32", "i16"] select new Fault("the last of equal ones", "max_pool2d", type, "values", c => Pool(c, w => w.Last(e => e.X == w.Max(m => m.X)))),
        new("NaN never wins", "max_pool2d", "f32", "special", c => Pool(c, w => First([.. w.Where(e => !double.IsNaN(e.X)).DefaultIfEmpty(w[0])]))),
        new("the last NaN wins", "max_pool2d", "f16", "special", c => Pool(c, w => w.Any(e => double.IsNaN(e.X)) ? w.Last(e => double.IsNaN(e.X)) : First(w))),
        new("places count within the window", "max_pool2d", "f32", "values", c => Pool(c, w => First([.. w.Select((e, i) => (e.X, (long)i))]))),
        new("dilation is ignored", "max_pool2d", "f32", "values", c => Pool(c, First, g => g with { DilationH = 1, DilationW = 1 })),
        new("stride is 1 where none is given", "max_pool2d", "f32", "values", c => Pool(c, First, g => ((MaxPool2dAttributes*)c.Frame->Attributes)->Stride.IsEmpty ? g with { StrideH = 1, StrideW = 1 } : g)),
        new("unsigned is compared as signed", "max_pool2d", "u8", "", c => Pool(c, w => w.MaxBy(e => (sbyte)(byte)e.X))),
        new("the last is not looked at", "max_pool2d", "f32", "values", c => Pool(c, w => First(w.Count > 1 ? w[..^1] : w))),
    ];

    private static IEnumerable<Fault> Pads =>
    [
        .. from type in (string[])["f32", "*"]
           from wrong in ((string, PadMode, Func<long, long, long>)[])
           [
               ("the edge is mirrored too", PadMode.Reflect, (at, n) => at < 0 ? -at - 1 : at >= n ? 2 * n - 1 - at : at),
               ("one off on the left", PadMode.Circular, (at, n) => at < 0 ? Math.Max(0, at + n - 1) : at >= n ? at - n : at),
               ("one off on the right", PadMode.Circular, (at, n) => at < 0 ? at + n : at >= n ? Math.Min(n - 1, at - n + 1) : at),
               ("is reflect", PadMode.Replicate, (at, n) => Math.Clamp(at < 0 ? -at : at >= n ? 2 * n - 2 - at : at, 0, n - 1)),
           ]
           select new Fault($"{wrong.Item2}: {wrong.Item1}", "pad", type, "values", c => Padded(c, wrong.Item2, wrong.Item3)),
        new("the first pair is the first dimension's", "pad", "f32", "values", c => Padded(c, PadMode.Constant, Outside, fromFront: true)),
        new("before and after are exchanged", "pad", "f32", "values", c => Padded(c, PadMode.Constant, Outside, after: true)),
        new("the constant is 0", "pad", "f32", "values", c => Padded(c, PadMode.Constant, Outside, constant: 0)),
        new("signalling NaNs are quieted", "pad", "f32", "special", c => c.Changed((_, y) => double.IsNaN(c.Y.Number(y)) ? y | 0x400000 : y)),
    ];

    private static long Outside(long at, long n) => at >= 0 && at < n ? at : -1;

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double Chain(double[] a, double[] b, FloatFormat format) => a.Zip(b, (x, y) => x * y).Aggregate(0.0, (s, x) => format.Round(s + x));

    private static double Backwards(double[] a, double[] b) => a.Zip(b, (x, y) => (float)x * (float)y).Reverse().Aggregate(0f, (s, x) => s + x);

    private static double InBlocks(double[] a, double[] b) =>
        a.Zip(b, (x, y) => (float)x * (float)y).Chunk(16).Select(block => block.Aggregate(0f, (s, x) => s + x)).Aggregate(0f, (s, x) => s + x);

    private static void Convolve(Call c, Func<Geometry, Geometry>? change = null, Func<long, long, long, long>? group = null, Func<long, long, long, long, (long, long)?>? weight = null,
        Func<double, double, double>? bias = null, Func<double[], double[], double>? dot = null, bool outside = false)
    {
        var a = (Conv2dAttributes*)c.Frame->Attributes;
        var g = Geometry.Of(a->Stride, a->Padding, a->Dilation);
        if (change is not null) g = change(g);
        Shape x = c.X[0].Shape, w = c.X[1].Shape;
        long each = w[0] / a->Groups;
        var (left, right) = (new List<double>(), new List<double>());
        for (long y = 0; y < c.Y.Count; y++)
        {
            long[] at = Judge.IndexOf(y, c.Y.Shape);
            long first = (group?.Invoke(at[1], each, a->Groups) ?? at[1] / each) * w[1];
            left.Clear();
            right.Clear();
            for (long t = 0; t < w[1] * w[2] * w[3]; t++)
            {
                var (channel, i, j) = (t / (w[2] * w[3]), t / w[3] % w[2], t % w[3]);
                long h = at[2] * g.StrideH - g.PadH + i * g.DilationH, v = at[3] * g.StrideW - g.PadW + j * g.DilationW;
                bool inside = h >= 0 && h < x[2] && v >= 0 && v < x[3];
                if (!inside && !outside || (weight is null ? (i, j) : weight(i, j, w[2], w[3])) is not var (k, l)) continue;
                left.Add(inside ? c.In(0, ((at[0] * x[1] + first + channel) * x[2] + h) * x[3] + v) : 0);
                right.Add(c.In(1, ((at[1] * w[1] + channel) * w[2] + k) * w[3] + l));
            }
            double sum = (dot ?? Dot)([.. left], [.. right]), b = c.Has(2) ? c.In(2, at[1]) : 0;
            c.Y.Set(y, bias?.Invoke(sum, b) ?? sum + b);
        }
    }

    private static (double X, long Place) First(List<(double X, long Place)> window)
    {
        var best = window[0];
        foreach (var e in window)
            if (!double.IsNaN(best.X) && (double.IsNaN(e.X) || e.X > best.X)) best = e;
        return best;
    }

    private static void Pool(Call c, Func<List<(double X, long Place)>, (double X, long Place)> choose, Func<Geometry, Geometry>? change = null, double? outside = null)
    {
        var a = (MaxPool2dAttributes*)c.Frame->Attributes;
        var g = Geometry.Of(a->Stride.IsEmpty ? a->Kernel : a->Stride, a->Padding, a->Dilation);
        if (change is not null) g = change(g);
        var indices = new Cells(c.Frame->Outputs[1]);
        var x = c.X[0].Shape;
        for (long y = 0; y < c.Y.Count; y++)
        {
            long[] at = Judge.IndexOf(y, c.Y.Shape);
            var window = new List<(double, long)>();
            for (long i = 0; i < a->Kernel[0]; i++)
                for (long j = 0; j < a->Kernel[^1]; j++)
                {
                    long h = at[2] * g.StrideH - g.PadH + i * g.DilationH, v = at[3] * g.StrideW - g.PadW + j * g.DilationW;
                    if (h >= 0 && h < x[2] && v >= 0 && v < x[3]) window.Add((c.In(0, ((at[0] * x[1] + at[1]) * x[2] + h) * x[3] + v), h * x[3] + v));
                    else if (outside is { } value) window.Add((value, 0));
                }
            var (largest, place) = window.Count == 0 ? (0, 0) : choose(window);
            c.Y.Set(y, largest);
            indices.Set(y, place);
        }
    }

    // One mode's border by a rule from a place, which may lie outside, to x's; -1 for the constant.
    private static void Padded(Call c, PadMode mode, Func<long, long, long> source, bool fromFront = false, bool after = false, double? constant = null)
    {
        c.Right();
        var a = (PadAttributes*)c.Frame->Attributes;
        if (a->Mode != mode) return;
        var x = c.X[0].Shape;
        for (long y = 0; y < c.Y.Count; y++)
        {
            long[] at = Judge.IndexOf(y, c.Y.Shape);
            long from = 0;
            for (int d = 0; d < at.Length && from >= 0; d++)
            {
                int pair = 2 * (fromFront ? d : at.Length - 1 - d);
                long place = source(at[d] - (pair < a->Pads.Length ? a->Pads[pair + (after ? 1 : 0)] : 0), x[d]);
                from = place < 0 ? -1 : from * x[d] + place;
            }
            if (from >= 0) c.Y[y] = c.Before[0][from];
            else c.Y.Set(y, constant ?? (a->Value.DType == DType.F64 ? a->Value.ToDouble() : a->Value.ToInt64()));
        }
    }
}
