using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>The largest integer that is not above x.</summary>
internal readonly struct Floor : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.Floor(x);
}

/// <summary>The nearest integer, of two the even one; x keeps its sign.</summary>
internal readonly struct Round : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.Round(x);
}

/// <summary>y = √x, rounded once.</summary>
internal readonly struct Sqrt : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.Sqrt(x);
}

/// <summary>y = 1 / √x: two roundings, 1.5 ulp at the most.</summary>
internal readonly struct ReciprocalSqrt : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.Of(1) / V.Sqrt(x);
}
