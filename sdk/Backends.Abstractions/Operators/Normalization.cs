namespace Backends.Declarations;

// Rows brought to a common scale.

/// <summary>y[i] = exp(x[i] - max x) / Σ exp(x[j] - max x), along dim. A -Inf entry gives +0; a row of -Inf alone, or with +Inf or NaN in it, gives NaN.</summary>
[Operator("softmax(T x, i64 dim = -1) -> T : T in float ; shape=same(x, dim) ; accuracy=composed")]
internal static class Softmax
{
    public static T Decompose<T>(Operators<T> op, T x, long dim) where T : class
    {
        var e = op.Exp(op.Sub(x, op.AMax(x, dim, keepDim: true)));
        return op.Div(e, op.Sum(e, dim, keepDim: true));
    }
}
