using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>Matrix products: any order and contraction passes, narrower inputs and accumulators do not.</summary>
public class ProductTests
{
    private const int Rows = 4, Columns = 3;

    private delegate float Dot(Func<int, float> a, Func<int, float> b, int k);

    private static float Chain(Func<int, float> a, Func<int, float> b, int k)
    {
        float total = 0;
        for (int i = 0; i < k; i++) total += a(i) * b(i);
        return total;
    }

    private static float Fused(Func<int, float> a, Func<int, float> b, int k)
    {
        float total = 0;
        for (int i = k - 1; i >= 0; i--) total = MathF.FusedMultiplyAdd(a(i), b(i), total);
        return total;
    }

    private static float Split(Func<int, float> a, Func<int, float> b, int k)
    {
        float[] parts = new float[16];
        for (int i = 0; i < k; i++) parts[i % 16] = MathF.FusedMultiplyAdd(a(i), b(i), parts[i % 16]);
        float total = 0;
        foreach (float part in parts) total += part;
        return total;
    }

    private static float Cut(float x) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) & 0xFFFFE000);

    private static float Tf32(Func<int, float> a, Func<int, float> b, int k) => Chain(i => Cut(a(i)), i => Cut(b(i)), k);

    private static float High(float x) => (float)(BFloat16)x;

    // Each operand as three bfloat16, the products of the two lowest pairs left out.
    private static float Bf16x3(Func<int, float> a, Func<int, float> b, int k)
    {
        float total = 0;
        for (int i = 0; i < k; i++)
        {
            float ah = High(a(i)), al = High(a(i) - ah), bh = High(b(i)), bl = High(b(i) - bh);
            total += ah * bh + (ah * bl + al * bh);
        }
        return total;
    }

    private static float HalfAccumulator(Func<int, float> a, Func<int, float> b, int k)
    {
        Half total = default;
        for (int i = 0; i < k; i++) total = (Half)((float)total + a(i) * b(i));
        return (float)total;
    }

    private static JudgeResult Run(DType dtype, string fill, Dot dot, int k = 4097, long seed = 7)
    {
        using var trial = new Trial(CoreOperators.MatMul, dtype, [[Rows, k], [k, Columns]], fill, seed);
        Operand a = trial.Inputs[0], b = trial.Inputs[1];
        return trial.Write(i => dot(t => (float)a.Real(i / Columns * k + t), t => (float)b.Real(t * Columns + i % Columns), k)).Judge();
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    public void Every_order_and_contraction_passes(DType dtype)
    {
        foreach (string fill in (string[])["integers", "integers-precise", "uniform", "normal", "drift", "special"])
            foreach (int k in (int[])[1, 2, 33, 1000])
                foreach (long seed in (long[])[6, 7])
                    foreach (Dot dot in (Dot[])[Chain, Fused, Split])
                        Assert.True(Run(dtype, fill, dot, k, seed).Passed, $"{fill} {k} {seed}");
    }

    [Fact]
    public void Inputs_cut_to_tf32_fail_where_reals_are_blind()
    {
        Assert.False(Run(DType.F32, "integers-precise", Tf32).Passed);
        Assert.False(Run(DType.F32, "uniform", Tf32, k: 64).Passed);
        Assert.True(Run(DType.F32, "integers", Tf32).Passed);
    }

    [Fact]
    public void Inputs_split_into_narrow_parts_fail_with_one_full_product() => Assert.False(Run(DType.F32, "integers-precise", Bf16x3, seed: 6).Passed);

    [Fact]
    public void An_f16_accumulator_fails_for_f16()
    {
        Assert.False(Run(DType.F16, "integers-precise", HalfAccumulator).Passed);
        Assert.False(Run(DType.F16, "uniform", HalfAccumulator).Passed);
        Assert.True(Run(DType.F16, "integers", HalfAccumulator).Passed);
    }

    [Fact]
    public void A_skipped_last_term_fails_for_every_dtype()
    {
        foreach (var dtype in (DType[])[DType.F16, DType.BF16, DType.F32])
            Assert.False(Run(dtype, "integers", (a, b, k) => Chain(a, b, k - 1)).Passed, dtype.Name);
    }

    [Fact]
    public void Zero_times_infinity_is_not_skipped()
    {
        using var trial = new Trial(CoreOperators.MatMul, [new Operand(DType.F32, [1, 2], Trial.Of(DType.F32, 0, 1).Data), new Operand(DType.F32, [2, 1], Trial.Of(DType.F32, double.PositiveInfinity, 1).Data)]);
        Assert.True(trial.Write(_ => double.NaN).Judge().Passed);
        Assert.Equal("NaN lost", trial.Write(_ => 1).Judge().Reason);
    }

    [Fact]
    public void Integers_wrap()
    {
        using var trial = new Trial(CoreOperators.MatMul, DType.I8, [[2, 99], [99, 2]], "uniform");
        trial.Write(i => unchecked((sbyte)Enumerable.Range(0, 99).Sum(t => trial.Inputs[0].Integer(i / 2 * 99 + t) * trial.Inputs[1].Integer(t * 2 + i % 2))));
        Assert.True(trial.Judge().Passed);
        trial.Output.SetBits(3, trial.Output.Bits(3) ^ 0x40);
        Assert.False(trial.Judge().Passed);
    }
}
