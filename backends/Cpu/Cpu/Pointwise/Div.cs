using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>y = a / b. Integers truncate; x / 0 gives 0 and the lowest integer / -1 itself, without a trap.</summary>
internal readonly struct Quotient : IBinary, ILane
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> =>
        typeof(C) == typeof(float) || typeof(C) == typeof(double) ? a / b : V.EachLane<Quotient>(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static C Invoke<C>(C a, C b) where C : unmanaged, INumber<C>
    {
        if (b == C.Zero) return C.Zero;
        // The processor's division traps on this one quotient.
        return b + C.One == C.Zero && C.IsNegative(b) ? unchecked(C.Zero - a) : a / b;
    }
}

/// <summary>y = a / b without its fraction.</summary>
internal readonly struct TruncatedQuotient : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> =>
        typeof(C) == typeof(float) || typeof(C) == typeof(double) ? V.Truncate(a / b) : Quotient.Invoke<V, C>(a, b);
}

/// <summary>The largest integer that is not above a / b.</summary>
internal readonly struct FlooredQuotient : IBinary, ILane
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> =>
        typeof(C) == typeof(float) || typeof(C) == typeof(double) ? V.Floor(a / b) : V.EachLane<FlooredQuotient>(a, b);

    public static C Invoke<C>(C a, C b) where C : unmanaged, INumber<C>
    {
        C quotient = Quotient.Invoke(a, b);
        bool exact = b == C.Zero || unchecked(quotient * b) == a;
        return exact || C.IsNegative(a) == C.IsNegative(b) ? quotient : quotient - C.One;
    }
}

/// <summary>div: the attribute chooses the quotient.</summary>
internal static unsafe class Div<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame)
    {
        switch (((DivAttributes*)frame->Attributes)->Rounding)
        {
            case DivRounding.None: Binary<E, C, As<E, C>, Quotient>.Run(frame); break;
            case DivRounding.Trunc: Binary<E, C, As<E, C>, TruncatedQuotient>.Run(frame); break;
            default: Binary<E, C, As<E, C>, FlooredQuotient>.Run(frame); break;
        }
    }
}
