using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>Moved, given, drawn and converted elements: bits decide.</summary>
public class MovedTests
{
    [Fact]
    public void A_copy_keeps_the_payload_of_a_nan()
    {
        using var trial = new Trial(CoreOperators.Copy, DType.F32, [[99]], "special");
        Array.Copy(trial.Inputs[0].Data, trial.Output.Data, trial.Output.Data.Length);
        Assert.True(trial.Judge() is { Passed: true, Vacuous: null });
        int nan = Enumerable.Range(0, 99).First(i => trial.Inputs[0].Bits(i) is 0x7F800001 or 0x7FC00001);
        trial.Output.SetBits(nan, 0x7FC00000);
        Assert.Equal("NaN's payload changed", trial.Judge().Reason);
    }

    [Theory]
    [InlineData(DType.F32, 3e9, DType.I32, 0x7FFFFFFFUL)]
    [InlineData(DType.F32, double.NaN, DType.I32, 0UL)]
    [InlineData(DType.F32, -1.9, DType.I8, 0xFFUL)]
    [InlineData(DType.F64, -129.0, DType.I8, 0x80UL)]
    [InlineData(DType.F32, -5.0, DType.U8, 0UL)]
    [InlineData(DType.F64, 1.9e19, DType.U64, ulong.MaxValue)]
    [InlineData(DType.F64, 9.3e18, DType.I64, (ulong)long.MaxValue)]
    [InlineData(DType.F32, double.NaN, DType.Bool, 1UL)]
    [InlineData(DType.F32, -0.0, DType.Bool, 0UL)]
    [InlineData(DType.F32, 65520.0, DType.F16, 0x7C00UL)]
    [InlineData(DType.F64, 65519.99, DType.F16, 0x7BFFUL)]
    [InlineData(DType.F32, 1e30, DType.F8E4M3, 0x7EUL)]
    [InlineData(DType.F32, double.NegativeInfinity, DType.F8E5M2, 0xFBUL)]
    [InlineData(DType.F32, 1.00390625, DType.BF16, 0x3F80UL)]
    [InlineData(DType.F32, 1.01171875, DType.BF16, 0x3F82UL)]
    [InlineData(DType.I32, 65520.0, DType.F16, 0x7C00UL)]
    [InlineData(DType.I32, 300.0, DType.U8, 44UL)]
    [InlineData(DType.I32, -1.0, DType.U64, ulong.MaxValue)]
    public void A_cast_has_one_answer(DType from, double value, DType to, ulong bits)
    {
        using var trial = new Trial(CoreOperators.Cast, [Trial.Of(from, value)], "special", ("to", to.Name));
        trial.Output.SetBits(0, bits);
        Assert.True(trial.Judge().Passed);
        trial.Output.SetBits(0, bits ^ 1);
        Assert.False(trial.Judge().Passed);
    }

    [Fact]
    public void A_large_integer_becomes_f32_in_one_rounding()
    {
        // 2^54 + 2^30 + 1: through f64 it would be a tie and go down.
        var x = Operand.Zeros(DType.I64, [1]);
        x.SetBits(0, (1UL << 54) + (1UL << 30) + 1);
        using var trial = new Trial(CoreOperators.Cast, [x], "special", ("to", "f32"));
        Assert.True(trial.Write(_ => (double)(1UL << 54) + (1UL << 31)).Judge().Passed);
        Assert.False(trial.Write(_ => (double)(1UL << 54)).Judge().Passed);
    }

    [Fact]
    public void From_f64_to_f16_either_one_rounding_or_two_are_right()
    {
        double value = 1 + FloatFormat.Power(-11) + FloatFormat.Power(-30);
        using var trial = new Trial(CoreOperators.Cast, [Trial.Of(DType.F64, value)], "special", ("to", "f16"));
        Assert.True(trial.Write(_ => 1 + FloatFormat.Power(-10)).Judge().Passed);
        Assert.True(trial.Write(_ => 1).Judge().Passed);
        Assert.False(trial.Write(_ => 1 - FloatFormat.Power(-11)).Judge().Passed);
    }

    [Fact]
    public void A_slice_takes_every_step_th_element_backwards_too()
    {
        using var trial = new Trial(CoreOperators.Slice, DType.I32, [[2, 9]], "integers", 7, ("dim", "1"), ("start", "7"), ("stop", "0"), ("step", "-2"));
        Assert.Equal([2L, 4L], trial.Output.Shape);
        for (int i = 0; i < 8; i++) trial.Output.SetBits(i, trial.Inputs[0].Bits(i / 4 * 9 + 7 - 2 * (i % 4)));
        Assert.True(trial.Judge() is { Passed: true, Vacuous: null });
        trial.Output.SetBits(3, trial.Inputs[0].Bits(0));
        Assert.False(trial.Judge().Passed);
    }

    [Fact]
    public void Nonzero_wants_positions_in_order_and_their_number()
    {
        using var trial = new Trial(CoreOperators.Nonzero, [Trial.Of(DType.F32, 0, double.NaN, -0.0, 3)]);
        trial.Output = Trial.Of(DType.I64, 1, 3);
        trial.Output = new Operand(DType.I64, [2, 1], trial.Output.Data);
        Assert.True(trial.Judge().Passed);
        trial.Output = new Operand(DType.I64, [1, 1], new byte[8]);
        Assert.Equal("shape differs", trial.Judge().Reason);
    }

    [Fact]
    public void Uniform_numbers_are_the_reference_stream()
    {
        foreach (var dtype in (DType[])[DType.F16, DType.BF16, DType.F32, DType.F64])
        {
            using var trial = new Trial(CoreOperators.Uniform, [], "", ("shape", "[9]"), ("seed", "5"), ("offset", "3"), ("dtype", dtype.Name));
            trial.Write(i =>
            {
                if (dtype != DType.F64) return Math.Floor(Philox.Word(5, 12 + (ulong)i) * FloatFormat.Power(FloatFormat.Of(dtype).Precision - 32)) * FloatFormat.Power(-FloatFormat.Of(dtype).Precision);
                ulong low = Philox.Word(5, 12 + 2 * (ulong)i), high = Philox.Word(5, 13 + 2 * (ulong)i);
                return ((high << 32 | low) >> 11) * FloatFormat.Power(-53);
            });
            Assert.True(trial.Judge().Passed, dtype.Name);
            trial.Output.SetBits(8, trial.Output.Bits(7));
            Assert.False(trial.Judge().Passed, dtype.Name);
        }
    }

    [Fact]
    public void Fill_converts_its_value_as_cast_does()
    {
        using var trial = new Trial(CoreOperators.Fill, [], "", ("value", "70000"), ("shape", "[3]"), ("dtype", "f16"));
        Assert.True(trial.Write(_ => double.PositiveInfinity).Judge().Passed);
        Assert.False(trial.Write(_ => 65504).Judge().Passed);
    }
}
