using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>
/// An operand of a product as lines (rows of a, columns of b) of k elements: what is multiplied need not lie as a matrix, so that a convolution is a
/// product of its own patches.
/// </summary>
internal unsafe interface IMatrix<C> where C : unmanaged, INumber<C>
{
    /// <summary>Whether element (line, k) may be read in place: at First + line · LineStride + k · DepthStride.</summary>
    bool IsPlain { get; }

    C* First { get; }

    long LineStride { get; }

    long DepthStride { get; }

    /// <summary>Writes some lines so that the elements of one k lie together, widened: as many lines as asked for, then zeros up to the width.</summary>
    void Pack(long line, int lines, long k, long depth, int width, C* to);
}

/// <summary>A matrix in memory, at any strides.</summary>
internal readonly unsafe struct Strided<E, C>(E* first, long lineStride, long depthStride) : IMatrix<C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public bool IsPlain => typeof(E) == typeof(Plain<C>);

    public C* First { get; } = (C*)first;

    public long LineStride { get; } = lineStride;

    public long DepthStride { get; } = depthStride;

    public void Pack(long line, int lines, long k, long depth, int width, C* to)
    {
        E* from = (E*)First + line * LineStride + k * DepthStride;
        if (LineStride == 1) Along(from, lines, depth, width, to);
        else Across(from, lines, depth, width, to);
    }

    // The lines lie side by side: a row of them at a time.
    private void Along(E* from, int lines, long depth, int width, C* to)
    {
        for (long k = 0; k < depth; k++, to += width, from += DepthStride)
        {
            if (typeof(E) == typeof(Plain<C>)) Unsafe.CopyBlockUnaligned(to, from, (uint)(lines * sizeof(C)));
            else E.Widen(from, to, lines);
            if (lines < width) new Span<C>(to + lines, width - lines).Clear();
        }
    }

    private void Across(E* from, int lines, long depth, int width, C* to)
    {
        if (lines < width) new Span<C>(to, checked((int)(depth * width))).Clear();
        for (int line = 0; line < lines; line++)
        {
            E* x = from + line * LineStride;
            C* y = to + line;
            for (long k = 0; k < depth; k++, x += DepthStride, y += width) *y = E.Widen(*x);
        }
    }
}
