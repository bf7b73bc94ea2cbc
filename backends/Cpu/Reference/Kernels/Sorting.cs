namespace Backends.Reference;

/// <summary>Order along one dimension. NaN is larger than every number.</summary>
internal static class Sorting
{
    /// <summary>values = each row in order, indices = where each element stood; equal ones keep their order.</summary>
    [Reference("sort")]
    public static void Sort<N>(View<N> x, long dim, bool descending, View<N> values, View<N> indices) where N : struct, IReferenceNumber<N>
    {
        foreach (long[][] row in x.Shape.Rows(dim))
        {
            int place = 0;
            foreach (long[] from in descending ? row.OrderDescending(By(x)) : row.Order(By(x)))
            {
                values[row[place]] = x[from];
                indices[row[place++]] = N.FromInteger(from[x.Shape.Along(dim)]);
            }
        }
    }

    /// <summary>The first k of each row in order: of equal ones those that come first, which is one right choice of several.</summary>
    [Reference("topk")]
    public static void TopK<N>(View<N> x, long k, long dim, bool largest, View<N> values, View<N> indices) where N : struct, IReferenceNumber<N>
    {
        foreach (long[][] row in x.Shape.Rows(dim))
        {
            int place = 0;
            foreach (long[] from in (largest ? row.OrderDescending(By(x)) : row.Order(By(x))).Take((int)k))
            {
                values[row[place]] = x[from];
                indices[row[place++]] = N.FromInteger(from[x.Shape.Along(dim)]);
            }
        }
    }

    // LINQ's order is stable.
    private static Comparer<long[]> By<N>(View<N> x) where N : struct, IReferenceNumber<N> => Comparer<long[]>.Create((a, b) => Compare(x[a], x[b]));

    private static int Compare<N>(N a, N b) where N : struct, IReferenceNumber<N> =>
        N.IsNaN(a) || N.IsNaN(b) ? N.IsNaN(a).CompareTo(N.IsNaN(b)) : N.Less(a, b) ? -1 : N.Less(b, a) ? 1 : 0;
}
