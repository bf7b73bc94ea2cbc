using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
namespace Backends.Cpu;

/// <summary>512 bits.</summary>
internal readonly unsafe struct Wide<C>(Vector512<C> lanes) : ISimd<Wide<C>, C> where C : unmanaged, INumber<C>
{
    private readonly Vector512<C> _lanes = lanes;

    /// <summary>Whether the processor has them.</summary>
    public static bool IsFast => Vector512.IsHardwareAccelerated;

    public static int Count => Vector512<C>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> Load(C* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(C* to) => _lanes.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> Splat(C value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> Of(double constant) => typeof(C) == typeof(float) ? new(Vector512.Create((float)constant).As<float, C>()) : new(Vector512.Create(constant).As<double, C>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Wide<C> mask) => mask._lanes.AsByte() != Vector512<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> operator +(Wide<C> a, Wide<C> b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> operator -(Wide<C> a, Wide<C> b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> operator *(Wide<C> a, Wide<C> b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> operator /(Wide<C> a, Wide<C> b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> operator &(Wide<C> a, Wide<C> b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> operator |(Wide<C> a, Wide<C> b) => new(a._lanes | b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> operator ^(Wide<C> a, Wide<C> b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> operator ~(Wide<C> a) => new(~a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> operator <<(Wide<C> x, int bits) =>
        sizeof(C) == 8 ? new((x._lanes.As<C, ulong>() << bits).As<ulong, C>()) : new((x._lanes.As<C, uint>() << bits).As<uint, C>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> operator >>>(Wide<C> x, int bits) =>
        sizeof(C) == 8 ? new((x._lanes.As<C, ulong>() >>> bits).As<ulong, C>()) : new((x._lanes.As<C, uint>() >>> bits).As<uint, C>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> AddBits(Wide<C> a, Wide<C> b) => sizeof(C) == 8 ? new((a._lanes.As<C, ulong>() + b._lanes.As<C, ulong>()).As<ulong, C>()) : new((a._lanes.As<C, uint>() + b._lanes.As<C, uint>()).As<uint, C>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> SubtractBits(Wide<C> a, Wide<C> b) => sizeof(C) == 8 ? new((a._lanes.As<C, ulong>() - b._lanes.As<C, ulong>()).As<ulong, C>()) : new((a._lanes.As<C, uint>() - b._lanes.As<C, uint>()).As<uint, C>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> Less(Wide<C> a, Wide<C> b) => new(Vector512.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> LessOrEqual(Wide<C> a, Wide<C> b) => new(Vector512.LessThanOrEqual(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> Equal(Wide<C> a, Wide<C> b) => new(Vector512.Equals(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> Select(Wide<C> mask, Wide<C> yes, Wide<C> no) => new(Vector512.ConditionalSelect(mask._lanes, yes._lanes, no._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> MultiplyAdd(Wide<C> a, Wide<C> b, Wide<C> c)
    {
        if (typeof(C) == typeof(float)) return new(Vector512.FusedMultiplyAdd(a._lanes.As<C, float>(), b._lanes.As<C, float>(), c._lanes.As<C, float>()).As<float, C>());
        if (typeof(C) == typeof(double)) return new(Vector512.FusedMultiplyAdd(a._lanes.As<C, double>(), b._lanes.As<C, double>(), c._lanes.As<C, double>()).As<double, C>());
        return new(a._lanes * b._lanes + c._lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> Floor(Wide<C> x) =>
        typeof(C) == typeof(float) ? new(Vector512.Floor(x._lanes.As<C, float>()).As<float, C>()) : typeof(C) == typeof(double) ? new(Vector512.Floor(x._lanes.As<C, double>()).As<double, C>()) : throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> Truncate(Wide<C> x) =>
        typeof(C) == typeof(float) ? new(Vector512.Truncate(x._lanes.As<C, float>()).As<float, C>()) : typeof(C) == typeof(double) ? new(Vector512.Truncate(x._lanes.As<C, double>()).As<double, C>()) : throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> Round(Wide<C> x) =>
        typeof(C) == typeof(float) ? new(Vector512.Round(x._lanes.As<C, float>()).As<float, C>()) : typeof(C) == typeof(double) ? new(Vector512.Round(x._lanes.As<C, double>()).As<double, C>()) : throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<C> Sqrt(Wide<C> x) => new(Vector512.Sqrt(x._lanes));

    [SkipLocalsInit]
    public static Wide<C> EachLane<F>(Wide<C> a, Wide<C> b) where F : ILane
    {
        C* first = stackalloc C[Count], second = stackalloc C[Count];
        a.Store(first);
        b.Store(second);
        for (int i = 0; i < Count; i++) first[i] = F.Invoke(first[i], second[i]);
        return Load(first);
    }
}
