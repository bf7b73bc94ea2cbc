using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>One result an element: rounding, units in the last place, signs of zero, and what NaN and the infinities become.</summary>
public class ElementwiseTests
{
    private static readonly DType[] s_floats = [DType.F16, DType.BF16, DType.F32, DType.F64];

    private static double Moved(DType dtype, double value, int ulps)
    {
        var format = FloatFormat.Of(dtype);
        for (; ulps > 0; ulps--) value = format.Round(value + format.Ulp(value));
        return value;
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(5, false)]
    public void Exp_may_be_4_ulp_off_in_f32(int ulps, bool passes)
    {
        using var trial = new Trial(CoreOperators.Exp, DType.F32, [[99]], "uniform");
        var result = trial.Write(i => Moved(DType.F32, FloatFormat.F32.Round(Math.Exp(trial.Inputs[0].Real(i))), ulps)).Judge();
        Assert.Equal(passes, result.Passed);
        Assert.InRange(result.Ulps, ulps - 0.6, ulps + 0.6);
    }

    [Theory]
    [InlineData(DType.F64, 2, true)]
    [InlineData(DType.F64, 4, false)]
    [InlineData(DType.F16, 1, true)]
    [InlineData(DType.F16, 3, false)]
    [InlineData(DType.BF16, 1, true)]
    [InlineData(DType.BF16, 3, false)]
    public void Exp_has_its_own_limit_for_each_width(DType dtype, int ulps, bool passes)
    {
        using var trial = new Trial(CoreOperators.Exp, dtype, [[99]], "uniform");
        Assert.Equal(passes, trial.Write(i => Moved(dtype, FloatFormat.Of(dtype).Round(Math.Exp(trial.Inputs[0].Real(i))), ulps)).Judge().Passed);
    }

    [Theory]
    [InlineData(0.0, 1.0000001192092896)]
    [InlineData(double.NegativeInfinity, -0.0)]
    [InlineData(double.NegativeInfinity, 1e-45)]
    [InlineData(double.PositiveInfinity, 3e38)]
    [InlineData(double.NaN, 1.0)]
    [InlineData(-100.0, 0.0)]
    [InlineData(1.0, double.NaN)]
    public void A_stated_answer_of_exp_is_wanted_exactly(double x, double wrong)
    {
        using var trial = new Trial(CoreOperators.Exp, [Trial.Of(DType.F32, x)]);
        Assert.True(trial.Write(_ => Math.Exp(x)).Judge().Passed);
        Assert.False(trial.Write(_ => wrong).Judge().Passed);
    }

    [Fact]
    public void Dotnets_exp_passes_over_the_whole_range()
    {
        foreach (var dtype in s_floats)
            foreach (string fill in (string[])["special", "uniform", "integers"])
            {
                using var trial = new Trial(CoreOperators.Exp, dtype, [[1999]], fill);
                var result = trial.Write(i => Math.Exp(trial.Inputs[0].Real(i))).Judge();
                Assert.True(result.Passed, $"{dtype} {fill}: {result.Reason} at {result.At?[0]}: {result.Expected} {result.Actual}, x = {trial.Inputs[0].Real(result.At![0])}");
            }
    }

    [Fact]
    public void Arithmetic_is_correctly_rounded_and_nothing_else_passes()
    {
        foreach (var dtype in s_floats)
            foreach (string fill in (string[])["integers", "integers-precise", "uniform", "normal", "special"])
            {
                var format = FloatFormat.Of(dtype);
                foreach (var (op, f) in ((Operator, Func<double, double, double>)[])[(CoreOperators.Add, (a, b) => a + b), (CoreOperators.Sub, (a, b) => a - b), (CoreOperators.Mul, (a, b) => a * b)])
                {
                    using var trial = new Trial(op, dtype, [[7, 65], [65]], fill);
                    double At(long i) => f(trial.Inputs[0].Real(i), trial.Inputs[1].Real(i % 65));
                    var result = trial.Write(At).Judge();
                    Assert.True(result.Passed, $"{op} {dtype} {fill}: {result.Reason}");
                    // Special values come densely: the neighbour's answer may be this element's.
                    if (fill == "special") continue;
                    trial.Write(i => i == 100 ? Moved(dtype, format.Round(At(102)), 1) + 1 : At(i));
                    Assert.False(trial.Judge().Passed, $"{op} {dtype} {fill}");
                }
            }
    }

