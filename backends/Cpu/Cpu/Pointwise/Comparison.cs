using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>A mask: x is NaN.</summary>
internal readonly struct IsNaN : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => ~V.Equal(x, x);
}

/// <summary>A mask: a = b; NaN equals nothing.</summary>
internal readonly struct Equal : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.Equal(a, b);
}

/// <summary>A mask: a ≠ b.</summary>
internal readonly struct NotEqual : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => ~V.Equal(a, b);
}

/// <summary>A mask: a &lt; b.</summary>
internal readonly struct Less : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.Less(a, b);
}

/// <summary>A mask: a ≤ b.</summary>
internal readonly struct LessOrEqual : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.LessOrEqual(a, b);
}

/// <summary>A mask: a > b.</summary>
internal readonly struct Greater : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.Less(b, a);
}

/// <summary>A mask: a ≥ b.</summary>
internal readonly struct GreaterOrEqual : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.LessOrEqual(b, a);
}

/// <summary>y = a and b, bit by bit.</summary>
internal readonly struct And : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => a & b;
}

/// <summary>y = a or b, bit by bit.</summary>
internal readonly struct Or : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => a | b;
}

/// <summary>y = a or b, not both, bit by bit.</summary>
internal readonly struct Xor : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => a ^ b;
}

/// <summary>y = not x, of a bool: 0 or 1 (KER-18).</summary>
internal readonly struct Not : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V x) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => x ^ V.Splat(C.One);
}

/// <summary>The larger; NaN wins.</summary>
internal readonly struct Maximum : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> =>
        V.Select(V.Less(a, b) | ~V.Equal(b, b), b, a);
}

/// <summary>The smaller; NaN wins.</summary>
internal readonly struct Minimum : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> =>
        V.Select(V.Less(b, a) | ~V.Equal(b, b), b, a);
}
