using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>An operator of two elements: y = f(a, b), in lanes of any width.</summary>
internal interface IBinary
{
    static abstract V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>;
}

/// <summary>Runs one over any strides and broadcasts.</summary>
internal static unsafe class Binary<E, C, R, F> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where R : unmanaged, IResult<R, C> where F : IBinary
{
    public static void Run(CallFrame* frame)
    {
        if (frame->Elements == 1) *Memory.First<R>(frame->Outputs[0]) = R.From(F.Invoke<One<C>, C>(
            new(E.Widen(*Memory.First<E>(frame->Inputs[0]))),
            new(E.Widen(*Memory.First<E>(frame->Inputs[1])))).Lane);
        else Threads.Split(frame, frame->Elements, Pointwise.Grain, &Part);
    }

    private static void Part(CallFrame* frame, long from, long to) => Pointwise<E, C, R>.Run(frame, from, to, &BinaryRow<C, F>.Run);
}

/// <summary>Its loop over dense rows, as <see cref="UnaryRow{C, F}"/>'s.</summary>
internal static unsafe class BinaryRow<C, F> where C : unmanaged, INumber<C> where F : IBinary
{
    public static void Run(C** inputs, int* steps, C* y, long count)
    {
        if (Wide<C>.IsFast && count >= Wide<C>.Count) Loop<Wide<C>>(inputs, steps, y, count);
        else if (Native<C>.IsFast && count >= Native<C>.Count) Loop<Native<C>>(inputs, steps, y, count);
        else Loop<One<C>>(inputs, steps, y, count);
    }

    private static void Loop<V>(C** inputs, int* steps, C* y, long count) where V : unmanaged, ISimd<V, C>
    {
        C* a = inputs[0], b = inputs[1];
        long stepA = steps[0], stepB = steps[1];
        long end = count - V.Count;
        V last = F.Invoke<V, C>(V.Load(a + end * stepA), V.Load(b + end * stepB));
        for (long i = 0; i < end; i += V.Count) F.Invoke<V, C>(V.Load(a + i * stepA), V.Load(b + i * stepB)).Store(y + i);
        last.Store(y + end);
    }
}