    [Fact]
    public void The_sign_of_a_zero_counts_in_differences_and_not_in_maxima()
    {
        using var sub = new Trial(CoreOperators.Sub, [Trial.Of(DType.F32, 1), Trial.Of(DType.F32, 1)]);
        Assert.True(sub.Write(_ => 0.0).Judge().Passed);
        Assert.Equal("wrong sign of zero", sub.Write(_ => -0.0).Judge().Reason);
        using var relu = new Trial(CoreOperators.Relu, [Trial.Of(DType.F32, -0.0, -3, 2)]);
        Assert.True(relu.Write(i => i == 2 ? 2 : -0.0).Judge().Passed);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void A_quotient_may_be_3_ulp_off_in_f32(int ulps, bool passes)
    {
        using var trial = new Trial(CoreOperators.Div, [Trial.Of(DType.F32, 1, 7), Trial.Of(DType.F32, 4, 2)]);
        Assert.Equal(passes, trial.Write(i => Moved(DType.F32, i == 0 ? 0.25 : 3.5, ulps)).Judge().Passed);
    }

    [Fact]
    public void Floored_quotients_are_those_of_any_right_quotient()
    {
        using var trial = new Trial(CoreOperators.Div, [Trial.Of(DType.F32, 1, 7, -7, 6, 1e10), Trial.Of(DType.F32, 0.1f, 2, 2, 3, 1)], "special", ("rounding", "floor"));
        Assert.True(trial.Write(i => (double[])[9, 3, -4, 2, 1e10] is var right ? right[i] : 0).Judge().Passed);
        Assert.True(trial.Write(i => (double[])[10, 3, -4, 1, 1e10] is var right ? right[i] : 0).Judge().Passed);
        Assert.False(trial.Write(i => (double[])[10, 3, -3, 2, 1e10] is var right ? right[i] : 0).Judge().Passed);
        Assert.False(trial.Write(i => (double[])[10, 3.5, -4, 2, 1e10] is var right ? right[i] : 0).Judge().Passed);
    }

    [Fact]
    public void Integer_division_by_zero_is_open_for_its_element_alone()
    {
        using var trial = new Trial(CoreOperators.Div, [Trial.Of(DType.I32, 7, 8, int.MinValue), Trial.Of(DType.I32, 0, -3, -1)]);
        Assert.True(trial.Write(i => (double[])[123, -2, int.MinValue] is var right ? right[i] : 0).Judge().Passed);
        Assert.False(trial.Write(i => (double[])[123, -3, int.MinValue] is var right ? right[i] : 0).Judge().Passed);
    }

    [Fact]
    public void A_subnormal_bfloat16_product_may_round_through_f32()
    {
        // 2^-134 + 2^-151: directly above a tie at half a quantum, which f32's own subnormals forget.
        double a = 1 + FloatFormat.Power(-7), b = FloatFormat.Power(-127) * (1 + FloatFormat.Power(-7));
        using var trial = new Trial(CoreOperators.Mul, [Trial.Of(DType.BF16, a * FloatFormat.Power(-7)), Trial.Of(DType.BF16, b)]);
        double exact = trial.Inputs[0].Real(0) * trial.Inputs[1].Real(0);
        Assert.True(trial.Write(_ => FloatFormat.BF16.Round(exact)).Judge().Passed);
        Assert.True(trial.Write(_ => FloatFormat.BF16.Round(FloatFormat.F32.Round(exact))).Judge().Passed);
        Assert.False(trial.Write(_ => FloatFormat.BF16.Round(exact) + FloatFormat.BF16.Quantum).Judge().Passed);
    }

    [Fact]
    public void A_nan_that_is_lost_in_amax_is_found_by_the_special_fill()
    {
        static double Max(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : Math.Max(a, b);
        int found = 0;
        for (long seed = 1; seed <= 16; seed++)
        {
            using var trial = new Trial(CoreOperators.AMax, DType.F32, [[6, 33]], "special", seed, ("dim", "1"));
            double Row(long row, Func<double, double, double> max) => Enumerable.Range(0, 33).Select(i => trial.Inputs[0].Real(row * 33 + i)).Aggregate(max);
            Assert.True(trial.Write(row => Row(row, Max)).Judge().Passed);
            var result = trial.Write(row => Row(row, (a, b) => a > b ? a : b)).Judge();
            if (!result.Passed) Assert.StartsWith("NaN lost", result.Reason);
            found += result.Passed ? 0 : 1;
        }
        Assert.True(found >= 12, $"{found} of 16");
    }
}
