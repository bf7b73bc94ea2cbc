using System.Runtime.Intrinsics;

namespace Backends.Cpu;

/// <summary>
/// Rows of 16-bit floats to f32 and back, eight at a time, with integers alone: .NET has no instruction for them. Bits are those of
/// <see cref="Half"/>'s and <see cref="BFloat16"/>'s own conversions; the tests ask all 2^16 one way, and the middle between any two the other.
/// </summary>
internal static unsafe class Sixteen
{
    private const uint Sign = 0x8000_0000, Infinity = 0x7F80_0000;

    /// <summary>f16 → f32. Exponent and fraction, moved to f32's places, are 2^112 too small.</summary>
    public static void FromHalf(ushort* x, float* to, long count)
    {
        long i = 0;
        for (; i <= count - 8; i += 8)
        {
            var bits = Vector256.WidenLower(Vector128.Load(x + i).ToVector256Unsafe());
            var size = (bits & Vector256.Create(0x7FFFu)) << 13;
            var value = (size.AsSingle() * 5.192296858534828e33f).AsUInt32();
            value = Vector256.ConditionalSelect(Vector256.GreaterThan(size, Vector256.Create(0x0F7F_FFFFu)), value | Vector256.Create(Infinity), value);
            (value | (bits & Vector256.Create(0x8000u)) << 16).AsSingle().Store(to + i);
        }
        for (; i < count; i++) to[i] = (float)BitConverter.UInt16BitsToHalf(x[i]);
    }

    /// <summary>f32 → f16, ties to even. A subnormal result is what the sum with 1/2 leaves in the last bits; a normal one is rounded as an integer.</summary>
    public static void ToHalf(float* x, ushort* to, long count)
    {
        long i = 0;
        for (; i <= count - 8; i += 8)
        {
            var bits = Vector256.Load(x + i).AsUInt32();
            var size = bits & Vector256.Create(~Sign);
            var small = (size.AsSingle() + Vector256.Create(0.5f)).AsUInt32() - Vector256.Create(0x3F00_0000u);
            var normal = (size + Vector256.Create(0xC800_0FFFu) + (size >>> 13 & Vector256<uint>.One)) >>> 13;
            var half = Vector256.ConditionalSelect(Vector256.LessThan(size, Vector256.Create(0x3880_0000u)), small, normal);
            half = Vector256.ConditionalSelect(Vector256.GreaterThan(size, Vector256.Create(0x477F_EFFFu)), Vector256.Create(0x7C00u), half);
            half = Vector256.ConditionalSelect(Vector256.GreaterThan(size, Vector256.Create(Infinity)), Vector256.Create(0x7E00u), half);
            Low(half | (bits & Vector256.Create(Sign)) >>> 16).Store(to + i);
        }
        for (; i < count; i++) to[i] = BitConverter.HalfToUInt16Bits((Half)x[i]);
    }

    /// <summary>bf16 → f32: the upper half of its bits.</summary>
    public static void FromBrain(ushort* x, float* to, long count)
    {
        long i = 0;
        for (; i <= count - 8; i += 8)
            (Vector256.WidenLower(Vector128.Load(x + i).ToVector256Unsafe()) << 16).AsSingle().Store(to + i);
        for (; i < count; i++) to[i] = BFloat16.FromBits(x[i]);
    }

    /// <summary>f32 → bf16, ties to even; NaN stays NaN.</summary>
    public static void ToBrain(float* x, ushort* to, long count)
    {
        long i = 0;
        for (; i <= count - 8; i += 8)
        {
            var bits = Vector256.Load(x + i).AsUInt32();
            var rounded = (bits + Vector256.Create(0x7FFFu) + (bits >>> 16 & Vector256<uint>.One)) >>> 16;
            var nan = Vector256.GreaterThan(bits & Vector256.Create(~Sign), Vector256.Create(Infinity));
            Low(Vector256.ConditionalSelect(nan, bits >>> 16 | Vector256.Create(0x40u), rounded)).Store(to + i);
        }
        for (; i < count; i++) to[i] = ((BFloat16)x[i]).Bits;
    }

    // Every lane is below 2^16.
    private static Vector128<ushort> Low(Vector256<uint> x) => Vector128.Narrow(x.GetLower(), x.GetUpper());
}
