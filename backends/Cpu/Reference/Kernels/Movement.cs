namespace Backends.Reference;

/// <summary>Operators that move elements or choose them by position.</summary>
internal static class Movement
{
    /// <summary>y = x. Both are seen as unsigned integers of the element's width, so that every bit arrives, a NaN's payload too.</summary>
    public static void Copy(View<Wide> x, View<Wide> y)
    {
        foreach (long[] i in y.Shape.Indices()) y[i] = x[i];
    }

    /// <summary>y = the xs, one behind another along dim.</summary>
    [Reference("concat")]
    public static void Concat<N>(ReadOnlySpan<View<N>> xs, long dim, View<N> y) where N : struct, IReferenceNumber<N>
    {
        int along = (int)(dim < 0 ? dim + y.Shape.Rank : dim);
        long start = 0;
        foreach (var x in xs)
        {
            foreach (long[] i in x.Shape.Indices())
            {
                long[] o = [.. i];
                o[along] += start;
                y[o] = x[i];
            }
            start += x.Shape[along];
        }
    }

    /// <summary>How many elements of x are not zero: what phase 1 gives. NaN is not zero.</summary>
    public static long CountNonzero<N>(View<N> x) where N : struct, IReferenceNumber<N>
    {
        long count = 0;
        foreach (long[] i in x.Shape.Indices())
            if (!IsZero(x[i])) count++;
        return count;
    }

    /// <summary>y[row] = the index of the row-th element of x that is not zero.</summary>
    public static void Nonzero<N>(View<N> x, View<Wide> y) where N : struct, IReferenceNumber<N>
    {
        long row = 0;
        foreach (long[] i in x.Shape.Indices())
        {
            if (IsZero(x[i])) continue;
            for (int d = 0; d < i.Length; d++) y[[row, d]] = Wide.FromInteger(i[d]);
            row++;
        }
    }

    private static bool IsZero<N>(N x) where N : struct, IReferenceNumber<N> => !N.IsNaN(x) && !N.Less(x, N.Zero) && !N.Less(N.Zero, x);
}
