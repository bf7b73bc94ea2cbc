using Backends.Plugins;

namespace Backends.Declarations;

// Order along one dimension. NaN counts as larger than every number; -0 and +0 are equal.

/// <summary>values = x in rising order along dim, falling when descending; indices = where each stood. Equal elements keep their order; NaN stands last when rising, first when falling.</summary>
[Operator("sort(T x, i64 dim = -1, bool descending = false) -> (T values, i64 indices) : T in number ; shape=same(x, dim) ; accuracy=exact(either_zero)")]
internal static class Sort;

/// <summary>values = the k largest of x along dim, or the smallest, and indices = where they stood; sorted says that the first is the most extreme, else they come in any order. Of equal elements any is chosen.</summary>
[Operator("topk(T x, i64 k, i64 dim = -1, bool largest = true, bool sorted = true) -> (T values, i64 indices) : T in number ; shape=custom ; accuracy=exact(either_zero)")]
internal static class TopK
{
    public static unsafe void Shape(ref Inference inference)
    {
        var attributes = (TopKAttributes*)inference.Attributes;
        var x = inference.Inputs[0];
        int dim = ShapeRules.Dimension("topk", attributes->Dim, x.Rank);
        if (attributes->K < 0 || attributes->K > x[dim])
            throw new OperatorArgumentException($"topk: k is {attributes->K}.", $"x {x} has {x[dim]} elements along dim {dim}", "choose a k from 0 to that");
        long[] sizes = [.. x];
        sizes[dim] = attributes->K;
        inference.Outputs.Fill(Backends.Shape.Create(sizes));
    }
}
