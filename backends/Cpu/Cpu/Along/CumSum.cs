using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>y[i] = x[0] + … + x[i] along one dimension, carried in R: f32 for the 16-bit floats, 64 bits for integers.</summary>
internal static unsafe class CumSum<E, C, O, R>
    where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where O : unmanaged, IElement<O, R> where R : unmanaged, INumber<R>
{
    public static void Run(CallFrame* frame) => AlongDim.Split(frame, frame->Inputs[0], Dim(frame), &Part);

    private static int Dim(CallFrame* frame) => AlongDim.Dimension(((CumSumAttributes*)frame->Attributes)->Dim, frame->Inputs[0]);

    private static void Part(CallFrame* frame, long from, long to)
    {
        DLTensor* x = frame->Inputs[0], y = frame->Outputs[0];
        int dim = Dim(frame);
        long size = x->Shape[dim], strideX = x->Strides[dim], strideY = y->Strides[dim];
        AlongDim.Start(out var lines, dim, y, x, null, from);
        for (long line = from; line < to; line++, lines.Next())
        {
            E* read = Memory.First<E>(x) + lines.OffsetA;
            O* write = Memory.First<O>(y) + lines.OffsetY;
            R sum = R.Zero;
            for (long i = 0; i < size; i++)
            {
                sum += R.CreateTruncating(E.Widen(read[i * strideX]));
                write[i * strideY] = O.Narrow(sum);
            }
        }
    }
}
