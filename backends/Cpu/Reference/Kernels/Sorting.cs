namespace Backends.Reference;

/// <summary>Order along one dimension. NaN is larger than every number.</summary>
internal static class Sorting
{
    /// <summary>values = each row in order, indices = where each element stood; equal ones keep their order.</summary>
    [Reference("sort")]
    public static void Sort<N>(View<N> x, long dim, bool descending, View<N> values, View<N> indices) where N : struct, IReferenceNumber<N>
    {
        foreach (long[][] row in Rows(x.Shape, dim))
        {
            int place = 0;
            foreach (long[] from in descending ? row.OrderDescending(By(x)) : row.Order(By(x)))
            {
                values[row[place]] = x[from];
                indices[row[place++]] = N.FromInteger(from[Along(dim, x.Shape)]);
            }
        }
    }

    // LINQ's order is stable.
    private static Comparer<long[]> By<N>(View<N> x) where N : struct, IReferenceNumber<N> => Comparer<long[]>.Create((a, b) => Compare(x[a], x[b]));

    private static int Compare<N>(N a, N b) where N : struct, IReferenceNumber<N> =>
        N.IsNaN(a) || N.IsNaN(b) ? N.IsNaN(a).CompareTo(N.IsNaN(b)) : N.Less(a, b) ? -1 : N.Less(b, a) ? 1 : 0;

    private static int Along(long dim, Shape shape) => (int)(dim < 0 ? dim + shape.Rank : dim);

    // The indices of each row along dim.
    private static IEnumerable<long[][]> Rows(Shape shape, long dim)
    {
        int along = Along(dim, shape);
        long[] heads = [.. shape];
        heads[along] = Math.Min(1, heads[along]);
        foreach (long[] head in Shape.Create(heads).Indices())
            yield return [.. Enumerable.Range(0, (int)shape[along]).Select(i => { long[] at = [.. head]; at[along] = i; return at; })];
    }
}
