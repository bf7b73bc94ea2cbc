using Backends.Plugins;

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

/// <summary>y[i] = x[i] - max x - log Σ exp(x[j] - max x), along dim. A -Inf entry gives -Inf; a row of -Inf alone, or with +Inf or NaN in it, gives NaN.</summary>
[Operator("log_softmax(T x, i64 dim = -1) -> T : T in float ; shape=same(x, dim) ; accuracy=composed")]
internal static class LogSoftmax
{
    public static T Decompose<T>(Operators<T> op, T x, long dim) where T : class
    {
        var below = op.Sub(x, op.AMax(x, dim, keepDim: true));
        return op.Sub(below, op.Log(op.Sum(op.Exp(below), dim, keepDim: true)));
    }
}

/// <summary>y = (x - mean) / √(variance + eps) · weight + bias, mean and variance (divided by n) over the last trailing dimensions, whose shape weight and bias have. A row with NaN or an infinity in it gives NaN.</summary>
[Operator("layer_norm(T x, T? weight, T? bias, i64 trailing = 1, f64 eps = 1e-5) -> T : T in float ; shape=custom ; accuracy=composed")]
internal static class LayerNorm
{
    public static unsafe void Shape(ref Inference inference)
    {
        Shape x = inference.Inputs[0];
        long trailing = ((LayerNormAttributes*)inference.Attributes)->Trailing;
        if (trailing < 1 || trailing > x.Rank)
            throw new OperatorArgumentException($"layer_norm: trailing {trailing}.", $"x has rank {x.Rank}", "give how many dimensions at the end are normalised together, 1 or more");
        var tail = Backends.Shape.Create(x.AsSpan()[^(int)trailing..]);
        foreach (var scale in (Shape[])[inference.Inputs[1], inference.Inputs[2]])
            if (scale.Rank > 0 && scale != tail)
                throw new ShapeException($"layer_norm: x {x} and {scale} do not fit.", $"weight and bias have the shape of the last {trailing} of x: {tail}", "reshape, or give trailing");
        inference.Outputs[0] = x;
    }

    public static T Decompose<T>(Operators<T> op, T x, T? weight, T? bias, long trailing, double eps) where T : class
    {
        var over = new long[trailing];
        for (int i = 0; i < over.Length; i++) over[i] = -1 - i;
        // Two passes: the mean of squares less the square of the mean would lose every digit where the mean is large.
        var centred = op.Sub(x, op.Mean(x, Dims.Create(over), keepDim: true));
        var variance = op.Mean(op.Mul(centred, centred), Dims.Create(over), keepDim: true);
        var y = op.Mul(centred, op.Rsqrt(op.Add(variance, op.Scalar(eps, x))));
        if (weight is not null) y = op.Mul(y, weight);
        return bias is null ? y : op.Add(y, bias);
    }
}
