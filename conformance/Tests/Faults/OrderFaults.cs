using Backends.Plugins;
using Backends.Reference;

namespace Backends.Conformance.Tests.Faults;

/// <summary>Order, ties, positions: the first of several, what stands before, where an index leads.</summary>
internal static unsafe class OrderFaults
{
    private static readonly FloatFormat s_half = FloatFormat.F16, s_single = FloatFormat.F32;

    public static IEnumerable<Fault> All => [.. Places, .. Anys, .. Means, .. Scans, .. Sorts, .. Tops, .. Gathers, .. Scatters];

    /// <summary>Right ones that differ from ours.</summary>
    public static IEnumerable<Fault> Variants =>
    [
        new("of equal ones the last, from the back", "topk", "f32 i16", "", c => Top(c, (t, k) => [.. t.Select((x, i) => (x, i)).OrderDescending(Comparer<(double, int)>.Create(NaNLargest)).Take(k).Select(p => p.Item2)], reverse: true)),
        .. from type in (string[])["f32", "f16"] select new Fault("in blocks of 16", "cumsum", type, "", c => Scan(c, InBlocks)),
        .. from types in (string[])["f32,i64", "f16,i32", "bf16,i64"] select new Fault("from the back, rounded each time", "scatter_add", types, "", c => Scatter(c, (y, x) => y.Round(x), backwards: true)),
        .. from type in (string[])["f32", "f16"] select new Fault("by the reciprocal", "mean", type, "", c => c.Reduce(t => (float)(t.Aggregate(0f, (s, x) => s + (float)x) * (1 / (float)t.Length)))),
    ];

    private static IEnumerable<Fault> Places =>
    [
        .. from type in (string[])["f32", "i32", "f16", "u8"] select new Fault("the last of equal ones", "argmax", type, "values", c => c.Reduce(t => Array.LastIndexOf(t, t.Max()))),
        new("NaN never wins", "argmax", "f32", "special", c => c.Reduce(t => Array.IndexOf(t, t.Where(x => !double.IsNaN(x)).DefaultIfEmpty(t[0]).Max()))),
        new("the last NaN wins", "argmax", "f64", "special", c => c.Reduce(t => t.Any(double.IsNaN) ? Array.FindLastIndex(t, double.IsNaN) : Array.IndexOf(t, t.Max()))),
        new("+0 is larger than -0", "argmax", "f32", "", c => c.Reduce(t => First(t, (a, b) => a > b || a == 0 && b == 0 && double.IsNegative(b) && !double.IsNegative(a)))),
        new("unsigned is compared as signed", "argmax", "u8", "", c => c.Reduce(t => First(t, (a, b) => (sbyte)(byte)a > (sbyte)(byte)b))),
        .. from type in (string[])["f32", "i64"] select new Fault("the last 8 are not looked at from 4,096 on", "argmax", type, "values", c => c.Reduce(t => First(t.Length >= 4096 ? t[..^8] : t, (a, b) => a > b))),
    ];

    private static IEnumerable<Fault> Anys =>
    [
        new("NaN is zero", "any", "f32", "special", c => c.Reduce(t => t.Any(x => x != 0 && !double.IsNaN(x)) ? 1 : 0)),
        new("-0 is not zero", "any", "f16", "special", c => c.Reduce(t => t.Any(x => x != 0 || double.IsNegative(x)) ? 1 : 0)),
        new("subnormals are zero", "any", "f32", "special", c => c.Reduce(t => t.Any(x => !(Math.Abs(x) < s_single.SmallestNormal)) ? 1 : 0)),
        new("the low half counts", "any", "i32", "", c => c.Reduce(t => t.Any(x => ((long)x & 0xFFFF) != 0) ? 1 : 0)),
        .. from type in (string[])["bool", "f32"] select new Fault("all of them", "any", type, "values", c => c.Reduce(t => t.All(x => x != 0) ? 1 : 0)),
        .. from type in (string[])["bool", "u8"] select new Fault("the last is not looked at", "any", type, "values", c => c.Reduce(t => t.SkipLast(1).Any(x => x != 0) ? 1 : 0)),
    ];

