using System.Numerics;

namespace Backends.Reference;

/// <summary>Angles modulo π/2, exactly enough for every double: among them are some within 2^-60 of a multiple, and some as large as 2^1023.</summary>
internal static class QuarterTurn
{
    /// <summary>Bits behind the point of the kept π/2: the largest exponent, and 240 more.</summary>
    private const int Bits = 1264;

    /// <summary>Bits that a remainder is had to, behind the point.</summary>
    private const int Fraction = 240;

    private static readonly BigInteger s_half = HalfPi();

    /// <summary>A finite x from 0 upwards as k·π/2 + r, |r| at most π/4: k modulo 4, and r.</summary>
    public static (int Quadrant, DoubleDouble Angle) Reduce(DoubleDouble x)
    {
        if (x.High < 0.78) return (0, x);
        int scale = Fraction + Math.Max(0, Math.ILogB(x.High));
        var half = s_half >> (Bits - scale);
        var quotient = BigInteger.DivRem(Units(x.High, scale) + Units(x.Low, scale), half, out var rest);
        if (rest + rest > half) (quotient, rest) = (quotient + 1, rest - half);
        return ((int)(quotient & 3), Number(rest, scale));
    }

    // x in units of 2^-scale; what lies below one unit is dropped.
    private static BigInteger Units(double x, int scale)
    {
        if (x == 0) return 0;
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52 & 0x7FF), shift = Math.Max(1, exponent) - 1075 + scale;
        BigInteger units = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        return (shift >= 0 ? units << shift : units >> -shift) * Math.Sign(x);
    }

    private static DoubleDouble Number(BigInteger units, int scale)
    {
        int drop = Math.Max(0, (int)units.GetBitLength() - 120);
        units >>= drop;
        double high = (double)units;
        return DoubleDouble.FromDouble(Math.ScaleB(high, drop - scale)) + DoubleDouble.FromDouble(Math.ScaleB((double)(units - new BigInteger(high)), drop - scale));
    }

    // Machin: π/4 = 4·arctan(1/5) - arctan(1/239), with 32 guard bits.
    private static BigInteger HalfPi()
    {
        static BigInteger Arctan(int inverse)
        {
            BigInteger power = (BigInteger.One << (Bits + 32)) / inverse, sum = power;
            for (int n = 3; !power.IsZero; n += 2)
            {
                power /= -inverse * inverse;
                sum += power / n;
            }
            return sum;
        }
        return 2 * (4 * Arctan(5) - Arctan(239)) >> 32;
    }
}
