using System.Numerics;

namespace Backends.Cpu;

/// <summary>
/// y = a - b · ⌊a / b⌋, with the sign of b. C#'s own % is exact for floats, and a second operand of the other sign is added once. Integers: by 0 gives 0,
/// by -1 too, without a trap.
/// </summary>
internal readonly struct Remainder : IBinary, ILane
{
    public static V Invoke<V, C>(V a, V b) where V : unmanaged, ISimd<V, C> where C : unmanaged, INumber<C> => V.EachLane<Remainder>(a, b);

    public static C Invoke<C>(C a, C b) where C : unmanaged, INumber<C>
    {
        bool real = typeof(C) == typeof(float) || typeof(C) == typeof(double);
        if (!real && (b == C.Zero || (C.IsNegative(b) && b + C.One == C.Zero))) return C.Zero;
        C rest = a % b;
        if (rest == C.Zero) return real && C.IsNegative(b) ? -C.Zero : C.Zero;
        return C.IsNegative(rest) == C.IsNegative(b) || C.IsNaN(rest) ? rest : rest + b;
    }
}