    private static IEnumerable<Fault> Means =>
    [
        new("divides by n - 1", "mean", "f32", "values", c => c.Reduce(t => t.Sum() / Math.Max(1, t.Length - 1))),
        new("the sum is f16", "mean", "f16", "integers-precise", c => c.Reduce(t => t.Aggregate(0.0, (s, x) => s_half.Round(s + x)) / t.Length)),
        new("the sum is f32", "mean", "f64", "integers-precise", c => c.Reduce(t => t.Aggregate(0.0, (s, x) => s_single.Round(s + x)) / t.Length)),
        new("the last block of 8 is lost from 4,096 terms on", "mean", "f32", "values", c => c.Reduce(t => (t.Length >= 4096 ? t[..^8] : t).Sum() / t.Length)),
        new("NaN is left out", "mean", "f32", "special", c => c.Reduce(t => t.Where(x => !double.IsNaN(x)).Sum() / t.Length)),
    ];

    private static IEnumerable<Fault> Scans =>
    [
        .. from type in (string[])["f32", "i32", "bool"] select new Fault("one late", "cumsum", type, "values", c => Scan(c, t => t.Select((_, i) => t[..i].Sum()))),
        new("an f16 carry", "cumsum", "f16", "integers-precise", c => Scan(c, t => Running(t, s_half))),
        new("an f32 carry", "cumsum", "f64", "integers-precise", c => Scan(c, t => Running(t, s_single))),
        .. from type in (string[])["f32", "u8"] select new Fault("the carry is lost every 1,024", "cumsum", type, "values", c => Scan(c, t => t.Select((_, i) => t[(i / 1024 * 1024)..(i + 1)].Sum()))),
        new("i32 is added modulo 2^32", "cumsum", "i32", "", c => c.Changed((_, y) => (ulong)(int)y)),
        new("NaN stays where it is", "cumsum", "f32", "special", c => Scan(c, t => t.Select((x, i) => double.IsNaN(x) ? x : t[..(i + 1)].Where(v => !double.IsNaN(v)).Sum()))),
        new("from the end", "cumsum", "f32", "values", c => Scan(c, t => t.Select((_, i) => t[i..].Sum()))),
    ];

    private static IEnumerable<Fault> Sorts =>
    [
        .. from type in (string[])["f32", "i32", "u8", "bf16"] select new Fault("not stable", "sort", type, "values", c => Sort(c, (t, d) => Ordered(t, d).Reverse().OrderBy(i => 0).Reverse().GroupBy(i => t[i]).SelectMany(g => g.Reverse()))),
        new("not stable from 4,096 on", "sort", "f32", "values", c => Sort(c, (t, d) => t.Length < 4096 ? Ordered(t, d) : Ordered(t, d).GroupBy(i => t[i]).SelectMany(g => g.Reverse()))),
        new("falling is rising, reversed", "sort", "f32", "values", c => Sort(c, (t, d) => d ? Ordered(t, false).Reverse() : Ordered(t, false))),
        new("-0 is less than +0", "sort", "f32", "values", c => Sort(c, (t, d) => d ? Ordered(t, d) : Enumerable.Range(0, t.Length).OrderBy(i => double.IsNaN(t[i]) ? 1 : 0).ThenBy(i => t[i]).ThenBy(i => t[i] == 0 && !double.IsNegative(t[i]) ? 1 : 0))),
        new("NaN comes first", "sort", "f32", "special", c => Sort(c, (t, d) => Enumerable.Range(0, t.Length).OrderBy(i => double.IsNaN(t[i]) ? 0 : 1).ThenBy(i => d ? -t[i] : t[i]))),
        new("rising whatever is asked", "sort", "f16", "values", c => Sort(c, (t, _) => Ordered(t, false))),
        new("unsigned is compared as signed", "sort", "u16", "", c => Sort(c, (t, d) => Ordered([.. t.Select(x => (double)(short)(ushort)x)], d))),
    ];

    private static IEnumerable<Fault> Tops =>
    [
        .. from type in (string[])["f32", "i16"] select new Fault("equal values count once", "topk", type, "values", c => Top(c, (t, k) => Padded(Ordered(t, true).DistinctBy(i => t[i]), k))),
        new("one index for all equal values", "topk", "f32", "values", c => Top(c, (t, k) => [.. Ordered(t, true).Take(k).Select(i => Array.IndexOf(t, t[i]) is var f && f >= 0 ? f : i)])),
        new("NaN is the smallest", "topk", "f32", "special", c => Top(c, (t, k) => [.. Enumerable.Range(0, t.Length).OrderBy(i => double.IsNaN(t[i]) ? 1 : 0).ThenByDescending(i => t[i]).Take(k)])),
        new("the k-th is the one after it", "topk", "f64", "values", c => Top(c, (t, k) => [.. Ordered(t, true).Take(k - 1), Ordered(t, true).ElementAt(Math.Min(k, t.Length - 1))])),
        new("sorted is not looked at", "topk", "f32", "values", c => Top(c, (t, k) => [.. Ordered(t, true).Take(k).Order()])),
        new("the last is not looked at", "topk", "f32", "values", c => Top(c, (t, k) => [.. Ordered(t, true).Where(i => i < t.Length - 1 || t.Length == k).Take(k)])),
    ];

