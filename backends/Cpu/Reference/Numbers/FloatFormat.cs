using System.Numerics;

namespace Backends.Reference;

/// <summary>A binary floating-point format: its layout, and the one routine that rounds to any of them (accuracy.md 1.1).</summary>
/// <param name="Precision">Significand bits, the hidden one too.</param>
/// <param name="MinExponent">Of the smallest normal number.</param>
/// <param name="MaxExponent">Of the largest number.</param>
/// <param name="Largest">Bits of the largest number.</param>
/// <param name="Overflow">Bits of what lies beyond it: infinity, or the largest again where casts saturate.</param>
/// <param name="NaN">Bits of a quiet NaN.</param>
/// <param name="Bits">Bits of an element.</param>
internal sealed record FloatFormat(int Precision, int MinExponent, int MaxExponent, ulong Largest, ulong Overflow, ulong NaN, int Bits)
{
    public static FloatFormat Of(DType dtype) => dtype switch
    {
        DType.F64 => F64,
        DType.F32 => F32,
        DType.F16 => F16,
        DType.BF16 => BF16,
        DType.F8E4M3 => F8E4M3,
        DType.F8E5M2 => F8E5M2,
        _ => throw new ArgumentException($"'{dtype.Name}' is no float.", nameof(dtype)),
    };

    private static readonly FloatFormat F64 = new(53, -1022, 1023, 0x7FEF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 64);
    private static readonly FloatFormat F32 = new(24, -126, 127, 0x7F7F_FFFF, 0x7F80_0000, 0x7FC0_0000, 32);
    private static readonly FloatFormat F16 = new(11, -14, 15, 0x7BFF, 0x7C00, 0x7E00, 16);
    private static readonly FloatFormat BF16 = new(8, -126, 127, 0x7F7F, 0x7F80, 0x7FC0, 16);
    private static readonly FloatFormat F8E4M3 = new(4, -6, 8, 0x7E, 0x7E, 0x7F, 8);
    private static readonly FloatFormat F8E5M2 = new(3, -14, 15, 0x7B, 0x7B, 0x7E, 8);

    /// <summary>The bits of a double in this format.</summary>
    public ulong Round(double x)
    {
        if (double.IsNaN(x)) return NaN;
        bool negative = double.IsNegative(x);
        if (double.IsInfinity(x)) return Signed(negative, Overflow);
        ulong bits = BitConverter.DoubleToUInt64Bits(x) & long.MaxValue;
        int exponent = (int)(bits >> 52);
        ulong fraction = bits & ((1UL << 52) - 1);
        return exponent == 0 ? Round(negative, fraction, -1074) : Round(negative, fraction | 1UL << 52, exponent - 1075);
    }

    /// <summary>The bits of an integer in this format.</summary>
    public ulong Round(Int128 x) => Round(x < 0, x < 0 ? (UInt128)(-x) : (UInt128)x, 0);

    /// <summary>The bits of ±significand·2^exponent, rounded to nearest, ties to even: subnormals too, and overflow from Ω + ulp/2 upwards.</summary>
    private ulong Round(bool negative, UInt128 significand, int exponent)
    {
        if (significand == 0) return Signed(negative, 0);
        int top = exponent + 127 - (int)UInt128.LeadingZeroCount(significand);
        int quantum = Math.Max(top, MinExponent) - Precision + 1;
        UInt128 units = exponent >= quantum ? significand << (exponent - quantum) : RoundedShift(significand, quantum - exponent);
        // The exponent field counts binades above the subnormals; a carry out of the units flows into it by itself.
        ulong bits = (ulong)units + ((ulong)(Math.Max(top, MinExponent) - MinExponent) << (Precision - 1));
        return Signed(negative, top > MaxExponent || bits > Largest ? Overflow : bits);
    }

    private static UInt128 RoundedShift(UInt128 value, int shift)
    {
        if (shift > 127) return 0;
        UInt128 kept = value >> shift, rest = value - (kept << shift), half = UInt128.One << (shift - 1);
        return rest > half || (rest == half && (kept & 1) == 1) ? kept + 1 : kept;
    }

    /// <summary>The value of an element.</summary>
    public double Read(ulong bits)
    {
        ulong magnitude = bits & ((1UL << (Bits - 1)) - 1);
        double value;
        if (magnitude > Largest) value = IsInfinity(magnitude) ? double.PositiveInfinity : double.NaN;
        else
        {
            int exponent = (int)(magnitude >> (Precision - 1));
            ulong fraction = magnitude & ((1UL << (Precision - 1)) - 1);
            value = exponent == 0
                ? Math.ScaleB(fraction, MinExponent - Precision + 1)
                : Math.ScaleB(fraction | 1UL << (Precision - 1), MinExponent + exponent - Precision);
        }
        return bits == magnitude ? value : -value;
    }

    // Infinity follows the largest number, but in e4m3fn, where NaN does.
    private bool IsInfinity(ulong magnitude) => magnitude == Largest + 1 && magnitude != NaN;

    private ulong Signed(bool negative, ulong bits) => negative ? bits | 1UL << (Bits - 1) : bits;
}
