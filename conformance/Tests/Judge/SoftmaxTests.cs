using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>Softmax: the bound that its decomposition earns on tracked numbers, against fused kernels and against faults.</summary>
public class SoftmaxTests
{
    private const float Log2E = 1.44269504f;

    private delegate void Kernel(float[] x, float[] y);

    // An exponential that is up to 3 ulp off, differently for each argument; exp(0) = 1.
    private static float Exp(double t)
    {
        float right = (float)Math.Exp(t);
        if (t == 0) return right;
        int off = (int)(BitConverter.DoubleToUInt64Bits(t) * 0x9E3779B97F4A7C15 >> 61) % 7 - 3;
        return right == 0 ? 0 : BitConverter.Int32BitsToSingle(Math.Max(0, BitConverter.SingleToInt32Bits(right) + off));
    }

    private static void TwoPass(float[] x, float[] y)
    {
        float max = x.Max(), sum = 0;
        for (int i = 0; i < x.Length; i++) sum += y[i] = Exp(x[i] - max);
        for (int i = 0; i < x.Length; i++) y[i] /= sum;
    }

    private static void BaseTwo(float[] x, float[] y)
    {
        float max = x.Max(), sum = 0;
        for (int i = 0; i < x.Length; i++) sum += y[i] = Exp((x[i] - max) * Log2E * Math.Log(2));
        for (int i = 0; i < x.Length; i++) y[i] /= sum;
    }

    private static void Flash(float[] x, float[] y)
    {
        float max = x.Max(), scaled = -max * Log2E, sum = 0;
        for (int i = 0; i < x.Length; i++) sum += y[i] = Exp(MathF.FusedMultiplyAdd(x[i], Log2E, scaled) * Math.Log(2));
        float inverse = 1 / sum;
        for (int i = 0; i < x.Length; i++) y[i] *= inverse;
    }

    private static void Online(float[] x, float[] y)
    {
        float max = float.NegativeInfinity, sum = 0;
        for (int start = 0; start < x.Length; start += 16)
        {
            float block = Math.Max(max, x.Skip(start).Take(16).Max());
            sum *= Exp(max - block);
            for (int i = start; i < Math.Min(start + 16, x.Length); i++) sum += Exp(x[i] - block);
            max = block;
        }
        for (int i = 0; i < x.Length; i++) y[i] = Exp(x[i] - max) / sum;
    }

    private static void HalfSum(float[] x, float[] y)
    {
        float max = x.Max();
        Half sum = default;
        for (int i = 0; i < x.Length; i++) sum = (Half)((float)sum + (y[i] = Exp(x[i] - max)));
        for (int i = 0; i < x.Length; i++) y[i] /= (float)sum;
    }

    private static void Bf16Exp(float[] x, float[] y)
    {
        float max = x.Max(), sum = 0;
        for (int i = 0; i < x.Length; i++) sum += y[i] = (float)(BFloat16)Exp(x[i] - max);
        for (int i = 0; i < x.Length; i++) y[i] /= sum;
    }

    private static void LastMissing(float[] x, float[] y)
    {
        float max = x.Max(), sum = 0;
        for (int i = 0; i < x.Length; i++) sum += (y[i] = Exp(x[i] - max)) * (i == x.Length - 1 ? 0 : 1);
        for (int i = 0; i < x.Length; i++) y[i] /= sum;
    }

    private static JudgeResult Run(Kernel kernel, int n, double spread, DType dtype = DType.F32)
    {
        var x = Operand.Zeros(dtype, [2, n]);
        var normal = new Operand(DType.F64, [2, n], Fill.Make("normal", 1, DType.F64, [2, n], 3, default));
        for (int i = 0; i < 2 * n; i++) x.Set(i, normal.Real(i) * spread);
        using var trial = new Trial(CoreOperators.Softmax, [x], "normal");
        for (int row = 0; row < 2; row++)
        {
            float[] values = new float[n], result = new float[n];
            for (int i = 0; i < n; i++) values[i] = (float)x.Real(row * n + i);
            kernel(values, result);
            for (int i = 0; i < n; i++) trial.Output.Set(row * n + i, result[i]);
        }
        return trial.Judge();
    }

