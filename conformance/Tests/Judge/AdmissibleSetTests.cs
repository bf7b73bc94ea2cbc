using Backends.Reference;
using CsCheck;
using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>The laws that make a set of right results fair, and the ones that keep it small.</summary>
public class AdmissibleSetTests
{
    private static readonly FloatFormat[] s_formats = [FloatFormat.F64, FloatFormat.F32, FloatFormat.F16, FloatFormat.BF16];

    [Fact]
    public void Whatever_lies_within_the_error_is_rounded_into_the_set() =>
        Gen.Select(Gen.Double[-70_000, 70_000], Gen.Double[0, 0.1], Gen.Double[-1, 1], Gen.Int[0, 3]).Sample((r, relative, place, which) =>
        {
            double error = Math.Abs(r) * relative;
            var set = new AdmissibleSet(BoundKind.RunningError, s_formats[which], r, 0, error);
            double g = s_formats[which].Round(r + place * error * (1 - 1e-12));
            Assert.True(set.Admits(g) && set.Margin(g) <= 1);
        }, seed: "0000KX5QVd62", iter: 20_000);

    [Fact]
    public void What_lies_an_ulp_beyond_the_error_is_not_in_the_set() =>
        Gen.Select(Gen.Double[1, 2000], Gen.Double[0, 0.1], Gen.Bool, Gen.Int[0, 3]).Sample((r, relative, above, which) =>
        {
            var format = s_formats[which];
            double error = r * relative, edge = above ? r + error : r - error, beyond = 1.6 * format.Ulp(edge);
            var set = new AdmissibleSet(BoundKind.RunningError, format, r, 0, error);
            double g = format.Round(above ? edge + beyond : edge - beyond);
            Assert.True(!set.Admits(g) && set.Margin(g) > 1);
        }, seed: "0000KX5QVd62", iter: 20_000);

    [Fact]
    public void The_nearest_value_is_always_right() => Gen.Select(Gen.Double.Where(double.IsFinite), Gen.Int[0, 3], Gen.Enum<BoundKind>()).Sample((r, which, kind) =>
    {
        var set = new AdmissibleSet(kind, s_formats[which], r, 0, 0);
        Assert.True(set.Admits(set.Nearest));
        Assert.Equal(0, set.Margin(set.Nearest));
    }, seed: "0000KX5QVd62", iter: 20_000);

    [Fact]
    public void Errors_of_operands_stay_within_the_error_of_the_result() =>
        Gen.Select(Gen.Double[-20, 20], Gen.Double[0.5, 20], Gen.Double[0, 0.2], Gen.Double[-1, 1], Gen.Double[-1, 1]).Sample((a, b, error, first, second) =>
        {
            Tracked x = Tracked.Of(new DoubleDouble(a, 0), error, false), y = Tracked.Of(new DoubleDouble(b, 0), error, false);
            double p = a + first * error, q = b + second * error;
            Near(x + y, p + q);
            Near(x - y, p - q);
            Near(x * y, p * q);
            Near(x / y, p / q);
            Near(Tracked.Exp(x), Math.Exp(p));
        }, seed: "0000KX5QVd62", iter: 20_000);

    [Fact]
    public void Near_the_largest_number_infinity_is_right_only_within_the_bound()
    {
        double largest = float.MaxValue;
        Assert.True(new AdmissibleSet(BoundKind.Ulp, FloatFormat.F32, largest, 0, 3 * FloatFormat.F32.Ulp(largest)).Admits(double.PositiveInfinity));
        Assert.False(new AdmissibleSet(BoundKind.Ulp, FloatFormat.F32, largest * 0.9, 0, 3 * FloatFormat.F32.Ulp(largest)).Admits(double.PositiveInfinity));
        Assert.False(new AdmissibleSet(BoundKind.CorrectlyRounded, FloatFormat.F32, largest, 0, 0).Admits(double.PositiveInfinity));
    }

    private static void Near(Tracked result, double perturbed) =>
        Assert.True(Math.Abs(result.Value.High - perturbed) <= result.Error + 1e-12 * Math.Abs(result.Value.High) + 1e-14, $"{result} {perturbed}");
}
