using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>y = a / b. Integers truncate; x / 0 gives 0 and the lowest integer / -1 itself, without a trap.</summary>
internal readonly struct Quotient : IBinary
{
    public static bool HasVectors<C>() => typeof(C) == typeof(float) || typeof(C) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static C Invoke<C>(C a, C b) where C : unmanaged, INumber<C>
    {
        if (HasVectors<C>()) return a / b;
        if (b == C.Zero) return C.Zero;
        // The processor's division traps on this one quotient.
        return b + C.One == C.Zero && C.IsNegative(b) ? unchecked(C.Zero - a) : a / b;
    }

    public static Vector<C> Invoke<C>(Vector<C> a, Vector<C> b) where C : unmanaged, INumber<C> => a / b;
}

/// <summary>y = a / b without its fraction.</summary>
internal readonly struct TruncatedQuotient : IBinary
{
    public static bool HasVectors<C>() => false;

    public static C Invoke<C>(C a, C b) where C : unmanaged, INumber<C>
    {
        C quotient = Quotient.Invoke(a, b);
        if (typeof(C) == typeof(float)) return Unsafe.BitCast<float, C>(MathF.Truncate(Unsafe.BitCast<C, float>(quotient)));
        if (typeof(C) == typeof(double)) return Unsafe.BitCast<double, C>(Math.Truncate(Unsafe.BitCast<C, double>(quotient)));
        return quotient;
    }

    public static Vector<C> Invoke<C>(Vector<C> a, Vector<C> b) where C : unmanaged, INumber<C> => throw new NotSupportedException();
}

/// <summary>The largest integer that is not above a / b.</summary>
internal readonly struct FlooredQuotient : IBinary
{
    public static bool HasVectors<C>() => false;

    public static C Invoke<C>(C a, C b) where C : unmanaged, INumber<C>
    {
        C quotient = Quotient.Invoke(a, b);
        if (typeof(C) == typeof(float)) return Unsafe.BitCast<float, C>(MathF.Floor(Unsafe.BitCast<C, float>(quotient)));
        if (typeof(C) == typeof(double)) return Unsafe.BitCast<double, C>(Math.Floor(Unsafe.BitCast<C, double>(quotient)));
        bool exact = b == C.Zero || unchecked(quotient * b) == a;
        return exact || C.IsNegative(a) == C.IsNegative(b) ? quotient : quotient - C.One;
    }

    public static Vector<C> Invoke<C>(Vector<C> a, Vector<C> b) where C : unmanaged, INumber<C> => throw new NotSupportedException();
}

/// <summary>div: the attribute chooses the quotient.</summary>
internal static unsafe class Div<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame)
    {
        switch (((DivAttributes*)frame->Attributes)->Rounding)
        {
            case DivRounding.None: Binary<E, C, Quotient>.Run(frame); break;
            case DivRounding.Trunc: Binary<E, C, TruncatedQuotient>.Run(frame); break;
            default: Binary<E, C, FlooredQuotient>.Run(frame); break;
        }
    }
}
