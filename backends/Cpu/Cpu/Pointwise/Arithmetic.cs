using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>y = a + b. Integers wrap.</summary>
internal readonly struct Add : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => a + b;
}

/// <summary>y = a - b. Integers wrap.</summary>
internal readonly struct Sub : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => a - b;
}

/// <summary>y = a · b. Integers wrap.</summary>
internal readonly struct Mul : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => a * b;
}

/// <summary>y = -x of integers, which wrap.</summary>
internal readonly struct Negative : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.Splat(C.Zero) - x;
}

/// <summary>y = |x| of integers; the lowest is itself.</summary>
internal readonly struct Magnitude : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V zero = V.Splat(C.Zero);
        return V.Select(V.Less(x, zero), zero - x, x);
    }
}

/// <summary>A sign bit turned round: y = -x of any float, seen as an unsigned integer; NaN keeps its bits (accuracy.md 2.1).</summary>
internal readonly struct SignTurned : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => x ^ V.Splat(Sign<C>());

    /// <summary>The highest bit alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe C Sign<C>() where C : unmanaged, INumber<C> => C.CreateTruncating(1UL << (8 * sizeof(C) - 1));
}

/// <summary>A sign bit taken away: y = |x| of any float, seen as an unsigned integer.</summary>
internal readonly struct SignCleared : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => x & V.Splat(SignTurned.Sign<C>() - C.One);
}

/// <summary>y = max(x, 0); NaN compares false and passes.</summary>
internal readonly struct Relu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C>
    {
        V zero = V.Splat(C.Zero);
        return V.Select(V.LessOrEqual(x, zero), zero, x);
    }
}
