using Backends.Plugins;

namespace Backends.Declarations;

// How far an answer is from what was wanted: one number a row, or their mean or sum.

/// <summary>-log softmax(x)[target], along the last dimension, for each row; then the mean over the rows, or their sum. A target outside of the classes gives 0 for its row, and counts in the mean. The mean of no rows is NaN.</summary>
[Operator("cross_entropy(T x, I target, enum{mean, sum, none} reduction = mean) -> T : T in float, I in i32|i64 ; shape=custom ; accuracy=composed")]
internal static class CrossEntropy
{
    public static unsafe void Shape(ref Inference inference)
    {
        Shape x = inference.Inputs[0], target = inference.Inputs[1];
        if (x.Rank == 0 || !x.AsSpan()[..^1].SequenceEqual(target.AsSpan()))
            throw new ShapeException($"cross_entropy: x {x} and target {target} do not fit.", "target has one class for each row of x: x without its last dimension", "reshape one");
        bool each = ((CrossEntropyAttributes*)inference.Attributes)->Reduction == CrossEntropyReduction.None;
        inference.Outputs[0] = each ? target : Backends.Shape.Scalar;
    }

    public static T Decompose<T>(Operators<T> op, T x, T target, CrossEntropyReduction reduction) where T : class
    {
        // Chosen, not multiplied: 0 · -Inf would be NaN.
        var wanted = op.OneHot(target, op.ShapeOf(x)[^1], DType.Bool);
        var rows = op.Neg(op.Sum(op.Where(wanted, op.LogSoftmax(x), op.Scalar(0, x)), -1));
        return reduction switch { CrossEntropyReduction.None => rows, CrossEntropyReduction.Sum => op.Sum(rows), _ => op.Mean(rows) };
    }
}