    [Theory]
    [InlineData(16)]
    [InlineData(1024)]
    [InlineData(4096)]
    public void Right_kernels_pass_in_every_form(int n)
    {
        foreach (double spread in (double[])[1, 5, 20])
            foreach (Kernel kernel in (Kernel[])[TwoPass, BaseTwo, Flash, Online])
            {
                var result = Run(kernel, n, spread);
                Assert.True(result is { Passed: true, Margin: < 0.8 }, $"{kernel.Method.Name} {n} {spread}: {result.Margin}");
            }
    }

    [Fact]
    public void Narrow_sums_narrow_exponentials_and_lost_terms_fail()
    {
        foreach (int n in (int[])[16, 1024])
        {
            Assert.False(Run(HalfSum, n, 1).Passed);
            Assert.False(Run(Bf16Exp, n, 1).Passed);
            Assert.False(Run(LastMissing, n, 1).Passed);
        }
    }

    [Theory]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    public void Sixteen_bits_are_computed_in_f32_and_rounded_once(DType dtype)
    {
        foreach (Kernel kernel in (Kernel[])[TwoPass, BaseTwo, Flash, Online]) Assert.True(Run(kernel, 300, 5, dtype).Passed);
        Assert.False(Run(Bf16Exp, 300, 5, DType.F16).Passed);
    }

    [Fact]
    public void The_bound_is_of_the_size_of_the_closed_form()
    {
        foreach (int n in (int[])[16, 300, 4096])
            foreach (double spread in (double[])[1, 5])
            {
                var x = new Operand(DType.F32, [n], Fill.Make("normal", 1, DType.F32, [n], 3, default));
                for (int i = 0; i < n; i++) x.Set(i, x.Real(i) * spread);
                using var trial = new Trial(CoreOperators.Softmax, [x], "normal");
                Answer answer;
                unsafe { answer = Oracle.Expect(trial.Operator, trial.Attributes, trial.Inputs, "normal")[0]; }
                double max = Enumerable.Range(0, n).Max(i => x.Real(i)), sum = Enumerable.Range(0, n).Sum(i => Math.Exp(x.Real(i) - max));
                double mean = Enumerable.Range(0, n).Sum(i => Math.Exp(x.Real(i) - max) / sum * (max - x.Real(i)));
                for (int i = 0; i < n; i++)
                {
                    double t = max - x.Real(i), p = Math.Exp(-t) / sum;
                    double closed = FloatFormat.F32.UnitRoundoff * p * (32 + Growth.Blocked(n) + 4 * t + 4 * mean) + FloatFormat.F32.SmallestNormal;
                    Assert.InRange(answer.Bound(i).Value / closed, 0.75, 1.01);
                }
            }
    }

    [Fact]
    public void Minus_infinity_gives_zero_and_rows_without_a_largest_number_give_nan()
    {
        double inf = double.PositiveInfinity;
        using var trial = new Trial(CoreOperators.Softmax, [new Operand(DType.F32, [3, 2], Trial.Of(DType.F32, -inf, 5, -inf, -inf, inf, 1).Data)]);
        double[] right = [0, 1, double.NaN, double.NaN, double.NaN, double.NaN];
        Assert.True(trial.Write(i => right[i]).Judge().Passed);
        Assert.False(trial.Write(i => i == 0 ? 1e-45 : right[i]).Judge().Passed);
        Assert.False(trial.Write(i => i == 4 ? 1 : right[i]).Judge().Passed);
    }

    [Fact]
    public void Logits_at_both_ends_of_the_range_leave_the_bound_finite()
    {
        using var trial = new Trial(CoreOperators.Softmax, [Trial.Of(DType.F32, float.MaxValue, -float.MaxValue, 3)]);
        Assert.True(trial.Write(i => i == 0 ? 1 : 0).Judge() is { Passed: true, Vacuous: not "all zeros would pass" });
        Assert.False(trial.Write(_ => 0).Judge().Passed);
    }

    [Fact]
    public void Rows_without_elements_have_no_answer_to_miss()
    {
        using var trial = new Trial(CoreOperators.Softmax, DType.F32, [[3, 0, 2]], "uniform");
        Assert.True(trial.Judge() is { Passed: true, Elements: 0, At: null });
    }
}
