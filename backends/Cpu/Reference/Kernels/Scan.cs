namespace Backends.Reference;

/// <summary>Each element from those up to it along one dimension.</summary>
internal static class Scan
{
    /// <summary>y[i] = x[0] + … + x[i], added in that order.</summary>
    [Reference("cumsum")]
    public static void CumSum<N>(View<N> x, long dim, View<N> y) where N : struct, IReferenceNumber<N>
    {
        foreach (long[][] row in x.Shape.Rows(dim))
        {
            var total = N.Zero;
            foreach (long[] i in row) y[i] = total += x[i];
        }
    }
}
