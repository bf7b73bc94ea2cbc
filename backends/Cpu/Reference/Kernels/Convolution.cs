namespace Backends.Reference;

/// <summary>A window walks over height and width; what lies outside of x does not take part.</summary>
internal static class Convolution
{
    /// <summary>y[n, o, h, w] = bias[o] + Σ x[n, c, h', w'] · weight[o, c', i, j], added in the order of c', i, j.</summary>
    [Reference("conv2d")]
    public static void Conv2d<N>(View<N> x, View<N> weight, View<N> bias, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, long groups, View<N> y) where N : struct, IReferenceNumber<N>
    {
        ReadOnlySpan<long> kernel = weight.Shape.AsSpan()[2..];
        Axis height = new(x.Shape, kernel, stride, padding, dilation, 0), width = new(x.Shape, kernel, stride, padding, dilation, 1);
        long channels = weight.Shape[1], results = weight.Shape[0] / groups;
        foreach (long[] at in y.Shape.Indices())
        {
            var (n, o) = (at[0], at[1]);
            var total = bias.IsPresent ? bias[[o]] : N.Zero;
            for (long c = 0; c < channels; c++)
                foreach (var (h, w, i, j) in Inside(height, width, at[2], at[3]))
                    total += x[[n, o / results * channels + c, h, w]] * weight[[o, c, i, j]];
            y[at] = total;
        }
    }

    /// <summary>values = the largest of each window, or its first NaN; indices = where it stands in its channel.</summary>
    [Reference("max_pool2d")]
    public static void MaxPool2d<N>(View<N> x, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, View<N> values, View<N> indices) where N : struct, IReferenceNumber<N>
    {
        if (stride.IsEmpty) stride = kernel;
        Axis height = new(x.Shape, kernel, stride, padding, dilation, 0), width = new(x.Shape, kernel, stride, padding, dilation, 1);
        foreach (long[] at in values.Shape.Indices())
        {
            N? largest = null;
            long place = 0;
            foreach (var (h, w, _, _) in Inside(height, width, at[2], at[3]))
            {
                var next = x[[at[0], at[1], h, w]];
                if (largest is { } l && (N.IsNaN(l) || !N.IsNaN(next) && !N.Less(l, next))) continue;
                (largest, place) = (next, h * width.Size + w);
            }
            values[at] = largest!.Value;
            indices[at] = N.FromInteger(place);
        }
    }

    // The elements of x in the window of (oh, ow), and their places in the window.
    private static IEnumerable<(long H, long W, long I, long J)> Inside(Axis height, Axis width, long oh, long ow)
    {
        for (long i = 0; i < height.Kernel; i++)
            for (long j = 0; j < width.Kernel; j++)
                if (height.Has(oh, i, out long h) && width.Has(ow, j, out long w)) yield return (h, w, i, j);
    }

    // The windows along height (0) or width (1); each list holds one number for both, or two.
    private readonly struct Axis(Shape x, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, int dim)
    {
        private readonly long _stride = stride[dim % stride.Length], _padding = padding[dim % padding.Length], _dilation = dilation[dim % dilation.Length];

        public long Size { get; } = x[2 + dim];

        public long Kernel { get; } = kernel[dim % kernel.Length];

        // Where element i of window o lies, and whether that is in x.
        public bool Has(long o, long i, out long at) => (at = o * _stride - _padding + i * _dilation) >= 0 && at < Size;
    }
}
