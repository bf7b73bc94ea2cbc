using Backends.Plugins;

namespace Backends.Declarations;

// The same elements seen in another shape: the host changes sizes and strides, nothing moves. slice stands in Copy.cs.

/// <summary>A view with the dimensions in another order: dimension d of the result is dimension dims[d] of x. Each is named once; negative ones count from the end.</summary>
[Operator("permute(T x, i64[] dims) -> T : T in any ; view ; shape=custom ; accuracy=exact")]
internal static class Permute
{
    public static unsafe void Shape(ref Inference inference)
    {
        var dims = ((PermuteAttributes*)inference.Attributes)->Dims;
        var x = inference.Inputs[0];
        if (dims.Length != x.Rank)
            throw new OperatorArgumentException($"permute: {dims.Length} dimensions for rank {x.Rank}.", "every dimension is named once", "name each dimension once");
        // No dimension named would mean all of them.
        if (!dims.IsEmpty) ShapeRules.ReducedMask("permute", x, dims);
        long[] sizes = new long[x.Rank], strides = new long[x.Rank];
        for (int d = 0; d < x.Rank; d++)
        {
            int from = ShapeRules.Dimension("permute", dims[d], x.Rank);
            (sizes[d], strides[d]) = (x[from], inference.Strides[from]);
        }
        inference.Outputs[0] = Backends.Shape.Create(sizes);
        inference.ViewStrides = strides;
    }
}

/// <summary>A view that repeats sizes of 1, and new dimensions in front, without copying; a size of -1 keeps that of x.</summary>
[Operator("expand(T x, i64[] sizes) -> T : T in any ; view ; shape=custom ; accuracy=exact")]
internal static class Expand
{
    public static unsafe void Shape(ref Inference inference)
    {
        var wanted = ((ExpandAttributes*)inference.Attributes)->Sizes;
        var x = inference.Inputs[0];
        int added = wanted.Length - x.Rank;
        bool fits = added >= 0;
        long[] sizes = wanted.ToArray(), strides = new long[wanted.Length];
        for (int d = Math.Max(0, added); fits && d < sizes.Length; d++)
        {
            long size = x[d - added];
            if (sizes[d] == -1) sizes[d] = size;
            fits = size == sizes[d] || size == 1;
            strides[d] = size == sizes[d] ? inference.Strides[d - added] : 0;
        }
        if (!fits) throw new ShapeException($"expand: {x} to [{string.Join(", ", wanted.ToArray())}].", "only sizes of 1 stretch", "reshape first, or choose sizes that fit");
        inference.Outputs[0] = Backends.Shape.Create(sizes);
        inference.ViewStrides = strides;
    }
}
