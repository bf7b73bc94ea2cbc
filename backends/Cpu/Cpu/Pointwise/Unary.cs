using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>An operator of one element: y = f(x), in lanes of any width.</summary>
internal interface IUnary
{
    static abstract V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>;
}

/// <summary>Runs one over any strides.</summary>
internal static unsafe class Unary<E, C, R, F> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where R : unmanaged, IResult<R, C> where F : IUnary
{
    public static void Run(CallFrame* frame)
    {
        // A single element needs no walk, and must not pay for one (decision note on the dispatch path).
        if (frame->Elements == 1) *Memory.First<R>(frame->Outputs[0]) = R.From(F.Invoke<One<C>, C>(
            new(E.Widen(*Memory.First<E>(frame->Inputs[0])))).Lane);
        else Threads.Split(frame, frame->Elements, Pointwise.Grain, &Part);
    }

    private static void Part(CallFrame* frame, long from, long to) => Pointwise<E, C, R>.Run(frame, from, to, &UnaryRow<C, F>.Run);
}

/// <summary>
/// Its loop over dense rows, in the widest type that the processor has and the row fills. The last lanes are computed first and written last, over
/// what the loop wrote: a row needs no tail, and may lie on an input.
/// </summary>
internal static unsafe class UnaryRow<C, F> where C : unmanaged, INumber<C> where F : IUnary
{
    public static void Run(C** inputs, int* steps, C* y, long count)
    {
        if (Wide<C>.IsFast && count >= Wide<C>.Count) Loop<Wide<C>>(inputs, steps, y, count);
        else if (Native<C>.IsFast && count >= Native<C>.Count) Loop<Native<C>>(inputs, steps, y, count);
        else Loop<One<C>>(inputs, steps, y, count);
    }

    private static void Loop<V>(C** inputs, int* steps, C* y, long count) where V : unmanaged, ISimd<V, C>
    {
        C* x = inputs[0];
        long step = steps[0];
        long end = count - V.Count;
        V last = F.Invoke<V, C>(V.Load(x + end * step));
        for (long i = 0; i < end; i += V.Count) F.Invoke<V, C>(V.Load(x + i * step)).Store(y + i);
        last.Store(y + end);
    }
}
