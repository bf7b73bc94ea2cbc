using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// Walks the operands of one result for each element, whatever their strides and broadcasts, and gives their rows to an operator's lanes. Rows that
/// lie densely in C are read and written where they are; others go through blocks on the stack, widened, gathered, and back again (so an operator
/// is compiled for C alone, not for every element type). Bound by memory, but for the transcendental ones; docs/backends/cpu.md has the table.
/// </summary>
internal static unsafe class Pointwise
{
    /// <summary>Elements of a block: all blocks of a call stay in the first-level cache.</summary>
    public const int Block = 256;

    /// <summary>Elements below which a call is not worth a second thread.</summary>
    public const int Grain = 65536;
}

/// <summary>The walk over operands E, computed in C, with results R.</summary>
internal static unsafe class Pointwise<E, C, R> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where R : unmanaged, IResult<R, C>
{
    /// <summary>Computes the elements from one place in row-major order up to another.</summary>
    [SkipLocalsInit]
    public static void Run(CallFrame* frame, long from, long to, delegate*<C**, int*, C*, long, void> row)
    {
        DLTensor* y = frame->Outputs[0];
        int inputs = frame->InputCount;
        DLTensor* a = frame->Inputs[0], b = inputs > 1 ? frame->Inputs[1] : null, c = inputs > 2 ? frame->Inputs[2] : null;
        C* blocks = stackalloc C[4 * Pointwise.Block];
        C** lanes = stackalloc C*[3];
        int* steps = stackalloc int[3];
        Loop.Start(out var loop, y, a, b, c);
        Operand<E, C> first = new(a, blocks), second = new(b, blocks + Pointwise.Block), third = new(c, blocks + 2 * Pointwise.Block);
        C* results = blocks + 3 * Pointwise.Block;
        R* py = Memory.First<R>(y);
        for (long place = from == 0 ? 0 : loop.Seek(from), at = from; ; loop.Next(), place = 0)
        {
            long size = Math.Min(loop.Size - place, to - at);
            bool direct = R.IsPlain && loop.StrideY == 1, straight = direct & first.Row(loop.OffsetA, loop.StrideA);
            if (inputs > 1) straight &= second.Row(loop.OffsetB, loop.StrideB);
            if (inputs > 2) straight &= third.Row(loop.OffsetC, loop.StrideC);
            long step = straight ? size : Pointwise.Block;
            for (long done = 0; done < size; done += step)
            {
                long count = Math.Min(step, size - done);
                lanes[0] = first.Read(place + done, count, out steps[0]);
                if (inputs > 1) lanes[1] = second.Read(place + done, count, out steps[1]);
                if (inputs > 2) lanes[2] = third.Read(place + done, count, out steps[2]);
                R* target = py + loop.OffsetY + (place + done) * loop.StrideY;
                row(lanes, steps, direct ? (C*)target : results, count);
                if (!direct) R.Write(results, target, loop.StrideY, count);
            }
            at += size;
            if (at >= to) return;
        }
    }
}
