using System.Numerics;

namespace Backends.Cpu;

/// <summary>How windows walk over height and width.</summary>
internal readonly struct Window(ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, int dim)
{
    private readonly long _stride = stride[dim % stride.Length], _padding = padding[dim % padding.Length], _dilation = dilation[dim % dilation.Length];

    /// <summary>Elements outside on either side.</summary>
    public long Padding => _padding;

    /// <summary>Where element i of window o lies; outside of the size for one that does not take part.</summary>
    public long At(long o, long i) => o * _stride - _padding + i * _dilation;
}

/// <summary>
/// The windows of one image's channels as the right matrix of a product: a column for each window, its k the channels by the kernel's places. It is never
/// written down whole: only what a strip needs. Outside of the image are zeros, which is right while no weight is infinite or NaN.
/// </summary>
internal readonly unsafe struct Patches<E, C>(E* x, long height, long width, long kernelHeight, long kernelWidth, long columns, Window down, Window across) : IMatrix<C>
    where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    private readonly E* _x = x;

    public bool IsPlain => false;

    public C* First => null;

    public long LineStride => 0;

    public long DepthStride => 0;

    public void Pack(long line, int lines, long k, long depth, int width1, C* to)
    {
        for (long d = k; d < k + depth; d++, to += width1)
        {
            (long channel, long place) = Math.DivRem(d, kernelHeight * kernelWidth);
            (long i, long j) = Math.DivRem(place, kernelWidth);
            (long oh, long ow) = Math.DivRem(line, columns);
            E* image = _x + channel * height * width;
            for (int l = 0; l < width1; l++)
            {
                long h = down.At(oh, i), w = across.At(ow, j);
                to[l] = l < lines && (ulong)h < (ulong)height && (ulong)w < (ulong)width ? E.Widen(image[h * width + w]) : C.Zero;
                if (++ow < columns) continue;
                ow = 0;
                oh++;
            }
        }
    }
}
