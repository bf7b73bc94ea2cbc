namespace Backends.Reference;

/// <summary>Elements chosen by positions that data name. One outside leads nowhere (KER-25), and is noted for whoever runs the kernel.</summary>
internal static class Indexing
{
    [ThreadStatic]
    private static bool t_wentOutside;

    /// <summary>Whether a position was outside since this was asked last on this thread.</summary>
    public static bool TakeOutside() => t_wentOutside && !(t_wentOutside = false);

    /// <summary>y[i] = x[i], but along dim at the position that index[i] names; 0 outside.</summary>
    [Reference("gather")]
    public static void Gather<N>(View<N> x, View<N> index, long dim, View<N> y) where N : struct, IReferenceNumber<N>
    {
        foreach (long[] i in y.Shape.Indices()) y[i] = At(index[i], i, dim, x.Shape) is { } at ? x[at] : N.Zero;
    }

    /// <summary>y = x with only those along dim that index names; 0 outside.</summary>
    [Reference("index_select")]
    public static void IndexSelect<N>(View<N> x, View<N> index, long dim, View<N> y) where N : struct, IReferenceNumber<N>
    {
        int along = x.Shape.Along(dim);
        foreach (long[] i in y.Shape.Indices()) y[i] = At(index[[i[along]]], i, dim, x.Shape) is { } at ? x[at] : N.Zero;
    }

    /// <summary>y = x, and src[i] is added at the position along dim that index[i] names; nothing outside. One rounding, at the end.</summary>
    [Reference("scatter_add")]
    public static void ScatterAdd<N>(View<N> x, View<N> index, View<N> src, long dim, View<N> y) where N : struct, IReferenceNumber<N>
    {
        var totals = new View<N>(new N[x.Shape.Elements], x.Shape);
        foreach (long[] i in x.Shape.Indices()) totals[i] = x[i];
        foreach (long[] i in src.Shape.Indices())
            if (At(index[i], i, dim, x.Shape) is { } at) totals[at] += src[i];
        foreach (long[] i in x.Shape.Indices()) y[i] = totals[i];
    }

    /// <summary>y[i, c] = 1 where index[i] is c.</summary>
    [Reference("one_hot")]
    public static void OneHot<N>(View<N> index, View<N> y) where N : struct, IReferenceNumber<N>
    {
        foreach (long[] i in y.Shape.Indices())
        {
            N wanted = index[i.AsSpan(..^1)], here = N.FromInteger(i[^1]);
            y[i] = N.FromInteger(N.Less(wanted, here) || N.Less(here, wanted) ? 0 : 1);
        }
    }

    // The index i, but along dim at a position; null outside of the shape.
    private static long[]? At<N>(N position, long[] i, long dim, Shape shape) where N : struct, IReferenceNumber<N>
    {
        int along = shape.Along(dim);
        if (N.Less(position, N.Zero) || !N.Less(position, N.FromInteger(shape[along])))
        {
            t_wentOutside = true;
            return null;
        }
        long[] at = [.. i];
        at[along] = (long)N.Round(position, DType.I64);
        return at;
    }
}
