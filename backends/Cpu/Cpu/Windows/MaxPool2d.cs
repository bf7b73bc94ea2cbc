using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>max_pool2d over any strides: the largest of each window or its first NaN, and where it stands in its channel. Threads share the channels.</summary>
internal static unsafe class MaxPool2d<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame)
    {
        DLTensor* y = frame->Outputs[0];
        long channels = y->Shape[0] * y->Shape[1];
        Threads.Split(frame, channels, Math.Max(1, Pointwise.Grain / 8 / Math.Max(1, frame->Elements / channels)), &Part);
    }

    private static void Part(CallFrame* frame, long from, long to)
    {
        DLTensor* x = frame->Inputs[0], values = frame->Outputs[0], indices = frame->Outputs[1];
        var a = (MaxPool2dAttributes*)frame->Attributes;
        var stride = a->Stride.IsEmpty ? a->Kernel : a->Stride;
        Window down = new(stride, a->Padding, a->Dilation, 0), across = new(stride, a->Padding, a->Dilation, 1);
        long kernelHeight = a->Kernel[0], kernelWidth = a->Kernel[^1];
        for (long channel = from; channel < to; channel++)
        {
            (long n, long c) = Math.DivRem(channel, values->Shape[1]);
            E* read = Memory.First<E>(x) + n * x->Strides[0] + c * x->Strides[1], write = Memory.First<E>(values) + n * values->Strides[0] + c * values->Strides[1];
            long* place = Memory.First<long>(indices) + n * indices->Strides[0] + c * indices->Strides[1];
            for (long oh = 0; oh < values->Shape[2]; oh++)
                for (long ow = 0; ow < values->Shape[3]; ow++)
                {
                    long best = Largest(read, x, down, across, oh, ow, kernelHeight, kernelWidth);
                    (long h, long w) = Math.DivRem(best, x->Shape[3]);
                    write[oh * values->Strides[2] + ow * values->Strides[3]] = read[h * x->Strides[2] + w * x->Strides[3]];
                    place[oh * indices->Strides[2] + ow * indices->Strides[3]] = best;
                }
        }
    }

    private static long Largest(E* x, DLTensor* shape, Window down, Window across, long oh, long ow, long kernelHeight, long kernelWidth)
    {
        long best = -1;
        C largest = C.Zero;
        for (long i = 0; i < kernelHeight; i++)
            for (long j = 0; j < kernelWidth; j++)
            {
                long h = down.At(oh, i), w = across.At(ow, j);
                if ((ulong)h >= (ulong)shape->Shape[2] || (ulong)w >= (ulong)shape->Shape[3]) continue;
                C value = E.Widen(x[h * shape->Strides[2] + w * shape->Strides[3]]);
                if (best >= 0 && !(value > largest) && !(C.IsNaN(value) && !C.IsNaN(largest))) continue;
                (best, largest) = (h * shape->Shape[3] + w, value);
            }
        return best;
    }
}
