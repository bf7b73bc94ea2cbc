using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>Where the largest stands among the reduced elements, counted in row-major order: the first of several, or the first NaN.</summary>
internal static unsafe class ArgMax<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    [SkipLocalsInit]
    public static void Run(CallFrame* frame)
    {
        long* memory = stackalloc long[Reduced.Longs];
        var parts = new Reduced(frame, ((ArgMaxAttributes*)frame->Attributes)->Dim, memory);
        E* x = Memory.First<E>(frame->Inputs[0]);
        long* y = Memory.First<long>(frame->Outputs[0]);
        DLTensor outer = parts.Outer, output = parts.Output, inner = parts.Inner;
        Loop.Start(out var results, &output, &outer, null);
        do
            for (long i = 0; i < results.Size; i++)
                y[results.OffsetY + i * results.StrideY] = First(x + results.OffsetA + i * results.StrideA, &inner);
        while (results.Next());
    }

    [SkipLocalsInit]
    private static long First(E* x, DLTensor* inner)
    {
        Loop.Start(out var loop, inner, inner, null);
        C largest = E.Widen(*x);
        long best = 0, place = 0;
        do
            for (long i = 0; i < loop.Size; i++, place++)
            {
                C value = E.Widen(x[loop.OffsetA + i * loop.StrideA]);
                if (!(value > largest) && !(C.IsNaN(value) && !C.IsNaN(largest))) continue;
                largest = value;
                best = place;
                if (C.IsNaN(value)) return best;
            }
        while (loop.Next());
        return C.IsNaN(E.Widen(*x)) ? 0 : best;
    }
}
