using System.Numerics;
using CsCheck;
using Backends.Reference;

namespace Backends.Cpu.Tests;

/// <summary>Against integers of any length: a double is mantissa·2^exponent, so sums, products and remainders can be had exactly.</summary>
public sealed class DoubleDoubleTests
{
    private static readonly Gen<double> s_middle =
        Gen.Select(Gen.Long[-(1L << 53), 1L << 53], Gen.Int[-200, 200], (m, e) => Math.ScaleB(m, e)).Where(x => x != 0);

    private static readonly Gen<DoubleDouble> s_number =
        Gen.Select(s_middle, Gen.Double[-0.49, 0.49], (high, part) => new DoubleDouble(high, part * (Math.BitIncrement(Math.Abs(high)) - Math.Abs(high))));

    [Fact]
    public void Sums_are_right_to_a_hundred_bits_of_their_terms() =>
        Gen.Select(s_number, s_number).Sample((a, b) => IsClose(Exact(a + b), Exact(a) + Exact(b), Abs(Exact(a)) + Abs(Exact(b))), seed: "0000KvgL7tO4", iter: 20_000);

    [Fact]
    public void Products_are_right_to_a_hundred_bits() =>
        Gen.Select(s_number, s_number).Sample((a, b) => IsClose(Exact(a * b), Exact(a) * Exact(b) / One, Abs(Exact(a) * Exact(b) / One)), seed: "0000KvgL7tO4", iter: 20_000);

    [Fact]
    public void Quotients_times_the_divisor_are_right_to_a_hundred_bits() =>
        Gen.Select(s_number, s_number).Sample((a, b) => IsClose(Exact(a / b) * Exact(b) / One, Exact(a), Abs(Exact(a))), seed: "0000KvgL7tO4", iter: 20_000);

    [Fact]
    public void One_operation_on_doubles_rounds_as_IEEE_does() =>
        Gen.Select(Gen.Double, Gen.Double).Sample((a, b) =>
        {
            DoubleDouble x = DoubleDouble.FromDouble(a), y = DoubleDouble.FromDouble(b);
            Assert.Equal([a + b, a - b, a * b, a / b], [Round(x + y), Round(x - y), Round(x * y), Round(x / y)]);
        }, seed: "0000KvgL7tO4", iter: 50_000);

    [Theory]
    [InlineData(1.5e-308, 0.3), InlineData(3e-308, 0.7), InlineData(5e-324, 0.5), InlineData(1e308, 10), InlineData(-0.0, 3), InlineData(double.PositiveInfinity, 0)]
    public void Subnormals_overflow_and_zeros_round_as_IEEE_does(double a, double b)
    {
        DoubleDouble x = DoubleDouble.FromDouble(a), y = DoubleDouble.FromDouble(b);
        Assert.Equal(
            new[] { a * b, a / b, a + a, a - a, b - a }.Select(v => v.ToString()),
            new[] { Round(x * y), Round(x / y), Round(x + x), Round(x - x), Round(y - x) }.Select(v => v.ToString()));
    }

    // e and e^-1/2 to 40 digits (Abramowitz and Stegun, table 4.1 and its reciprocal's root).
    [Theory]
    [InlineData(1, "2.7182818284590452353602874713526624977572")]
    [InlineData(-1, "0.3678794411714423215955237701614608674458")]
    public void Exp_is_right_to_a_hundred_bits(double x, string digits)
    {
        var parts = digits.Split('.');
        var expected = BigInteger.Parse(parts[0] + parts[1]) * One / BigInteger.Pow(10, parts[1].Length);
        Assert.True(IsClose(Exact(DoubleDouble.Exp(DoubleDouble.FromDouble(x))), expected, expected));
    }

    [Fact]
    public void Exp_of_a_sum_is_the_product() =>
        Gen.Select(Gen.Double[-200, 200], Gen.Double[-200, 200]).Sample((a, b) =>
        {
            DoubleDouble x = DoubleDouble.FromDouble(a), y = DoubleDouble.FromDouble(b);
            var product = DoubleDouble.Exp(x) * DoubleDouble.Exp(y);
            return IsClose(Exact(DoubleDouble.Exp(x + y)), Exact(product), Exact(product), bits: 94);
        }, seed: "0000KvgL7tO4", iter: 2000);

    [Fact]
    public void Exp_keeps_its_special_answers()
    {
        Assert.Equal([1, 1, 0, double.PositiveInfinity, double.PositiveInfinity, double.NaN],
            new[] { 0.0, -0.0, double.NegativeInfinity, double.PositiveInfinity, 709.79, double.NaN }.Select(x => Round(DoubleDouble.Exp(DoubleDouble.FromDouble(x)))));
        Assert.InRange(Round(DoubleDouble.Exp(DoubleDouble.FromDouble(709.78))), 1.79e308, double.MaxValue);
        Assert.Equal(double.Epsilon, Round(DoubleDouble.Exp(DoubleDouble.FromDouble(-745))));
    }

    [Fact]
    public void A_narrower_float_is_rounded_once_with_both_parts()
    {
        double tie = 1 + Math.ScaleB(1, -24);      // between two floats
        Assert.Equal(1f, Single(new(tie, -1e-30)));
        Assert.Equal(1f, Single(new(tie, 0)));
        Assert.Equal(1.0000001f, Single(new(tie, 1e-30)));
        Assert.Equal(-1.0000001f, Single(new(-tie, -1e-30)));
    }

    private static float Single(DoubleDouble x) => BitConverter.UInt32BitsToSingle((uint)DoubleDouble.Round(x, DType.F32));

    private static double Round(DoubleDouble x) => BitConverter.UInt64BitsToDouble(DoubleDouble.Round(x, DType.F64));

    // Numbers are counted in units of 2^-1100.
    private static readonly BigInteger One = BigInteger.One << 1100;

    private static BigInteger Exact(DoubleDouble x) => Exact(x.High) + Exact(x.Low);

    private static BigInteger Exact(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52 & 0x7FF);
        long fraction = bits & ((1L << 52) - 1);
        BigInteger units = exponent == 0 ? fraction : fraction | 1L << 52;
        int shift = Math.Max(1, exponent) - 1075 + 1100;
        return x < 0 ? -(units << shift) : units << shift;
    }

    private static BigInteger Abs(BigInteger x) => BigInteger.Abs(x);

    private static bool IsClose(BigInteger x, BigInteger y, BigInteger scale, int bits = 100) => Abs(x - y) << bits <= scale + One / (BigInteger.One << 900);
}
