using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// softmax and log_softmax along one dimension, each line in one go: its largest, the exponentials, their sum, the quotient (or the logarithm). A line
/// that lies densely in C is computed in the output itself, another in a row of scratch memory. Bound by the exponentials.
/// </summary>
internal static unsafe class Softmax<E, C, L> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where L : ILine
{
    public static void Run(CallFrame* frame) => AlongDim.Split(frame, frame->Inputs[0], Dim(frame), &Part);

    // log_softmax's attributes are laid out alike.
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
                L.Run(read, write, row.Count);
                row.Write(write, Memory.First<E>(y) + lines.OffsetY, y->Strides[dim]);
            }
        }
        finally
        {
            row.Dispose();
        }
    }
}

/// <summary>y = f(x) of a whole line; y may be x.</summary>
internal unsafe interface ILine
{
    static abstract void Run<C>(C* x, C* y, long count) where C : unmanaged, INumber<C>;
}

/// <summary>e^(x - max) over their sum.</summary>
internal readonly unsafe struct Shares : ILine
{
    public static void Run<C>(C* x, C* y, long count) where C : unmanaged, INumber<C>
    {
        Row<C>.Map<Sub>(x, Row<C>.Largest(x, count), y, count);
        Row<C>.Map<Exp>(y, y, count);
        Row<C>.Map<Quotient>(y, Row<C>.Sum(y, count), y, count);
    }
}

/// <summary>x - max, less the logarithm of the sum of its exponentials.</summary>
internal readonly unsafe struct LogShares : ILine
{
    public static void Run<C>(C* x, C* y, long count) where C : unmanaged, INumber<C>
    {
        Row<C>.Map<Sub>(x, Row<C>.Largest(x, count), y, count);
        C logarithm = Log.Invoke<One<C>, C>(new(Row<C>.SumOfMapped<Exp>(y, count))).Lane;
        Row<C>.Map<Sub>(y, logarithm, y, count);
    }
}
