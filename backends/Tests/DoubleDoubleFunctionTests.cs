using System.Globalization;
using System.Numerics;
using CsCheck;
using Backends.Reference;
using Xunit;

namespace Backends.Cpu.Tests;

/// <summary>Roots, logarithms, powers and the rest, to 95 bits of the result: against values that mpmath gives with 400 bits, and against identities.</summary>
public sealed class DoubleDoubleFunctionTests
{
    [Theory]
    [InlineData("sqrt", 2.0, "1.414213562373095048801688724209698078570")]
    [InlineData("sqrt", 3e-310, "1.732050807568874647761597822586768037467e-155")]
    [InlineData("sqrt", 1e300, "1.000000000000000026252380127602209779759e150")]
    [InlineData("sqrt", 0.1, "3.162277660168379419769730258850242641672e-1")]
    [InlineData("log", 2.0, "6.931471805599453094172321214581765680755e-1")]
    [InlineData("log", 10.0, "2.302585092994045684017991454684364207601")]
    [InlineData("log", 1.0000000000000002, "2.220446049250312834328230454615487925982e-16")]
    [InlineData("log", 0.9999999999999999, "-1.110223024625156602053389888482372171810e-16")]
    [InlineData("log", 1.5, "4.054651081081643819780131154643491365720e-1")]
    [InlineData("log", 3e-310, "-7.127027665394860554092493554254658484336e2")]
    [InlineData("log", 1.7e308, "7.097268368932282410377910263757729268826e2")]
    [InlineData("log", 0.7, "-3.566749439387324423539544041072745145718e-1")]
    [InlineData("log", 1.0001, "9.999500033329732302199351671461307129290e-5")]
    [InlineData("sin", 1e-7, "9.999999999999982880814451592206516117215e-8")]
    [InlineData("sin", 0.785, "7.068251811053659457361837988212911181345e-1")]
    [InlineData("sin", 0.79, "7.103532724176078348196376817427499224618e-1")]
    [InlineData("sin", Math.PI, "1.224646799147353177226065932274997997083e-16")]
    [InlineData("sin", 22.0, "-8.851309290403875921690256815772332463289e-3")]
    [InlineData("sin", 355.0, "-3.014435335948844921433028000865009959026e-5")]
    [InlineData("sin", 1e22, "-8.522008497671888017727058937530293682618e-1")]
    [InlineData("sin", 1e30, "9.331468931175824057237219430363011485161e-3")]
    [InlineData("sin", 5.319372648326541e255, "9.999999999999999999999999999999999998902e-1")]
    [InlineData("sin", 1.7e308, "-5.952560848632076654780953130891416594396e-1")]
    [InlineData("sin", 2 * Math.PI, "-2.449293598294706354452131864549977627406e-16")]
    [InlineData("tanh", 1e-17, "1.000000000000000071542424054621924475195e-17")]
    [InlineData("tanh", 1e-9, "1.000000000000000061948258124446523023415e-9")]
    [InlineData("tanh", 0.01, "9.999666679999460547474921532044771234793e-3")]
    [InlineData("tanh", 0.1699, "1.682838794527011362778341674531461207066e-1")]
    [InlineData("tanh", 0.17, "1.683810458708147200929536421352385462307e-1")]
    [InlineData("tanh", 3.0, "9.950547536867304513318801852554884750978e-1")]
    [InlineData("tanh", 39.0, "9.999999999999999999999999999999997332770e-1")]
    [InlineData("erf", 1e-17, "1.128379167095512654623139769869795875173e-17")]
    [InlineData("erf", 0.01, "1.128341555584961715077713532816303764898e-2")]
    [InlineData("erf", 0.84375, "7.672256612323416334589781602741398604501e-1")]
    [InlineData("erf", 2.5, "9.995930479825550410604357842600250872797e-1")]
    [InlineData("erf", 6.0, "9.999999999999999784802632875010868834066e-1")]
    [InlineData("erf", 8.9, "9.999999999999999999999999999999999974946e-1")]
    [InlineData("exp", 0.3, "1.349858807576003088997301031688634032142")]
    [InlineData("exp", -0.3466, "7.070881069410188202730474578436536008827e-1")]
    [InlineData("exp", 100.5, "4.431955909845895416010706197956481689590e43")]
    public void A_function_is_right_to_95_bits(string name, double x, string digits)
    {
        Func<DoubleDouble, DoubleDouble> f = name switch
        {
            "sqrt" => DoubleDouble.Sqrt, "log" => DoubleDouble.Log, "sin" => DoubleDouble.Sin, "tanh" => DoubleDouble.Tanh, "erf" => DoubleDouble.Erf, _ => DoubleDouble.Exp,
        };
        AssertClose(Decimal(digits), f(DoubleDouble.FromDouble(x)));
        if (name is "sin" or "tanh" or "erf") AssertClose(-Decimal(digits), f(DoubleDouble.FromDouble(-x)));
    }

