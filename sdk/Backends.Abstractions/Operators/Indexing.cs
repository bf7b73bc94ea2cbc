using Backends.Plugins;

namespace Backends.Declarations;

// Operators that choose elements by position. A position that data name counts from 0; one that is outside, a negative one too, leads nowhere: what
// would be gathered there is 0, what would be scattered there is dropped (KER-25).

/// <summary>The positions of the elements that are not zero, one row each, in row-major order. NaN is not zero.</summary>
[Operator("nonzero(T x) -> i64 : T in bool|number ; shape=custom ; accuracy=exact ; phases=2")]
internal static class Nonzero
{
    /// <summary>The number of rows is the data's; the rule gives the most there can be.</summary>
    public static void Shape(ref Inference inference)
    {
        var x = inference.Inputs[0];
        inference.Outputs[0] = [x.Elements, x.Rank];
    }
}

/// <summary>y[.., i, ..] = x[.., index[.., i, ..], ..], the position along dim taken from index; bit for bit. A position outside of x gives 0. But for dim, no size of index is larger than that of x.</summary>
[Operator("gather(T x, I index, i64 dim) -> T : T in any, I in i32|i64 ; shape=custom ; accuracy=moved ; empty=0")]
internal static class Gather
{
    public static unsafe void Shape(ref Inference inference)
    {
        Shape x = inference.Inputs[0], index = inference.Inputs[1];
        IndexRules.Within("gather", x, index, ((GatherAttributes*)inference.Attributes)->Dim);
        inference.Outputs[0] = index;
    }
}

/// <summary>y = x, and to y[.., index[.., i, ..], ..] is added src[.., i, ..], for each i in any order. Nothing is added at a position outside of x. index and src have one shape, but for dim no larger than x. Integers wrap modulo 2^w; what nothing is added to keeps its bits.</summary>
[Operator("scatter_add(T x, I index, T src, i64 dim) -> T : T in number, I in i32|i64 ; shape=custom ; accuracy=scattered ; empty=x")]
internal static class ScatterAdd
{
    public static unsafe void Shape(ref Inference inference)
    {
        Shape x = inference.Inputs[0], index = inference.Inputs[1], src = inference.Inputs[2];
        IndexRules.Within("scatter_add", x, index, ((ScatterAddAttributes*)inference.Attributes)->Dim);
        if (index != src) throw new ShapeException($"scatter_add: index {index} and src {src} do not fit.", "each position is that of one element of src", "slice the longer one");
        inference.Outputs[0] = x;
    }
}

/// <summary>y = x with only those along dim whose positions index names, in its order; bit for bit. A position outside of x gives zeros.</summary>
[Operator("index_select(T x, I index, i64 dim) -> T : T in any, I in i32|i64 ; shape=custom ; accuracy=moved ; empty=0")]
internal static class IndexSelect
{
    public static unsafe void Shape(ref Inference inference)
    {
        Shape x = inference.Inputs[0], index = inference.Inputs[1];
        int dim = ShapeRules.Dimension("index_select", ((IndexSelectAttributes*)inference.Attributes)->Dim, x.Rank);
        if (index.Rank != 1) throw new ShapeException($"index_select: index {index} does not fit.", "it is one row of positions", "reshape it to one dimension, or use gather");
        long[] sizes = [.. x];
        sizes[dim] = index[0];
        inference.Outputs[0] = Backends.Shape.Create(sizes);
    }
}

/// <summary>y[.., c] = 1 where index is c, else 0. A class outside of 0..classes-1 gives a row of zeros, and is no fault.</summary>
[Operator("one_hot(I index, i64 classes, dtype dtype = f32) -> T : I in i32|i64, T in bool|number ; shape=custom ; accuracy=exact")]
internal static class OneHot
{
    public static unsafe void Shape(ref Inference inference)
    {
        long classes = ((OneHotAttributes*)inference.Attributes)->Classes;
        if (classes < 0) throw new OperatorArgumentException($"one_hot: {classes} classes.", "a row has one element for each class", "give the number of classes");
        inference.Outputs[0] = Backends.Shape.Create([.. inference.Inputs[0], classes]);
    }
}

/// <summary>What the shape rules of several share.</summary>
internal static class IndexRules
{
    /// <summary>Whether each element of index has one of x beside it, but for dim.</summary>
    public static void Within(string op, Shape x, Shape index, long along)
    {
        int dim = ShapeRules.Dimension(op, along, x.Rank);
        bool fits = index.Rank == x.Rank;
        for (int d = 0; fits && d < x.Rank; d++) fits = d == dim || index[d] <= x[d];
        if (!fits) throw new ShapeException($"{op}: x {x} and index {index} do not fit.", $"they have one rank, and but for dim {dim} no size of index is larger", "slice or reshape index");
    }
}
