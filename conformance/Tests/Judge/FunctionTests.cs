using System.Globalization;
using Backends.Reference;
using CsCheck;
using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>Functions of one and two numbers: what is right at the ends, and how far an operand's error goes.</summary>
public class FunctionTests
{
    [Theory]
    [InlineData("sigmoid", double.NegativeInfinity, "0", "-0 NaN 1e-45")]
    [InlineData("sigmoid", double.PositiveInfinity, "1", "0.99999994 NaN")]
    [InlineData("sigmoid", double.NaN, "NaN", "0 1")]
    [InlineData("silu", double.NegativeInfinity, "NaN 0 -0", "-Infinity -1e-45")]
    [InlineData("silu", double.PositiveInfinity, "Infinity", "NaN 3e38")]
    [InlineData("silu", double.NaN, "NaN", "0 -0")]
    [InlineData("gelu", double.NegativeInfinity, "NaN 0 -0", "-Infinity")]
    [InlineData("gelu", -5.0, "-1.4332864e-6 -1.4901161e-6", "-9e-6 1e-5")]
    [InlineData("sigmoid", -90.0, "8.194013e-40 0", "1e-37")]
    [InlineData("log", 1.0, "0", "-0 1e-45")]
    [InlineData("log", -0.0, "-Infinity", "NaN")]
    [InlineData("rsqrt", -0.0, "-Infinity", "Infinity NaN")]
    [InlineData("sqrt", -1.0, "NaN", "0 -0")]
    [InlineData("tanh", double.PositiveInfinity, "1", "0.99999994")]
    [InlineData("tanh", 1e-20, "1e-20", "0 1.00001e-20")]
    [InlineData("sin", 1e30, "-0.79116344", "0 -0.79")]
    [InlineData("round", -0.4, "-0", "0 -1")]
    public void Right_and_wrong_answers_of_a_function_of_f32(string op, double x, string right, string wrong) => Judged(op, [x], right, wrong);

    // C11 F.10.4.4, line by line.
    [Theory]
    [InlineData(double.NaN, -0.0, "1")]
    [InlineData(1.0, double.NaN, "1")]
    [InlineData(-1.0, double.NegativeInfinity, "1")]
    [InlineData(-0.0, -3.0, "-Infinity")]
    [InlineData(-0.0, -2.0, "Infinity")]
    [InlineData(-0.0, 3.0, "-0")]
    [InlineData(-0.0, 2.5, "0")]
    [InlineData(0.5, double.NegativeInfinity, "Infinity")]
    [InlineData(0.5, double.PositiveInfinity, "0")]
    [InlineData(-2.0, double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, -3.0, "-0")]
    [InlineData(double.NegativeInfinity, 3.0, "-Infinity")]
    [InlineData(double.NegativeInfinity, 2.5, "Infinity")]
    [InlineData(-8.0, 3.0, "-512")]
    [InlineData(-8.0, 0.3333333432674408, "NaN")]
    [InlineData(double.NaN, 1.0, "NaN")]
    public void Powers_have_the_answers_of_C11(double a, double b, string right) =>
        Judged("pow", [a, b], right, right switch { "NaN" => "0 1", "0" => "-0 NaN", "-0" => "0 NaN", "1" => "NaN 1.00001", "Infinity" => "-Infinity NaN", "-Infinity" => "Infinity NaN", _ => "512 NaN" });

    private static void Judged(string name, double[] operands, string right, string wrong)
    {
        using var trial = new Trial(CoreOperators.All.First(o => o.Name == name), [.. operands.Select(x => Trial.Of(DType.F32, x))]);
        foreach (string answer in right.Split(' ')) Assert.True(trial.Write(_ => Number(answer)).Judge().Passed, $"{answer} is right");
        foreach (string answer in wrong.Split(' ')) Assert.False(trial.Write(_ => Number(answer)).Judge().Passed, $"{answer} is wrong");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("sqrt", 0.5, 1000)]
    [InlineData("log", 0.5, 1000)]
    [InlineData("exp", -5, 5)]
    [InlineData("sin", -100, 100)]
    [InlineData("tanh", -3, 3)]
    [InlineData("erf", -3, 3)]
    [InlineData("round", -100, 100)]
    public void An_operands_error_goes_no_further_than_is_said(string name, double low, double high) =>
        Gen.Select(Gen.Double[low, high], Gen.Double[-1, 1], Gen.Double[1e-6, 0.1]).Sample((x, part, error) =>
        {
            Func<Tracked, Tracked> f = name switch { "sqrt" => Tracked.Sqrt, "log" => Tracked.Log, "exp" => Tracked.Exp, "sin" => Tracked.Sin, "tanh" => Tracked.Tanh, "erf" => Tracked.Erf, _ => Tracked.RoundToEven };
            var right = f(Tracked.Of(DoubleDouble.FromDouble(x), error, false));
            double off = f(Tracked.FromDouble(x + part * error)).Value.High - right.Value.High;
            return Math.Abs(off) <= right.Error * (1 + 1e-6);
        }, seed: "0000KvgL7tO4", iter: 5000);

    [Fact]
    public void Errors_of_powers_remainders_and_fused_products_go_no_further_than_is_said() =>
        Gen.Select(Gen.Double[1, 9], Gen.Double[1, 5], Gen.Double[-1, 1], Gen.Double[0, 1e-3]).Sample((a, b, part, error) =>
        {
            Tracked x = Tracked.Of(DoubleDouble.FromDouble(a), error, false), y = Tracked.Of(DoubleDouble.FromDouble(b), error, false);
            Tracked u = Tracked.FromDouble(a + part * error), v = Tracked.FromDouble(b - part * error);
            static bool Within(Tracked right, Tracked off) => Math.Abs(off.Value.High - right.Value.High) <= right.Error + 1e-12 * Math.Abs(right.Value.High);
            return Within(Tracked.Pow(x, y), Tracked.Pow(u, v)) && Within(Tracked.Remainder(x, y), Tracked.Remainder(u, v)) && Within(Tracked.FusedMultiplyAdd(x, y, x), Tracked.FusedMultiplyAdd(u, v, u));
        }, seed: "0000KvgL7tO4", iter: 5000);
}
