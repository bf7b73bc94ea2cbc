using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>The positions of the elements of a contiguous x that are not zero: counted in phase 1, written in phase 2 (KER-28).</summary>
internal static unsafe class Nonzero<E> where E : unmanaged, IElement<E>
{
    public static void Run(CallFrame* frame)
    {
        DLTensor* x = frame->Inputs[0];
        long elements = new TensorArg(x).Elements;
        E* px = Memory.First<E>(x);
        long* to = Memory.First<long>(frame->Outputs[0]);
        long count = 0;
        for (long i = 0; i < elements; i++)
        {
            if (E.To<Truth>(px[i]).Value == 0) continue;
            if (frame->Phase == 2) Position(i, x, to + count * x->Rank);
            count++;
        }
        if (frame->Phase == 1) *to = count;
    }

    private static void Position(long index, DLTensor* x, long* to)
    {
        for (int d = x->Rank - 1; d >= 0; d--)
        {
            (index, long rest) = Math.DivRem(index, x->Shape[d]);
            to[d] = rest;
        }
    }
}
