using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>One lane, with the bits that every wider type gives.</summary>
internal readonly unsafe struct One<C>(C lane) : ISimd<One<C>, C> where C : unmanaged, INumber<C>
{
    /// <summary>The lane.</summary>
    public readonly C Lane = lane;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> Load(C* from) => new(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(C* to) => *to = Lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> Splat(C value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> Of(double constant) => typeof(C) == typeof(float) ? From((float)constant) : From(constant);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(One<C> mask) => Bits(mask.Lane) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> operator +(One<C> a, One<C> b) => new(unchecked(a.Lane + b.Lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> operator -(One<C> a, One<C> b) => new(unchecked(a.Lane - b.Lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> operator *(One<C> a, One<C> b) => new(unchecked(a.Lane * b.Lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> operator /(One<C> a, One<C> b) => new(a.Lane / b.Lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> operator &(One<C> a, One<C> b) => new(FromBits(Bits(a.Lane) & Bits(b.Lane)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> operator |(One<C> a, One<C> b) => new(FromBits(Bits(a.Lane) | Bits(b.Lane)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> operator ^(One<C> a, One<C> b) => new(FromBits(Bits(a.Lane) ^ Bits(b.Lane)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> operator ~(One<C> a) => new(FromBits(~Bits(a.Lane)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> operator <<(One<C> x, int bits) => new(FromBits(Bits(x.Lane) << bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> operator >>>(One<C> x, int bits) => new(FromBits(Bits(x.Lane) >> bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> AddBits(One<C> a, One<C> b) => new(FromBits(Bits(a.Lane) + Bits(b.Lane)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> SubtractBits(One<C> a, One<C> b) => new(FromBits(Bits(a.Lane) - Bits(b.Lane)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> Less(One<C> a, One<C> b) => Mask(a.Lane < b.Lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> LessOrEqual(One<C> a, One<C> b) => Mask(a.Lane <= b.Lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> Equal(One<C> a, One<C> b) => Mask(a.Lane == b.Lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> Select(One<C> mask, One<C> yes, One<C> no) => Bits(mask.Lane) != 0 ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> MultiplyAdd(One<C> a, One<C> b, One<C> c)
    {
        if (typeof(C) == typeof(float)) return From(MathF.FusedMultiplyAdd(a.Single, b.Single, c.Single));
        if (typeof(C) == typeof(double)) return From(Math.FusedMultiplyAdd(a.Double, b.Double, c.Double));
        return a * b + c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> Floor(One<C> x) =>
        typeof(C) == typeof(float) ? From(MathF.Floor(x.Single)) : From(Math.Floor(x.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> Truncate(One<C> x) =>
        typeof(C) == typeof(float) ? From(MathF.Truncate(x.Single)) : From(Math.Truncate(x.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> Round(One<C> x) =>
        typeof(C) == typeof(float) ? From(MathF.Round(x.Single)) : From(Math.Round(x.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> Sqrt(One<C> x) =>
        typeof(C) == typeof(float) ? From(MathF.Sqrt(x.Single)) : From(Math.Sqrt(x.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static One<C> EachLane<F>(One<C> a, One<C> b) where F : ILane => new(F.Invoke(a.Lane, b.Lane));

    private float Single => Unsafe.BitCast<C, float>(Lane);

    private double Double => Unsafe.BitCast<C, double>(Lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static One<C> From(float x) => new(Unsafe.BitCast<float, C>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static One<C> From(double x) => new(Unsafe.BitCast<double, C>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static One<C> Mask(bool holds) => new(FromBits(holds ? ulong.MaxValue : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(C lane) => sizeof(C) switch
    {
        1 => Unsafe.BitCast<C, byte>(lane),
        2 => Unsafe.BitCast<C, ushort>(lane),
        4 => Unsafe.BitCast<C, uint>(lane),
        _ => Unsafe.BitCast<C, ulong>(lane),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static C FromBits(ulong bits) => sizeof(C) switch
    {
        1 => Unsafe.BitCast<byte, C>((byte)bits),
        2 => Unsafe.BitCast<ushort, C>((ushort)bits),
        4 => Unsafe.BitCast<uint, C>((uint)bits),
        _ => Unsafe.BitCast<ulong, C>(bits),
    };
}