    private static IEnumerable<Fault> Gathers =>
    [
        .. from op in (string[])["gather", "index_select"]
           from types in (string[])["f32,i64", "u8,i32"]
           from wrong in ((string, string, Func<long, long, long>)[])
           [
               ("the last position is the one before", "values", (p, n) => p == n - 1 && n > 1 ? p - 1 : p),
               ("negative positions count from the end", "special", (p, n) => p < 0 && p >= -n ? p + n : p),
               ("positions outside are taken modulo the size", "special", (p, n) => (p % n + n) % n),
               ("positions outside are clamped", "special", (p, n) => Math.Clamp(p, 0, n - 1)),
           ]
           select new Fault(wrong.Item1, op, types, wrong.Item2, c => Gather(c, wrong.Item3)),
        new("64-bit positions are cut to 32 bits", "gather", "f32,i64", "special", c => Gather(c, (p, _) => (int)p)),
        new("what is outside is left as it was", "gather", "f32,i64", "special", c => Gather(c, (p, _) => p, outside: false)),
        new("signalling NaNs are quieted", "gather", "f32,i64", "special", c => c.Changed((_, y) => double.IsNaN(c.Y.Number(y)) ? y | 0x400000 : y)),
        new("a class too large is the last", "one_hot", "i64,f32", "special", c => Hot(c, (p, n) => Math.Min(p, n - 1))),
        new("a negative class counts from the end", "one_hot", "i32,i64", "special", c => Hot(c, (p, n) => p < 0 ? p + n : p)),
        new("classes are one off", "one_hot", "i64,u8", "values", c => Hot(c, (p, n) => p + 1)),
    ];

    private static IEnumerable<Fault> Scatters =>
    [
        .. from types in (string[])["f32,i64", "i32,i32", "bf16,i64"] select new Fault("of several at one place the last is kept", "scatter_add", types, "values", c => Scatter(c, (_, x) => x, onlyLast: true)),
        new("begins with zeros", "scatter_add", "f32,i64", "values", c => Scatter(c, (y, x) => y.Round(x), fromZero: true)),
        new("an f16 accumulator", "scatter_add", "f32,i64", "", c => Scatter(c, (_, x) => s_half.Round(x))),
        new("positions outside are clamped", "scatter_add", "f32,i64", "special", c => Scatter(c, (y, x) => y.Round(x), clamped: true)),
        new("the last src is not added", "scatter_add", "i64,i64", "values", c => { c.Right(); if (c.X[2].Count > 0) c.Changed((i, y) => i == Target(c, c.X[2].Count - 1, p => p) ? y - c.Before[2][^1] : y); }),
    ];

    private static int First(double[] t, Func<double, double, bool> isMore)
    {
        int best = 0;
        for (int i = 1; i < t.Length; i++)
            if (!double.IsNaN(t[best]) && (double.IsNaN(t[i]) || isMore(t[i], t[best]))) best = i;
        return best;
    }

    private static IEnumerable<double> Running(double[] t, FloatFormat format)
    {
        double sum = 0;
        return t.Select(x => sum = format.Round(sum + x));
    }

    private static IEnumerable<double> InBlocks(double[] t)
    {
        float before = 0;
        for (int from = 0; from < t.Length; from += 16)
        {
            float block = 0;
            for (int i = from; i < Math.Min(from + 16, t.Length); i++) yield return before + (block += (float)t[i]);
            before += block;
        }
    }

    private static void Scan(Call c, Func<double[], IEnumerable<double>> row) => TermFaults.Softmax(c, row);

    private static int NaNLargest((double X, int I) a, (double X, int I) b) =>
        double.IsNaN(a.X) || double.IsNaN(b.X) ? double.IsNaN(a.X).CompareTo(double.IsNaN(b.X)) is var n && n != 0 ? n : a.I.CompareTo(b.I) : a.X == b.X ? a.I.CompareTo(b.I) : a.X < b.X ? -1 : 1;

    private static IEnumerable<int> Ordered(double[] t, bool descending) => descending
        ? Enumerable.Range(0, t.Length).OrderBy(i => double.IsNaN(t[i]) ? 0 : 1).ThenByDescending(i => t[i])
        : Enumerable.Range(0, t.Length).OrderBy(i => double.IsNaN(t[i]) ? 1 : 0).ThenBy(i => t[i]);

