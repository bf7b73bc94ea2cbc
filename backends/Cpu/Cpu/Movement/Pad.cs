using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>pad, bit for bit: dimension by dimension, each place of y takes one of x, or the value.</summary>
internal static unsafe class Pad<E> where E : unmanaged, IElement<E>
{
    public static void Run(CallFrame* frame)
    {
        var a = (PadAttributes*)frame->Attributes;
        DLTensor* x = frame->Inputs[0], y = frame->Outputs[0];
        Along(x, y, 0, Memory.First<E>(x), Memory.First<E>(y), a->Pads, a->Mode, Fill<E>.Element(a->Value));
    }

    // Without a source everything below is the value.
    private static void Along(DLTensor* x, DLTensor* y, int dim, E* from, E* to, ReadOnlySpan<long> pads, PadMode mode, E value)
    {
        if (dim == y->Rank)
        {
            *to = from == null ? value : *from;
            return;
        }
        int pair = 2 * (y->Rank - 1 - dim);
        long before = pair < pads.Length ? pads[pair] : 0, last = x->Shape[dim] - 1;
        for (long o = 0; o < y->Shape[dim]; o++)
        {
            long at = Source(o - before, last, mode);
            E* next = from == null || at < 0 || at > last ? null : from + at * x->Strides[dim];
            Along(x, y, dim + 1, next, to + o * y->Strides[dim], pads, mode, value);
        }
    }

    private static long Source(long at, long last, PadMode mode) => mode switch
    {
        PadMode.Reflect => at < 0 ? -at : at > last ? 2 * last - at : at,
        PadMode.Replicate => Math.Clamp(at, 0, Math.Max(0, last)),
        PadMode.Circular => at < 0 ? at + last + 1 : at > last ? at - last - 1 : at,
        _ => at,
    };
}
