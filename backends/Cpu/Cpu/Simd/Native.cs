using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>The width of <see cref="Vector{T}"/>: 256 bits with AVX2, 128 with SSE and on Arm.</summary>
internal readonly unsafe struct Native<C>(Vector<C> lanes) : ISimd<Native<C>, C> where C : unmanaged, INumber<C>
{
    private readonly Vector<C> _lanes = lanes;

    /// <summary>Whether the processor has them.</summary>
    public static bool IsFast => Vector.IsHardwareAccelerated;

    public static int Count => Vector<C>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> Load(C* from) => new(Vector.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(C* to) => _lanes.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> Splat(C value) => new(new Vector<C>(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> Of(double constant) => typeof(C) == typeof(float) ? new(Vector.As<float, C>(new Vector<float>((float)constant))) : new(Vector.As<double, C>(new Vector<double>(constant)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Native<C> mask) => Vector.AsVectorByte(mask._lanes) != Vector<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> operator +(Native<C> a, Native<C> b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> operator -(Native<C> a, Native<C> b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> operator *(Native<C> a, Native<C> b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> operator /(Native<C> a, Native<C> b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> operator &(Native<C> a, Native<C> b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> operator |(Native<C> a, Native<C> b) => new(a._lanes | b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> operator ^(Native<C> a, Native<C> b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> operator ~(Native<C> a) => new(~a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> operator <<(Native<C> x, int bits) =>
        sizeof(C) == 8 ? new(Vector.As<ulong, C>(Vector.As<C, ulong>(x._lanes) << bits)) : new(Vector.As<uint, C>(Vector.As<C, uint>(x._lanes) << bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> operator >>>(Native<C> x, int bits) =>
        sizeof(C) == 8 ? new(Vector.As<ulong, C>(Vector.As<C, ulong>(x._lanes) >>> bits)) : new(Vector.As<uint, C>(Vector.As<C, uint>(x._lanes) >>> bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> AddBits(Native<C> a, Native<C> b) => sizeof(C) == 8 ? new(Vector.As<ulong, C>(Vector.As<C, ulong>(a._lanes) + Vector.As<C, ulong>(b._lanes))) : new(Vector.As<uint, C>(Vector.As<C, uint>(a._lanes) + Vector.As<C, uint>(b._lanes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> SubtractBits(Native<C> a, Native<C> b) => sizeof(C) == 8 ? new(Vector.As<ulong, C>(Vector.As<C, ulong>(a._lanes) - Vector.As<C, ulong>(b._lanes))) : new(Vector.As<uint, C>(Vector.As<C, uint>(a._lanes) - Vector.As<C, uint>(b._lanes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> Less(Native<C> a, Native<C> b) => new(Vector.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> LessOrEqual(Native<C> a, Native<C> b) => new(Vector.LessThanOrEqual(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> Equal(Native<C> a, Native<C> b) => new(Vector.Equals(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> Select(Native<C> mask, Native<C> yes, Native<C> no) => new(Vector.ConditionalSelect(mask._lanes, yes._lanes, no._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> MultiplyAdd(Native<C> a, Native<C> b, Native<C> c)
    {
        if (typeof(C) == typeof(float)) return new(Vector.As<float, C>(Vector.FusedMultiplyAdd(Vector.As<C, float>(a._lanes), Vector.As<C, float>(b._lanes), Vector.As<C, float>(c._lanes))));
        if (typeof(C) == typeof(double)) return new(Vector.As<double, C>(Vector.FusedMultiplyAdd(Vector.As<C, double>(a._lanes), Vector.As<C, double>(b._lanes), Vector.As<C, double>(c._lanes))));
        return new(a._lanes * b._lanes + c._lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> Floor(Native<C> x) =>
        typeof(C) == typeof(float) ? new(Vector.As<float, C>(Vector.Floor(Vector.As<C, float>(x._lanes)))) : typeof(C) == typeof(double) ? new(Vector.As<double, C>(Vector.Floor(Vector.As<C, double>(x._lanes)))) : throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> Truncate(Native<C> x) =>
        typeof(C) == typeof(float) ? new(Vector.As<float, C>(Vector.Truncate(Vector.As<C, float>(x._lanes)))) : typeof(C) == typeof(double) ? new(Vector.As<double, C>(Vector.Truncate(Vector.As<C, double>(x._lanes)))) : throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> Round(Native<C> x) =>
        typeof(C) == typeof(float) ? new(Vector.As<float, C>(Vector.Round(Vector.As<C, float>(x._lanes)))) : typeof(C) == typeof(double) ? new(Vector.As<double, C>(Vector.Round(Vector.As<C, double>(x._lanes)))) : throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Native<C> Sqrt(Native<C> x) => new(Vector.SquareRoot(x._lanes));

    [SkipLocalsInit]
    public static Native<C> EachLane<F>(Native<C> a, Native<C> b) where F : ILane
    {
        C* first = stackalloc C[Count], second = stackalloc C[Count];
        a.Store(first);
        b.Store(second);
        for (int i = 0; i < Count; i++) first[i] = F.Invoke(first[i], second[i]);
        return Load(first);
    }
}