    private static int[] Padded(IEnumerable<int> found, int k) => [.. found.Concat(Enumerable.Repeat(0, k)).Take(k)];

    private static void Sort(Call c, Func<double[], bool, IEnumerable<int>> order)
    {
        var a = (SortAttributes*)c.Frame->Attributes;
        bool descending = a->Descending;
        Rowwise(c, a->Dim, t => [.. order(t, descending)]);
    }

    private static void Top(Call c, Func<double[], int, int[]> choose, bool reverse = false)
    {
        var a = (TopKAttributes*)c.Frame->Attributes;
        int k = (int)a->K;
        if (!a->Largest) c.Right();
        else Rowwise(c, a->Dim, t => choose(t, k) is var chosen && reverse && !((TopKAttributes*)c.Frame->Attributes)->Sorted ? [.. chosen.Reverse()] : chosen);
    }

    // Each row of the two results from the places that are chosen of it.
    private static void Rowwise(Call c, long dim, Func<double[], int[]> choose)
    {
        var indices = new Cells(c.Frame->Outputs[1]);
        int along = c.X[0].Shape.Along(dim);
        foreach (var (row, to) in c.X[0].Shape.Rows(along).Zip(c.Y.Shape.Rows(along)))
        {
            int[] chosen = choose([.. row.Select(at => c.In(0, Place(c.X[0].Shape, at)))]);
            for (int i = 0; i < to.Length; i++)
            {
                c.Y[Place(c.Y.Shape, to[i])] = c.Before[0][Place(c.X[0].Shape, row[chosen[i]])];
                indices[Place(c.Y.Shape, to[i])] = (ulong)chosen[i];
            }
        }
    }

    private static long Place(Shape shape, ReadOnlySpan<long> at)
    {
        long place = 0;
        for (int d = 0; d < at.Length; d++) place = place * shape[d] + at[d];
        return place;
    }

    private static void Gather(Call c, Func<long, long, long> position, bool outside = true)
    {
        int dim = c.X[0].Shape.Along(((GatherAttributes*)c.Frame->Attributes)->Dim);
        long size = c.X[0].Shape[dim], place = 0;
        foreach (long[] i in c.Y.Shape.Indices())
        {
            long at = position((long)c.In(1, c.Operator.Name == "gather" ? place : i[dim]), size);
            long[] from = [.. i];
            from[dim] = at;
            if (at >= 0 && at < size) c.Y[place] = c.Before[0][Place(c.X[0].Shape, from)];
            else if (outside) c.Y[place] = 0;
            place++;
        }
    }

    private static void Hot(Call c, Func<long, long, long> position)
    {
        long classes = c.Y.Shape[^1];
        for (long i = 0; i < c.Y.Count; i++) c.Y.Set(i, position((long)c.In(0, i / classes), classes) == i % classes ? 1 : 0);
    }

    private static void Scatter(Call c, Func<FloatFormat, double, double> round, bool backwards = false, bool onlyLast = false, bool fromZero = false, bool clamped = false)
    {
        double[] totals = fromZero ? new double[c.Y.Count] : c.X[0].Numbers(), before = [.. totals];
        long size = c.X[0].Shape[c.X[0].Shape.Along(((GatherAttributes*)c.Frame->Attributes)->Dim)];
        for (long i = 0; i < c.X[2].Count; i++)
        {
            long source = backwards ? c.X[2].Count - 1 - i : i;
            long to = Target(c, source, p => clamped ? Math.Clamp(p, 0, size - 1) : p);
            if (to < 0) continue;
            double sum = (onlyLast ? before[to] : totals[to]) + c.In(2, source);
            totals[to] = c.Y.DType.IsFloat ? round(c.Y.Format, sum) : sum;
        }
        for (long i = 0; i < c.Y.Count; i++) c.Y.Set(i, totals[i]);
    }

    // Where an element of src goes to; -1 for nowhere.
    private static long Target(Call c, long source, Func<long, long> position)
    {
        var shape = c.X[0].Shape;
        int dim = shape.Along(((GatherAttributes*)c.Frame->Attributes)->Dim);
        long[] at = Judge.IndexOf(source, c.X[2].Shape);
        long to = position((long)c.In(1, source));
        if (to < 0 || to >= shape[dim]) return -1;
        at[dim] = to;
        return Place(shape, at);
    }
}
