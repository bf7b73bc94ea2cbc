using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// y = (x - mean) / √(variance + eps) · weight + bias over the trailing dimensions of contiguous tensors, row by row in two passes: the mean, then the
/// squares of what lies around it. Bound by memory while rows are longer than the caches, else by a dozen passes over them.
/// </summary>
internal static unsafe class LayerNorm<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, IFloatingPointIeee754<C>
{
    private const long Grain = 32768;

    public static void Run(CallFrame* frame)
    {
        long size = RowSize(frame);
        Threads.Split(frame, frame->Elements / size, Math.Max(1, Grain / size), &Part);
    }

    private static long RowSize(CallFrame* frame)
    {
        DLTensor* x = frame->Inputs[0];
        long size = 1;
        for (long d = x->Rank - ((LayerNormAttributes*)frame->Attributes)->Trailing; d < x->Rank; d++) size *= x->Shape[d];
        return size;
    }

    private static void Part(CallFrame* frame, long from, long to)
    {
        DLTensor* weight = frame->Inputs[1], bias = frame->Inputs[2];
        long size = RowSize(frame);
        C eps = C.CreateTruncating(((LayerNormAttributes*)frame->Attributes)->Eps);
        E* x = Memory.First<E>(frame->Inputs[0]), y = Memory.First<E>(frame->Outputs[0]);
        using var row = new Rows<E, C>(frame, size);
        using var scales = new Rows<E, C>(frame, weight == null ? 1 : size);
        using var shifts = new Rows<E, C>(frame, bias == null ? 1 : size);
        C* scale = weight == null ? null : scales.Read(Memory.First<E>(weight), 1), shift = bias == null ? null : shifts.Read(Memory.First<E>(bias), 1);
        for (long i = from; i < to; i++)
        {
            C* write = row.Target(y + i * size, 1);
            Line(row.Read(x + i * size, 1), write, size, eps);
            if (scale != null) Row<C>.Map<Mul>(write, scale, write, size);
            if (shift != null) Row<C>.Map<Add>(write, shift, write, size);
            row.Write(write, y + i * size, 1);
        }
    }

    private static void Line(C* x, C* y, long size, C eps)
    {
        C count = C.CreateTruncating(size);
        Row<C>.Map<Sub>(x, Row<C>.Sum(x, size) / count, y, size);
        C variance = Row<C>.SumOfMapped<Square>(y, size) / count;
        Row<C>.Map<Mul>(y, C.One / C.Sqrt(variance + eps), y, size);
    }
}

/// <summary>y = x · x.</summary>
internal readonly struct Square : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => x * x;
}
