using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>The element types that C# has itself: integers of 8 to 64 bits, f32 and f64. Computed in their own type.</summary>
internal readonly struct Plain<T>(T value) : IElement<Plain<T>>, IElement<Plain<T>, T> where T : unmanaged, INumber<T>
{
    private readonly T _value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Widen(Plain<T> x) => x._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Plain<T> Narrow(T x) => new(x);

    public static Plain<T> FromInt64(long x) => new(T.CreateTruncating(x));

    public static Plain<T> FromUInt64(ulong x) => new(T.CreateTruncating(x));

    // For a float type nothing saturates: this is the plain conversion.
    public static Plain<T> FromDouble(double x) => new(T.CreateSaturating(x));

    public static E To<E>(Plain<T> x) where E : unmanaged, IElement<E>
    {
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double)) return E.FromDouble(double.CreateTruncating(x._value));
        return T.IsNegative(x._value) ? E.FromInt64(long.CreateTruncating(x._value)) : E.FromUInt64(ulong.CreateTruncating(x._value));
    }
}
