namespace Backends.Reference;

/// <summary>Many elements become one, along the dimensions named.</summary>
internal static class Reduction
{
    /// <summary>y[o] = Σ x[o, r], added in index order. The sum of nothing is 0.</summary>
    [Reference("sum")]
    public static void Sum<N>(View<N> x, ReadOnlySpan<long> dim, View<N> y) where N : struct, IReferenceNumber<N>
    {
        uint reduced = Mask(dim, x.Shape.Rank);
        y = y.WithReduced(reduced, x.Shape.Rank);
        foreach (long[] o in y.Shape.Indices())
        {
            var total = N.Zero;
            foreach (long[] i in x.Shape.Along(o, reduced)) total += x[i];
            y[o] = total;
        }
    }

    /// <summary>y[o] = the largest of x[o, r]; NaN, if there is one.</summary>
    [Reference("amax")]
    public static void AMax<N>(View<N> x, ReadOnlySpan<long> dim, View<N> y) where N : struct, IReferenceNumber<N>
    {
        uint reduced = Mask(dim, x.Shape.Rank);
        y = y.WithReduced(reduced, x.Shape.Rank);
        foreach (long[] o in y.Shape.Indices())
        {
            N? largest = null;
            foreach (long[] i in x.Shape.Along(o, reduced)) largest = largest is { } l ? Max(l, x[i]) : x[i];
            y[o] = largest ?? throw new BackendException(BackendStatus.InvalidArgument, "amax: nothing has no largest element");
        }
    }

    /// <summary>y[o] = whether any of x[o, r] is not zero.</summary>
    [Reference("any")]
    public static void Any<N>(View<N> x, ReadOnlySpan<long> dim, View<N> y) where N : struct, IReferenceNumber<N>
    {
        uint reduced = Mask(dim, x.Shape.Rank);
        y = y.WithReduced(reduced, x.Shape.Rank);
        foreach (long[] o in y.Shape.Indices())
        {
            bool any = false;
            foreach (long[] i in x.Shape.Along(o, reduced)) any |= N.Round(x[i], DType.Bool) != 0;
            y[o] = N.FromInteger(any ? 1 : 0);
        }
    }

    /// <summary>y[o] = the first r where x[o, r] is the largest, or NaN.</summary>
    [Reference("argmax")]
    public static void ArgMax<N>(View<N> x, ReadOnlySpan<long> dim, View<N> y) where N : struct, IReferenceNumber<N>
    {
        uint reduced = Mask(dim, x.Shape.Rank);
        y = y.WithReduced(reduced, x.Shape.Rank);
        foreach (long[] o in y.Shape.Indices())
        {
            long place = 0, best = 0;
            N? largest = null;
            foreach (long[] i in x.Shape.Along(o, reduced))
            {
                if (largest is not { } l || !N.IsNaN(l) && (N.IsNaN(x[i]) || N.Less(l, x[i]))) (largest, best) = (x[i], place);
                place++;
            }
            if (largest is null) throw new BackendException(BackendStatus.InvalidArgument, "argmax: nothing has no largest element");
            y[o] = N.FromInteger(best);
        }
    }

    /// <summary>A bit for each dimension that is reduced: those named, counted from the end when negative; all when none is.</summary>
    private static uint Mask(ReadOnlySpan<long> dims, int rank)
    {
        if (dims.IsEmpty) return (1u << rank) - 1;
        uint mask = 0;
        foreach (long dim in dims) mask |= 1u << (int)(dim < 0 ? dim + rank : dim);
        return mask;
    }

    // A NaN is let in, and nothing is more than it.
    private static N Max<N>(N a, N b) where N : struct, IReferenceNumber<N> => N.IsNaN(b) || N.Less(a, b) ? b : a;
}
