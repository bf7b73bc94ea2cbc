using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>An operator of one element: y = f(x).</summary>
internal interface IUnary
{
    /// <summary>Whether <see cref="Invoke{C}(Vector{C})"/> is there for C.</summary>
    static abstract bool HasVectors<C>();

    static abstract C Invoke<C>(C x) where C : unmanaged, INumber<C>;

    /// <summary>The same for every lane, with the same bits.</summary>
    static abstract Vector<C> Invoke<C>(Vector<C> x) where C : unmanaged, INumber<C>;
}

/// <summary>An operator of two elements: y = f(a, b).</summary>
internal interface IBinary
{
    /// <summary>Whether <see cref="Invoke{C}(Vector{C}, Vector{C})"/> is there for C.</summary>
    static abstract bool HasVectors<C>();

    static abstract C Invoke<C>(C a, C b) where C : unmanaged, INumber<C>;

    /// <summary>The same for every lane, with the same bits.</summary>
    static abstract Vector<C> Invoke<C>(Vector<C> a, Vector<C> b) where C : unmanaged, INumber<C>;
}

/// <summary>Runs an operator of one element over any strides. Bound by memory, but for exp.</summary>
internal static unsafe class Unary<E, C, F> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where F : IUnary
{
    [SkipLocalsInit]
    public static void Run(CallFrame* frame)
    {
        DLTensor* x = frame->Inputs[0], y = frame->Outputs[0];
        E* px = Memory.First<E>(x), py = Memory.First<E>(y);
        Loop.Start(out var loop, y, x, null);
        do Row(px + loop.OffsetA, loop.StrideA, py + loop.OffsetY, loop.StrideY, loop.Size);
        while (loop.Next());
    }

    private static void Row(E* x, long strideX, E* y, long strideY, long size)
    {
        long i = 0;
        if (typeof(E) == typeof(Plain<C>) && F.HasVectors<C>() && strideX == 1 && strideY == 1)
            for (; i <= size - Vector<C>.Count; i += Vector<C>.Count)
                F.Invoke(Vector.Load((C*)x + i)).Store((C*)y + i);
        for (; i < size; i++) y[i * strideY] = E.Narrow(F.Invoke(E.Widen(x[i * strideX])));
    }
}

/// <summary>Runs an operator of two elements over any strides and broadcasts. Bound by memory.</summary>
internal static unsafe class Binary<E, C, F> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where F : IBinary
{
    public static void Run(CallFrame* frame)
    {
        DLTensor* a = frame->Inputs[0], b = frame->Inputs[1], y = frame->Outputs[0];
        E* pa = Memory.First<E>(a), pb = Memory.First<E>(b), py = Memory.First<E>(y);
        // A single element needs no walk, and must not pay for one (decision note on the dispatch path).
        if (frame->Elements == 1) *py = E.Narrow(F.Invoke(E.Widen(*pa), E.Widen(*pb)));
        else Walk(y, py, a, pa, b, pb);
    }

    [SkipLocalsInit]
    private static void Walk(DLTensor* y, E* py, DLTensor* a, E* pa, DLTensor* b, E* pb)
    {
        Loop.Start(out var loop, y, a, b);
        do Row(pa + loop.OffsetA, loop.StrideA, pb + loop.OffsetB, loop.StrideB, py + loop.OffsetY, loop.StrideY, loop.Size);
        while (loop.Next());
    }

    private static void Row(E* a, long strideA, E* b, long strideB, E* y, long strideY, long size)
    {
        long i = 0;
        if (typeof(E) == typeof(Plain<C>) && F.HasVectors<C>() && strideY == 1 && strideA is 0 or 1 && strideB is 0 or 1)
        {
            // An operand of stride 0 is spread over the lanes once.
            Vector<C> va = new(E.Widen(*a)), vb = new(E.Widen(*b));
            for (; i <= size - Vector<C>.Count; i += Vector<C>.Count)
            {
                if (strideA != 0) va = Vector.Load((C*)a + i);
                if (strideB != 0) vb = Vector.Load((C*)b + i);
                F.Invoke(va, vb).Store((C*)y + i);
            }
        }
        for (; i < size; i++) y[i * strideY] = E.Narrow(F.Invoke(E.Widen(a[i * strideA]), E.Widen(b[i * strideB])));
    }
}
