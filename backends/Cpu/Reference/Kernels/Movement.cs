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

    /// <summary>y = x with more elements around it. Both are seen as unsigned integers, and value is the bits of the constant.</summary>
    public static void Pad(View<Wide> x, ReadOnlySpan<long> pads, PadMode mode, Wide value, View<Wide> y)
    {
        long[] before = new long[x.Shape.Rank], from = new long[x.Shape.Rank];
        for (int i = 0; i < pads.Length; i += 2) before[^(i / 2 + 1)] = pads[i];
        foreach (long[] o in y.Shape.Indices())
        {
            bool inside = true;
            for (int d = 0; d < from.Length; d++)
            {
                long at = o[d] - before[d], last = x.Shape[d] - 1;
                inside &= at >= 0 && at <= last;
                from[d] = mode switch
                {
                    PadMode.Reflect => at < 0 ? -at : at > last ? 2 * last - at : at,
                    PadMode.Replicate => Math.Clamp(at, 0, Math.Max(0, last)),
                    PadMode.Circular => at < 0 ? at + last + 1 : at > last ? at - last - 1 : at,
                    _ => at,
                };
            }
            y[o] = inside || mode != PadMode.Constant ? x[from] : value;
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
