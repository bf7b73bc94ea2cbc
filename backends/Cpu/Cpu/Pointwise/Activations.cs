using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>y = 1 / (1 + e^-x): far below 0 by way of 1 / infinity.</summary>
internal readonly struct Sigmoid : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> =>
        V.Of(1) / (V.Of(1) + Exp.Invoke<V, C>(V.Of(0) - x));
}

/// <summary>y = x / (1 + e^-x).</summary>
internal readonly struct Silu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> =>
        x / (V.Of(1) + Exp.Invoke<V, C>(V.Of(0) - x));
}

/// <summary>y = x/2 · (1 + erf(x/√2)).</summary>
internal readonly struct Gelu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> =>
        V.Of(0.5) * x * (V.Of(1) + Erf.Invoke<V, C>(x * V.Of(0.70710678118654752)));
}

/// <summary>y = x/2 · (1 + tanh u) = x / (1 + e^-2u), u = √(2/π) · (x + 0.044715 · x³).</summary>
internal readonly struct TanhGelu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V doubled = V.Of(1.5957691216057308) * V.MultiplyAdd(V.Of(0.044715) * x * x, x, x);
        return x / (V.Of(1) + Exp.Invoke<V, C>(V.Of(0) - doubled));
    }
}

/// <summary>gelu: the attribute chooses the formula.</summary>
internal static unsafe class Gelus<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame)
    {
        if (((GeluAttributes*)frame->Attributes)->Approximate == GeluApproximate.None) Unary<E, C, As<E, C>, Gelu>.Run(frame);
        else Unary<E, C, As<E, C>, TanhGelu>.Run(frame);
    }
}