    [Theory]
    [InlineData(2.0, 0.5, "1.41421356237309504880168872420969807857")]
    [InlineData(-3.0, 5.0, "-2.43e2")]
    [InlineData(-3.0, -4.0, "1.234567901234567901234567901234567901235e-2")]
    [InlineData(1.0000000000000002, 1e15, "1.248627071539086150182009355159905927419")]
    [InlineData(0.1, 200.25, "5.623413251903553314418738718487929489918e-201")]
    [InlineData(7.5, -2.5, "6.491526607468635418749271499861358624625e-3")]
    [InlineData(1e-300, 0.001, "5.011872336272722778072143254154929172066e-1")]
    public void A_power_is_right_to_90_bits(double a, double b, string digits) =>
        AssertClose(Decimal(digits), DoubleDouble.Pow(DoubleDouble.FromDouble(a), DoubleDouble.FromDouble(b)), bits: 90);

    [Fact]
    public void Squared_sine_and_cosine_are_1() =>
        Gen.Select(Gen.Long[-(1L << 52), 1L << 52], Gen.Int[-60, 900], (m, e) => Math.ScaleB((double)m, e)).Sample(x =>
        {
            var angle = DoubleDouble.FromDouble(x);
            DoubleDouble sine = DoubleDouble.Sin(angle), twice = DoubleDouble.Sin(angle + angle);
            // sin²(2x) = 4·sin²(x)·(1 - sin²(x))
            var square = sine * sine;
            var rest = twice * twice - FromInteger(4) * square * (FromInteger(1) - square);
            return Math.Abs(rest.High) < 1e-27;
        }, seed: "0000KvgL7tO4", iter: 2000);

    [Fact]
    public void The_logarithm_undoes_the_exponential() =>
        Gen.Double[-300, 300].Sample(x => Math.Abs((DoubleDouble.Log(DoubleDouble.Exp(FromDouble(x))) - FromDouble(x)).High) < 1e-28 * Math.Max(1, Math.Abs(x)), seed: "0000KvgL7tO4", iter: 2000);

    [Fact]
    public void A_root_squared_is_what_it_was_of() =>
        Gen.Select(Gen.Long[1, 1L << 52], Gen.Int[-1074, 900], (m, e) => Math.ScaleB((double)m, e)).Where(x => x > 0).Sample(x =>
        {
            var root = DoubleDouble.Sqrt(FromDouble(x));
            var near = Math.ScaleB(1, -(Math.ILogB(x) >> 1));
            var scaled = root * FromDouble(near);
            return root.High == Math.Sqrt(x) && Math.Abs((scaled * scaled - FromDouble(x * near) * FromDouble(near)).High) < 1e-30 * 4;
        }, seed: "0000KvgL7tO4", iter: 5000);

    [Fact]
    public void The_hyperbolic_tangent_of_twice_x_is_2t_by_1_and_t_squared() =>
        Gen.Double[-5, 5].Sample(x =>
        {
            DoubleDouble t = DoubleDouble.Tanh(FromDouble(x)), twice = DoubleDouble.Tanh(FromDouble(x) + FromDouble(x));
            return Math.Abs((twice * (FromInteger(1) + t * t) - (t + t)).High) < 1e-28;
        }, seed: "0000KvgL7tO4", iter: 2000);

