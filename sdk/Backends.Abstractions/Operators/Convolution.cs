using Backends.Plugins;

namespace Backends.Declarations;

// A window walks over the last two dimensions of x [batch, channels, height, width]. stride, padding, dilation and kernel hold one number for both
// dimensions, or one for each. Window o of a dimension looks at o·stride - padding + i·dilation; what lies outside of x does not take part.

/// <summary>y[n, o, h, w] = bias[o] + Σ x[n, c, h', w'] · weight[o, c', i, j] over the window and the channels of o's group: the channels of x and the results are parted into groups, each result sees its own. Integers wrap modulo 2^w. 0 · Inf = NaN; outside of x nothing is multiplied.</summary>
[Operator("conv2d(T x, T weight, T? bias, i64[] stride = [1], i64[] padding = [0], i64[] dilation = [1], i64 groups = 1) -> T : T in number ; shape=custom ; accuracy=product(x, weight)")]
internal static class Conv2d
{
    public static unsafe void Shape(ref Inference inference)
    {
        Shape x = inference.Inputs[0], weight = inference.Inputs[1], bias = inference.Inputs[2];
        var a = (Conv2dAttributes*)inference.Attributes;
        if (x.Rank != 4 || weight.Rank != 4)
            throw new ShapeException($"conv2d: x {x} and weight {weight} do not fit.", "x is [batch, channels, height, width], weight [results, channels of a group, height, width]", "reshape one");
        long groups = a->Groups;
        if (groups < 1 || x[1] % groups != 0 || weight[0] % groups != 0)
            throw new OperatorArgumentException($"conv2d: {groups} groups.", $"x has {x[1]} channels, weight gives {weight[0]}", "give a number of groups, 1 or more, that divides both");
        if (weight[1] != x[1] / groups)
            throw new ShapeException($"conv2d: x {x} and weight {weight} do not fit.", $"a group of x has {x[1] / groups} channels, weight takes {weight[1]}", "choose weight or groups that fit");
        if (bias.Rank > 0 && (bias.Rank != 1 || bias[0] != weight[0]))
            throw new ShapeException($"conv2d: bias {bias} does not fit.", $"it has one element for each of {weight[0]} results", "reshape it, or leave it out");
        var (height, width) = Windows.Of("conv2d", x, a->Stride, a->Padding, a->Dilation, [weight[2], weight[3]]);
        inference.Outputs[0] = [x[0], weight[0], height.Count, width.Count];
    }
}

/// <summary>values = the largest of each window of x, indices = where it stands in its channel, row-major from 0: the first of several. NaN wins, the first of several; -0 and +0 are equal. stride is kernel, unless given. A window may not lie wholly outside of x.</summary>
[Operator("max_pool2d(T x, i64[] kernel, i64[] stride = [], i64[] padding = [0], i64[] dilation = [1]) -> (T values, i64 indices) : T in number ; shape=custom ; accuracy=exact(either_zero)")]
internal static class MaxPool2d
{
    public static unsafe void Shape(ref Inference inference)
    {
        var x = inference.Inputs[0];
        var a = (MaxPool2dAttributes*)inference.Attributes;
        if (x.Rank != 4) throw new ShapeException($"max_pool2d: x {x} does not fit.", "x is [batch, channels, height, width]", "reshape it");
        var (height, width) = Windows.Of("max_pool2d", x, a->Stride.IsEmpty ? a->Kernel : a->Stride, a->Padding, a->Dilation, a->Kernel);
        foreach (var windows in (Windows[])[height, width])
            if (windows.AnyOutside())
                throw new OperatorArgumentException($"max_pool2d: a window of {x} lies outside of it.", "nothing has no largest element", "give less padding or dilation");
        inference.Outputs[0] = inference.Outputs[1] = [x[0], x[1], height.Count, width.Count];
    }
}

/// <summary>The windows along one dimension: Count of them, each of Kernel elements, over x's Size.</summary>
internal readonly record struct Windows(long Size, long Kernel, long Stride, long Padding, long Dilation, long Count)
{
    /// <summary>Those along height and width.</summary>
    /// <exception cref="OperatorArgumentException">A list has neither one number nor two, a number is out of range, or x is smaller than a window.</exception>
    public static (Windows Height, Windows Width) Of(string op, Shape x, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, ReadOnlySpan<long> kernel)
    {
        var both = new Windows[2];
        for (int d = 0; d < 2; d++)
        {
            long s = One(op, "stride", stride, d, 1), p = One(op, "padding", padding, d, 0), step = One(op, "dilation", dilation, d, 1), k = One(op, "kernel", kernel, d, 1);
            long size = x[2 + d], length = checked((k - 1) * step + 1);
            if (size + 2 * p < length)
                throw new OperatorArgumentException($"{op}: a window of {length} in dim {2 + d} of {x}.", $"with {p} more on each side x has {size + 2 * p}", "give more padding, or a smaller window");
            both[d] = new(size, k, s, p, step, (size + 2 * p - length) / s + 1);
        }
        return (both[0], both[1]);
    }

    /// <summary>Where element i of window o lies in x; outside of 0..Size-1 for one that does not take part.</summary>
    public long At(long o, long i) => o * Stride - Padding + i * Dilation;

    /// <summary>Whether a window has no element of x.</summary>
    public bool AnyOutside()
    {
        if (Padding == 0) return false;
        for (long o = 0; o < Count; o++)
        {
            bool any = false;
            for (long i = 0; !any && i < Kernel; i++) any = At(o, i) >= 0 && At(o, i) < Size;
            if (!any) return true;
        }
        return false;
    }

    private static long One(string op, string name, ReadOnlySpan<long> values, int dim, long least)
    {
        if (values.Length is not (1 or 2))
            throw new OperatorArgumentException($"{op}: {name} [{string.Join(", ", values.ToArray())}].", "one number for both dimensions, or two", "give one or two");
        long value = values[values.Length == 1 ? 0 : dim];
        return value >= least && value <= int.MaxValue ? value
            : throw new OperatorArgumentException($"{op}: {name} {value}.", $"it is {least} or more, and less than 2^31", "correct it");
    }
}
