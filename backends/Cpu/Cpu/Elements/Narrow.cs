using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>bool: one byte, 0 or 1 (KER-18).</summary>
internal readonly struct Truth(byte value) : IElement<Truth>
{
    private readonly byte _value = value;

    public byte Value => _value;

    public static Truth FromInt64(long x) => new(x != 0 ? (byte)1 : (byte)0);

    public static Truth FromUInt64(ulong x) => new(x != 0 ? (byte)1 : (byte)0);

    public static Truth FromDouble(double x) => new(x != 0 ? (byte)1 : (byte)0);      // NaN is not 0

    public static E To<E>(Truth x) where E : unmanaged, IElement<E> => E.FromUInt64(x._value);
}

/// <summary>f16. An integer that is not exact in f32 is far beyond 65504, so the way through f32 rounds once.</summary>
internal readonly unsafe struct F16(Half value) : IElement<F16>, IElement<F16, float>, IElement<F16, double>
{
    private readonly Half _value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Widen(F16 x) => (float)x._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F16 Narrow(float x) => new((Half)x);

    static double IElement<F16, double>.Widen(F16 x) => (double)x._value;

    static F16 IElement<F16, double>.Narrow(double x) => new((Half)x);

    public static void Widen(F16* x, float* to, long count) => Sixteen.FromHalf((ushort*)x, to, count);

    public static void Narrow(float* x, F16* to, long count) => Sixteen.ToHalf(x, (ushort*)to, count);

    public static F16 FromInt64(long x) => new((Half)(float)x);

    public static F16 FromUInt64(ulong x) => new((Half)(float)x);

    public static F16 FromDouble(double x) => new((Half)x);

    public static E To<E>(F16 x) where E : unmanaged, IElement<E> => E.FromDouble((double)x._value);
}

/// <summary>bf16.</summary>
internal readonly unsafe struct BF16(BFloat16 value) : IElement<BF16>, IElement<BF16, float>, IElement<BF16, double>
{
    private readonly BFloat16 _value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Widen(BF16 x) => x._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BF16 Narrow(float x) => new((BFloat16)x);

    static double IElement<BF16, double>.Widen(BF16 x) => (float)x._value;

    static BF16 IElement<BF16, double>.Narrow(double x) => FromDouble(x);

    public static void Widen(BF16* x, float* to, long count) => Sixteen.FromBrain((ushort*)x, to, count);

    public static void Narrow(float* x, BF16* to, long count) => Sixteen.ToBrain(x, (ushort*)to, count);

    public static BF16 FromInt64(long x) => x < 0 ? new((BFloat16)(-Sticky(0 - (ulong)x))) : FromUInt64((ulong)x);

    public static BF16 FromUInt64(ulong x) => new((BFloat16)Sticky(x));

    public static BF16 FromDouble(double x) => new((BFloat16)(float)x);      // in two steps, as hardware does

    public static E To<E>(BF16 x) where E : unmanaged, IElement<E> => E.FromDouble((float)x._value);

    // Exact in f32's 24 bits but for the lowest, which remembers whether anything below was cut off: bf16's rounding then sees every tie.
    private static float Sticky(ulong x)
    {
        int cut = Math.Max(0, 64 - 24 - (int)ulong.LeadingZeroCount(x));
        ulong kept = x >> cut;
        if (kept << cut != x) kept |= 1;
        return MathF.ScaleB(kept, cut);
    }
}

/// <summary>f8e4m3fn: stored and cast only, saturating.</summary>
internal readonly struct F8E4M3(byte bits) : IElement<F8E4M3>
{
    private readonly byte _bits = bits;

    public static F8E4M3 FromInt64(long x) => FromDouble(x);

    public static F8E4M3 FromUInt64(ulong x) => FromDouble(x);

    public static F8E4M3 FromDouble(double x) => new(Eight.Encode((float)x, fraction: 3, bias: 7, largest: 0x7E, nan: 0x7F));

    public static E To<E>(F8E4M3 x) where E : unmanaged, IElement<E> =>
        E.FromDouble((x._bits & 0x7F) == 0x7F ? double.NaN : Eight.Decode(x._bits, fraction: 3, bias: 7));
}

/// <summary>f8e5m2: stored and cast only, saturating. Infinities may be read; none is written.</summary>
internal readonly struct F8E5M2(byte bits) : IElement<F8E5M2>
{
    private readonly byte _bits = bits;

    public static F8E5M2 FromInt64(long x) => FromDouble(x);

    public static F8E5M2 FromUInt64(ulong x) => FromDouble(x);

    public static F8E5M2 FromDouble(double x) => new(Eight.Encode((float)x, fraction: 2, bias: 15, largest: 0x7B, nan: 0x7E));

    // f16 with the lower half of its fraction cut off.
    public static E To<E>(F8E5M2 x) where E : unmanaged, IElement<E> => E.FromDouble((double)BitConverter.UInt16BitsToHalf((ushort)(x._bits << 8)));
}

/// <summary>8-bit floats: sign, exponent with a bias, fraction.</summary>
internal static class Eight
{
    /// <summary>To nearest, ties to even; beyond the largest the largest, infinity too.</summary>
    public static byte Encode(float x, int fraction, int bias, byte largest, byte nan)
    {
        if (float.IsNaN(x)) return nan;
        byte sign = float.IsNegative(x) ? (byte)0x80 : (byte)0;
        float size = MathF.Abs(x), least = MathF.ScaleB(1, 1 - bias);
        if (float.IsInfinity(size)) return (byte)(sign | largest);
        // The distance of neighbours where size lies; subnormals keep the one of the smallest normal.
        int exponent = size < least ? 1 - bias : MathF.ILogB(size);
        float steps = MathF.Round(MathF.ScaleB(size, fraction - exponent), MidpointRounding.ToEven);
        // A full binade of steps carries into the exponent, as the code's bits do.
        int code = (int)steps + ((exponent + bias - 1) << fraction);
        return (byte)(sign | Math.Min(code, largest));
    }

    /// <summary>The value of a code that is finite.</summary>
    public static double Decode(byte code, int fraction, int bias)
    {
        int exponent = (code & 0x7F) >> fraction, rest = code & ((1 << fraction) - 1);
        double size = exponent == 0 ? Math.ScaleB(rest, 1 - bias - fraction) : Math.ScaleB(rest + (1 << fraction), exponent - bias - fraction);
        return (code & 0x80) != 0 ? -size : size;
    }
}
