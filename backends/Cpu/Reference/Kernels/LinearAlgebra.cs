namespace Backends.Reference;

/// <summary>Products of matrices.</summary>
internal static class LinearAlgebra
{
    /// <summary>y[.., i, j] = Σ a[.., i, k] · b[.., k, j], added in the order of k.</summary>
    [Reference("matmul")]
    public static void MatMul<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N>
    {
        long depth = a.Shape[^1];
        a = a.BroadcastTo(Shape.Create([.. y.Shape.AsSpan()[..^1], depth]));
        b = b.BroadcastTo(Shape.Create([.. y.Shape.AsSpan()[..^2], depth, y.Shape[^1]]));
        foreach (long[] o in y.Shape.Indices())
        {
            long[] left = [.. o], right = [.. o];
            var total = N.Zero;
            for (long k = 0; k < depth; k++)
            {
                left[^1] = right[^2] = k;
                total += a[left] * b[right];
            }
            y[o] = total;
        }
    }
}
