using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>Sums: every order passes, a narrow accumulator and a lost or double term do not.</summary>
public class SumTests
{
    private static Trial Of(string fill, long n = 4097, DType dtype = DType.F32, long seed = 7) => new(CoreOperators.Sum, dtype, [[3, n]], fill, seed, ("dim", "1"));

    private static float Sequential(ReadOnlySpan<float> x)
    {
        float total = 0;
        foreach (float value in x) total += value;
        return total;
    }

    private static float Pairwise(ReadOnlySpan<float> x) => x.Length < 3 ? Sequential(x) : Pairwise(x[..(x.Length / 2)]) + Pairwise(x[(x.Length / 2)..]);

    private static float Lanes(ReadOnlySpan<float> x)
    {
        float[] lanes = new float[32];
        for (int i = 0; i < x.Length; i++) lanes[i % 32] += x[i];
        return Sequential(lanes);
    }

    private static float Half16(ReadOnlySpan<float> x)
    {
        Half total = default;
        foreach (float value in x) total = (Half)((float)total + value);
        return (float)total;
    }

    private delegate float Kernel(ReadOnlySpan<float> x);

    private static JudgeResult Run(string fill, Kernel kernel, long n = 4097, long seed = 7)
    {
        using var trial = Of(fill, n, seed: seed);
        float[] x = trial.Floats(0);
        return trial.Write(row => kernel(x.AsSpan((int)(row * n), (int)n))).Judge();
    }

    [Theory]
    [InlineData("integers")]
    [InlineData("integers-precise")]
    [InlineData("uniform")]
    [InlineData("normal")]
    [InlineData("drift")]
    [InlineData("ones")]
    [InlineData("special")]
    public void Every_order_of_summation_passes(string fill)
    {
        foreach (long n in (long[])[1, 2, 33, 5000])
            foreach (long seed in (long[])[6, 7])
                foreach (Kernel kernel in (Kernel[])[Sequential, Pairwise, Lanes])
                    Assert.True(Run(fill, kernel, n, seed) is { Passed: true, Margin: < 0.6 } or { Passed: true, Elements: < 4 }, $"{fill} {n} {seed}");
    }

    [Theory]
    [InlineData("integers-precise")]
    [InlineData("uniform")]
    [InlineData("normal")]
    [InlineData("drift")]
    public void An_f16_accumulator_fails(string fill)
    {
        var result = Run(fill, Half16);
        Assert.False(result.Passed);
        Assert.True(result.Margin > 3);
    }

    [Fact]
    public void A_lost_last_term_fails()
    {
        Assert.False(Run("integers", x => Sequential(x[..^1])).Passed);
        Assert.False(Run("uniform", x => Sequential(x[..^1]), n: 1000).Passed);
    }

    [Fact]
    public void A_bound_is_explained_with_its_own_numbers()
    {
        var bound = Run("uniform", Sequential).Bound!;
        Assert.Equal(BoundKind.RunningError, bound.Kind);
        Assert.StartsWith("6·√(n-1)·u·Σ|x| = 384 · 2^-24 · ", bound.Derivation);
        Assert.Equal("docs/accuracy.md#sum", bound.Anchor);
    }

    [Fact]
    public void A_last_element_of_a_row_that_is_never_written_is_named()
    {
        using var trial = new Trial(CoreOperators.Add, DType.F32, [[5, 33], [5, 33]], "integers");
        float[] a = trial.Floats(0), b = trial.Floats(1);
        for (int i = 0; i < a.Length; i++)
            if (i % 33 != 32) trial.Output.Set(i, a[i] + b[i]);
        var result = trial.Judge();
        Assert.False(result.Passed);
        Assert.Equal("unwritten elements (poison): the last element of a row", result.Reason);
        Assert.Equal([0L, 32L], result.At!);
        Assert.Equal(5, result.Bad);
    }

    [Theory]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    public void Sixteen_bits_are_added_in_f32_and_rounded_once(DType dtype)
    {
        foreach (string fill in (string[])["integers", "integers-precise", "uniform", "normal"])
        {
            using var trial = Of(fill, 4097, dtype, seed: 8);
            var format = FloatFormat.Of(dtype);
            trial.Write(row => { float s = 0; for (int i = 0; i < 4097; i++) s += (float)trial.Inputs[0].Real(row * 4097 + i); return s; });
            Assert.True(trial.Judge().Passed, fill);
            trial.Write(row => { double s = 0; for (int i = 0; i < 4097; i++) s = format.Round(s + trial.Inputs[0].Real(row * 4097 + i)); return s; });
            Assert.Equal(fill == "integers", trial.Judge().Passed);
        }
    }

    [Fact]
    public void Integers_are_added_modulo_2_to_the_64()
    {
        using var trial = new Trial(CoreOperators.Sum, DType.I64, [[2, 100]], "uniform", 7, ("dim", "1"));
        long Row(long row, int count) => Enumerable.Range(0, count).Aggregate(0L, (s, i) => unchecked(s + trial.Inputs[0].Integer(row * 100 + i)));
        for (int row = 0; row < 2; row++) trial.Output.SetBits(row, (ulong)Row(row, 100));
        Assert.True(trial.Judge().Passed);
        for (int row = 0; row < 2; row++) trial.Output.SetBits(row, (ulong)Row(row, 99));
        Assert.False(trial.Judge().Passed);
    }

    [Fact]
    public void An_overflow_that_depends_on_the_order_passes_and_another_does_not()
    {
        using var trial = new Trial(CoreOperators.Sum, [Trial.Of(DType.F32, float.MaxValue, float.MaxValue, -float.MaxValue)]);
        Assert.True(trial.Write(_ => double.PositiveInfinity).Judge().Passed);
        Assert.True(trial.Write(_ => float.MaxValue).Judge().Passed);
        Assert.False(trial.Write(_ => 0).Judge().Passed);
        using var small = new Trial(CoreOperators.Sum, [Trial.Of(DType.F32, 1, 2, 3)]);
        Assert.False(small.Write(_ => double.PositiveInfinity).Judge().Passed);
    }
}
