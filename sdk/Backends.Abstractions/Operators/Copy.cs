using Backends.Plugins;

namespace Backends.Declarations;

// Operators that move or convert elements, or look at them from another side. Values keep their bits, NaN payloads too, unless a cast rounds.

/// <summary>y[i] = x[i], bit for bit, whatever the strides of either.</summary>
[Operator("copy(T x) -> T : T in any ; shape=same(x) ; accuracy=exact")]
internal static class Copy;

/// <summary>y[i] = x[i] as another dtype. Float to integer truncates, saturates beyond the range, NaN gives 0; integer to integer is modulo 2^w; to bool is x ≠ 0; all else is rounded to nearest, ties to even, once (f64 to 16 and 8 bits also through f32). To f8e4m3 and f8e5m2 saturates at ±448 and ±57344.</summary>
[Operator("cast(T x, dtype to) -> U : T in any, U in any ; shape=same(x) ; accuracy=cast")]
internal static class Cast;

/// <summary>A view of every step-th index of one dimension, from start up to but without stop; negative values count from the end, a negative step walks backwards.</summary>
[Operator("slice(T x, i64 dim, i64 start = 0, i64 stop = max, i64 step = 1) -> T : T in any ; view ; shape=custom ; accuracy=exact")]
internal static class Slice
{
    public static unsafe void Shape(ref Inference inference)
    {
        var attributes = (SliceAttributes*)inference.Attributes;
        var x = inference.Inputs[0];
        int dim = ShapeRules.Dimension("slice", attributes->Dim, x.Rank);
        long size = x[dim], step = attributes->Step;
        if (step is 0 or long.MinValue)
            throw new OperatorArgumentException($"slice: step {step}.", "a step walks forwards or backwards", "give a step that is not 0");
        // Backwards, the first index is at most the last one, and the end may lie one before the first: Python's clamp.
        long low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
        long start = Clamp(attributes->Start, size, low, high), stop = Clamp(attributes->Stop, size, low, high);
        if (step < 0 && attributes->Start == 0 && attributes->Stop == long.MaxValue) (start, stop) = (high, low);
        long walk = step > 0 ? stop - start : start - stop, length = walk > 0 ? (walk - 1) / Math.Abs(step) + 1 : 0;

        long[] sizes = [.. x], strides = inference.Strides.ToArray();
        inference.ViewOffset = length > 0 ? start * strides[dim] : 0;
        sizes[dim] = length;
        if (length > 1) strides[dim] *= step;
        inference.Outputs[0] = Backends.Shape.Create(sizes);
        inference.ViewStrides = strides;
    }

    private static long Clamp(long index, long size, long low, long high) => Math.Clamp(index < 0 ? index + size : index, low, high);
}

/// <summary>The tensors xs one behind another along dim; in every other dimension they have one size.</summary>
[Operator("concat(T[] xs, i64 dim = 0) -> T : T in any ; shape=custom ; accuracy=moved")]
internal static class Concat
{
    public static unsafe void Shape(ref Inference inference)
    {
        var first = inference.Inputs[0];
        int dim = ShapeRules.Dimension("concat", ((ConcatAttributes*)inference.Attributes)->Dim, first.Rank);
        long[] sizes = [.. first];
        for (int i = 1; i < inference.Inputs.Length; i++)
        {
            var next = inference.Inputs[i];
            bool fits = next.Rank == first.Rank;
            for (int d = 0; fits && d < first.Rank; d++) fits = d == dim || next[d] == first[d];
            if (!fits) throw new ShapeException($"concat: {first} and {next} do not fit.", $"they may differ in dim {dim} alone", "reshape one, or choose another dim");
            sizes[dim] += next[dim];
        }
        inference.Outputs[0] = Backends.Shape.Create(sizes);
    }
}

/// <summary>y = x with more elements before and after. pads holds pairs (before, after): those of the last dimension, of the one before it, and so on; dimensions without a pair stay. constant: value, converted as by cast; reflect: x mirrored at its first and last element, which stand once; replicate: the nearest element; circular: x again.</summary>
[Operator("pad(T x, i64[] pads, enum{constant, reflect, replicate, circular} mode = constant, scalar value = 0) -> T : T in any ; shape=custom ; accuracy=moved")]
internal static class Pad
{
    public static unsafe void Shape(ref Inference inference)
    {
        var attributes = (PadAttributes*)inference.Attributes;
        var pads = attributes->Pads;
        var x = inference.Inputs[0];
        if (pads.Length % 2 != 0 || pads.Length > 2 * x.Rank)
            throw new OperatorArgumentException($"pad: {pads.Length} pads for rank {x.Rank}.", "each dimension has two, before and after, the last dimension's first", "give an even number, at most twice the rank");
        long[] sizes = [.. x];
        for (int i = 0; i < pads.Length; i += 2)
        {
            int dim = x.Rank - 1 - i / 2;
            long most = attributes->Mode switch { PadMode.Reflect => x[dim] - 1, PadMode.Circular => x[dim], _ when x[dim] == 0 && attributes->Mode != PadMode.Constant => 0, _ => long.MaxValue };
            long larger = Math.Max(pads[i], pads[i + 1]);
            if (Math.Min(pads[i], pads[i + 1]) < 0 || larger > Math.Max(0, most))
                throw new OperatorArgumentException($"pad: {pads[i]} before and {pads[i + 1]} after dim {dim} of {x}.",
                    $"{attributes->Mode} adds 0 or more{(most < long.MaxValue ? $", here at most {Math.Max(0, most)}" : "")}", "slice to take elements away, or pad twice");
            sizes[dim] += pads[i] + pads[i + 1];
        }
        inference.Outputs[0] = Backends.Shape.Create(sizes);
    }
}
