using Backends.Plugins;
using Backends.Reference;

namespace Backends.Conformance;

/// <summary>
/// Results of which several are right as wholes: which of equal elements were taken, and, unsorted, in which order, is the kernel's choice
/// (docs/accuracy.md#topk). Judged is the right whole that is nearest to what came out.
/// </summary>
internal static unsafe class Chosen
{
    /// <summary>Values: the k most extreme; indices: one of its own for each, where x has that value.</summary>
    public static Answer[] TopK(void* attributes, Operand x, Shape shape, IReadOnlyList<Operand>? actual)
    {
        var a = (TopKAttributes*)attributes;
        var values = new BitsAnswer(x.DType, shape, "topk") { EitherZero = true, AnyNaN = true };
        var indices = new BitsAnswer(DType.I64, shape, "topk");
        bool known = actual is [{ } v, { } i] && v.Shape == shape && i.Shape == shape && v.DType == x.DType && i.DType == DType.I64;
        int dim = x.Shape.Along(a->Dim);
        foreach (var (row, places) in x.Shape.Rows(dim).Zip(shape.Rows(dim)))
        {
            long[] from = [.. row.Select(at => Place(x.Shape, at))], to = [.. places.Select(at => Place(shape, at))];
            var order = Comparer<int>.Create((p, q) => Compare(x, from[p], from[q]));
            var positions = Enumerable.Range(0, from.Length);
            var left = (a->Largest ? positions.OrderDescending(order) : positions.Order(order)).Take(to.Length).ToList();
            var taken = new bool[from.Length];
            foreach (long place in to)
            {
                // Unsorted, what came may be any of those that are left; else the next one is due.
                int next = a->Sorted || !known ? 0 : Math.Max(0, left.FindIndex(p => Same(x, x.Bits(from[p]), actual![0].Bits(place))));
                ulong value = x.Bits(from[left[next]]);
                left.RemoveAt(next);
                long claimed = known ? (long)actual![1].Bits(place) : -1;
                bool fits = claimed >= 0 && claimed < from.Length && !taken[claimed] && Same(x, x.Bits(from[claimed]), value);
                int index = fits ? (int)claimed : positions.First(p => !taken[p] && Same(x, x.Bits(from[p]), value));
                taken[index] = true;
                values.Set(place, value);
                indices.Set(place, (ulong)index);
            }
        }
        return [values, indices];
    }

    private static long Place(Shape shape, long[] at)
    {
        long place = 0;
        for (int d = 0; d < at.Length; d++) place = place * shape[d] + at[d];
        return place;
    }

    private static bool Same(Operand x, ulong a, ulong b)
    {
        if (a == b || !x.DType.IsFloat) return a == b;
        double p = FloatFormat.Of(x.DType).Decode(a), q = FloatFormat.Of(x.DType).Decode(b);
        return p == q || double.IsNaN(p) && double.IsNaN(q);
    }

    // NaN is larger than every number.
    private static int Compare(Operand x, long p, long q)
    {
        if (!x.DType.IsFloat) return x.DType == DType.U64 ? x.Bits(p).CompareTo(x.Bits(q)) : x.Integer(p).CompareTo(x.Integer(q));
        double a = x.Real(p), b = x.Real(q);
        return double.IsNaN(a) || double.IsNaN(b) ? double.IsNaN(a).CompareTo(double.IsNaN(b)) : a.CompareTo(b) * (a == b ? 0 : 1);
    }
}
