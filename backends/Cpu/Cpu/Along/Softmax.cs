using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// softmax and log_softmax along one dimension, each line in one go: its largest, the exponentials, their sum, the quotient (or the logarithm). A line
/// that lies densely in C is computed in the output itself, another in a row of scratch memory. Bound by the exponentials.
/// </summary>
internal static unsafe class Softmax<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame) => AlongDim.Split(frame, frame->Inputs[0], Dim(frame), &Part);

    private static int Dim(CallFrame* frame) => AlongDim.Dimension(((SoftmaxAttributes*)frame->Attributes)->Dim, frame->Inputs[0]);

    private static void Part(CallFrame* frame, long from, long to)
    {
        DLTensor* x = frame->Inputs[0], y = frame->Outputs[0];
        int dim = Dim(frame);
        AlongDim.Start(out var lines, dim, y, x, null, from);
        var row = new Rows<E, C>(frame, x->Shape[dim]);
        try
        {
            for (long line = from; line < to; line++, lines.Next())
            {
                C* read = row.Read(Memory.First<E>(x) + lines.OffsetA, x->Strides[dim]);
                C* write = row.Target(Memory.First<E>(y) + lines.OffsetY, y->Strides[dim]);
                Line(read, write, row.Count);
                row.Write(write, Memory.First<E>(y) + lines.OffsetY, y->Strides[dim]);
            }
        }
        finally
        {
            row.Dispose();
        }
    }

    private static void Line(C* x, C* y, long count)
    {
        Row<C>.Map<Sub>(x, Row<C>.Largest(x, count), y, count);
        Row<C>.Map<Exp>(y, y, count);
        Row<C>.Map<Quotient>(y, Row<C>.Sum(y, count), y, count);
    }
}