    [Theory]
    [InlineData(2.5, 2), InlineData(3.5, 4), InlineData(-0.5, -0.0), InlineData(-1.5, -2), InlineData(0.49999999999999994, 0), InlineData(4503599627370497.5, 4503599627370498), InlineData(-0.0, -0.0)]
    public void Halves_round_to_the_even_integer(double x, double expected) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(DoubleDouble.RoundToEven(FromDouble(x)).High));

    [Theory]
    [InlineData(5, 3, 2), InlineData(-5, 3, 1), InlineData(5, -3, -1), InlineData(-5, -3, -2), InlineData(6, -3, -0.0), InlineData(-6, 3, 0.0)]
    [InlineData(-1, double.PositiveInfinity, double.PositiveInfinity), InlineData(1, double.PositiveInfinity, 1), InlineData(double.PositiveInfinity, 2, double.NaN), InlineData(1, 0, double.NaN)]
    [InlineData(1e300, 7, 1), InlineData(-1e-30, 1, 1)]
    public void A_remainder_has_the_divisors_sign(double a, double b, double expected)
    {
        Assert.Equal(expected.ToString(CultureInfo.InvariantCulture), DoubleDouble.Remainder(FromDouble(a), FromDouble(b)).High.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(expected.ToString(CultureInfo.InvariantCulture), Real.Remainder(Real.FromDouble(a), Real.FromDouble(b)).Value.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_fused_product_and_sum_of_floats_is_rounded_once() =>
        Gen.Select(Gen.Single, Gen.Single, Gen.Single).Sample((a, b, c) =>
        {
            float right = MathF.FusedMultiplyAdd(a, b, c);
            uint real = (uint)Real.Round(Real.FusedMultiplyAdd(new(a), new(b), new(c)), DType.F32);
            uint pair = (uint)DoubleDouble.Round(DoubleDouble.FusedMultiplyAdd(FromDouble(a), FromDouble(b), FromDouble(c)), DType.F32);
            Assert.Equal((right, right), (BitConverter.UInt32BitsToSingle(real), BitConverter.UInt32BitsToSingle(pair)));
        }, seed: "0000KvgL7tO4", iter: 50_000);

    [Fact]
    public void A_product_that_the_sum_nearly_cancels_is_not_rounded_before()
    {
        // 1 + 2^-23 squared, less its own rounding: what is left is the rounding's error, 2^-46.
        float a = 1 + 1.1920929e-7f, c = -(a * a);
        Assert.Equal(Math.ScaleB(1, -46), Real.FusedMultiplyAdd(new(a), new(a), new(c)).Value);
        double b = 1 + Math.ScaleB(1, -52);
        Assert.Equal(Math.ScaleB(1, -104), DoubleDouble.FusedMultiplyAdd(FromDouble(b), FromDouble(b), FromDouble(-(b * b))).High);
        // Between two floats, and a little: through f64 it would be a tie.
        Assert.Equal(1.0000001f, BitConverter.UInt32BitsToSingle((uint)Real.Round(Real.FusedMultiplyAdd(new(Math.ScaleB(1, -12)), new(Math.ScaleB(1, -12) + Math.ScaleB(1, -35)), new(1)), DType.F32)));
    }

    private static DoubleDouble FromDouble(double x) => DoubleDouble.FromDouble(x);

    private static DoubleDouble FromInteger(int x) => DoubleDouble.FromInteger(x);

    // Numbers are counted in units of 2^-1500.
    private const int Point = 1500;

    private static void AssertClose(BigInteger expected, DoubleDouble found, int bits = 95) =>
        Assert.True(BigInteger.Abs(Exact(found.High) + Exact(found.Low) - expected) << bits <= BigInteger.Abs(expected), $"{found}");

    private static BigInteger Decimal(string digits)
    {
        string[] parts = digits.Split('e'), point = parts[0].Split('.');
        int exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - point[1].Length;
        var units = BigInteger.Parse(point[0] + point[1], CultureInfo.InvariantCulture) << Point;
        return exponent >= 0 ? units * BigInteger.Pow(10, exponent) : units / BigInteger.Pow(10, -exponent);
    }

    private static BigInteger Exact(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52 & 0x7FF);
        BigInteger units = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        return (units << (Math.Max(1, exponent) - 1075 + Point)) * (x < 0 ? -1 : 1);
    }
}
