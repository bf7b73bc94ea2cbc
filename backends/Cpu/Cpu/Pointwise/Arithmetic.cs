using System.Numerics;

namespace Backends.Cpu;

/// <summary>y = a + b. Integers wrap.</summary>
internal readonly struct Add : IBinary
{
    public static bool HasVectors<C>() => true;

    public static C Invoke<C>(C a, C b) where C : unmanaged, INumber<C> => unchecked(a + b);

    public static Vector<C> Invoke<C>(Vector<C> a, Vector<C> b) where C : unmanaged, INumber<C> => a + b;
}

/// <summary>y = a - b. Integers wrap.</summary>
internal readonly struct Sub : IBinary
{
    public static bool HasVectors<C>() => true;

    public static C Invoke<C>(C a, C b) where C : unmanaged, INumber<C> => unchecked(a - b);

    public static Vector<C> Invoke<C>(Vector<C> a, Vector<C> b) where C : unmanaged, INumber<C> => a - b;
}

/// <summary>y = a · b. Integers wrap.</summary>
internal readonly struct Mul : IBinary
{
    public static bool HasVectors<C>() => true;

    public static C Invoke<C>(C a, C b) where C : unmanaged, INumber<C> => unchecked(a * b);

    public static Vector<C> Invoke<C>(Vector<C> a, Vector<C> b) where C : unmanaged, INumber<C> => a * b;
}

/// <summary>y = -x, as a product: 0 - x would lose the sign of zero. Integers wrap.</summary>
internal readonly struct Neg : IUnary
{
    public static bool HasVectors<C>() => true;

    public static C Invoke<C>(C x) where C : unmanaged, INumber<C> => unchecked(x * -C.One);

    public static Vector<C> Invoke<C>(Vector<C> x) where C : unmanaged, INumber<C> => x * new Vector<C>(-C.One);
}

/// <summary>y = max(x, 0); NaN compares false and passes.</summary>
internal readonly struct Relu : IUnary
{
    public static bool HasVectors<C>() => true;

    public static C Invoke<C>(C x) where C : unmanaged, INumber<C> => x <= C.Zero ? C.Zero : x;

    public static Vector<C> Invoke<C>(Vector<C> x) where C : unmanaged, INumber<C> =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<C>.Zero), Vector<C>.Zero, x);
}
