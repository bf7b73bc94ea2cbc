using Backends.Plugins;

namespace Backends.Declarations;

// What each query takes from the values, by how well it fits their keys.

/// <summary>y = p · v, p = softmax of s = scale · q · kᵀ + mask along the keys. q [.., L, d], k [.., S, d], v [.., S, e]; mask [.., L, S] broadcasts to s, and a -Inf in it takes a key out. causal: query i sees keys 0 to i. A row without a key gives 0. scale is 1/√d unless given; NaN stands for that.</summary>
[Operator("scaled_dot_product_attention(T q, T k, T v, T? mask, bool causal = false, f64 scale = nan) -> T : T in float ; shape=custom ; accuracy=composed")]
internal static class ScaledDotProductAttention
{
    public static void Shape(ref Inference inference)
    {
        Shape q = inference.Inputs[0], k = inference.Inputs[1], v = inference.Inputs[2], mask = inference.Inputs[3];
        bool fits = q.Rank >= 2 && k.Rank == q.Rank && v.Rank == q.Rank && q[^1] == k[^1] && k[^2] == v[^2];
        for (int d = 0; fits && d < q.Rank - 2; d++) fits = q[d] == k[d] && q[d] == v[d];
        if (!fits)
            throw new ShapeException($"scaled_dot_product_attention: q {q}, k {k} and v {v} do not fit.", "they are [.., L, d], [.., S, d] and [.., S, e] with the same sizes before", "reshape or expand one");
        bool masks = mask.Rank <= q.Rank;
        for (int d = 1; masks && d <= mask.Rank; d++) masks = mask[^d] == 1 || mask[^d] == (d == 1 ? k[^2] : q[^d]);
        if (!masks)
            throw new ShapeException($"scaled_dot_product_attention: mask {mask} does not fit.", $"q {q} and k {k} give {q[^2]} rows of {k[^2]} keys", "reshape it so that it broadcasts to them");
        inference.Outputs[0] = Backends.Shape.Create([.. q.AsSpan()[..^1], v[^1]]);
    }

    public static T Decompose<T>(Operators<T> op, T q, T k, T v, T? mask, bool causal, double scale) where T : class
    {
        Shape queries = op.ShapeOf(q), keys = op.ShapeOf(k);
        if (double.IsNaN(scale)) scale = 1 / Math.Sqrt(queries[^1]);
        long[] swapped = new long[keys.Rank];
        for (int d = 0; d < swapped.Length; d++) swapped[d] = d < swapped.Length - 2 ? d : d == swapped.Length - 1 ? -2 : -1;
        var s = op.Mul(op.MatMul(q, op.Permute(k, Dims.Create(swapped))), op.Scalar(scale, q));
        if (mask is not null) s = op.Add(s, mask);
        var nothing = op.Scalar(double.NegativeInfinity, q);
        if (causal)
        {
            T row = op.CumSum(op.Fill(1, [queries[^2], 1], DType.I64), 0), column = op.CumSum(op.Fill(1, [1, keys[^2]], DType.I64), 1);
            s = op.Where(op.Le(column, row), s, nothing);
        }
        // Without a key the maximum is -Inf and the sum 0: neither is used.
        var max = op.AMax(s, -1, keepDim: true);
        var e = op.Exp(op.Sub(s, op.Where(op.Eq(max, nothing), op.Scalar(0, q), max)));
        var sum = op.Sum(e, -1, keepDim: true);
        return op.Div(op.MatMul(e, v), op.Where(op.Eq(sum, op.Scalar(0, q)), op.Scalar(1, q), sum));
    }
}
