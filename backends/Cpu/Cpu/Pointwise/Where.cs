using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>y = a where the condition is true, else b, bit for bit: C is an unsigned integer of the element's width. Bound by memory.</summary>
internal static unsafe class Where<C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame) => Threads.Split(frame, frame->Elements, Pointwise.Grain, &Part);

    [SkipLocalsInit]
    private static void Part(CallFrame* frame, long from, long to)
    {
        DLTensor* condition = frame->Inputs[0], a = frame->Inputs[1], b = frame->Inputs[2], y = frame->Outputs[0];
        C* blocks = stackalloc C[4 * Pointwise.Block];
        C** lanes = stackalloc C*[3];
        int* steps = stackalloc int[3];
        Operand<Plain<C>, C> first = new(a, blocks), second = new(b, blocks + Pointwise.Block);
        C* masks = blocks + 2 * Pointwise.Block, results = blocks + 3 * Pointwise.Block, py = Memory.First<C>(y);
        byte* truth = Memory.First<byte>(condition);
        Loop.Start(out var loop, y, condition, a, b);
        for (long place = from == 0 ? 0 : loop.Seek(from), at = from; at < to; loop.Next(), place = 0)
        {
            long size = Math.Min(loop.Size - place, to - at);
            first.Row(loop.OffsetB, loop.StrideB);
            second.Row(loop.OffsetC, loop.StrideC);
            for (long done = 0; done < size; done += Pointwise.Block)
            {
                long count = Math.Min(Pointwise.Block, size - done), start = place + done;
                for (long i = 0; i < count; i++) masks[i] = C.Zero - C.CreateTruncating(truth[loop.OffsetA + (start + i) * loop.StrideA]);
                lanes[0] = masks;
                steps[0] = 1;
                lanes[1] = first.Read(start, count, out steps[1]);
                lanes[2] = second.Read(start, count, out steps[2]);
                C* target = py + loop.OffsetY + start * loop.StrideY;
                TernaryRow<C, Chosen>.Run(lanes, steps, loop.StrideY == 1 ? target : results, count);
                if (loop.StrideY != 1)
                    for (long i = 0; i < count; i++) target[i * loop.StrideY] = results[i];
            }
            at += size;
        }
    }
}

/// <summary>b where the mask a is full of ones, else c.</summary>
internal readonly struct Chosen : ITernary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b, V c) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.Select(a, b, c);
}
