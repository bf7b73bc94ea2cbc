using CsCheck;
using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>The judge's own arithmetic of formats, against .NET's where it has one and against laws where it has none.</summary>
public class FloatFormatTests
{
    private static readonly FloatFormat[] s_all = [FloatFormat.F64, FloatFormat.F32, FloatFormat.F16, FloatFormat.BF16, FloatFormat.F8E4M3, FloatFormat.F8E5M2];
    private static readonly Gen<double> s_doubles = Gen.OneOf(Gen.Double, Gen.Double[-1e5, 1e5], Gen.Double[-1e-4, 1e-4], Gen.Float.Select(f => (double)f), Gen.Double[-1e-44, 1e-44])
        .Where(double.IsFinite);

    [Fact]
    public void Every_16_and_8_bit_pattern_survives_decoding_and_encoding()
    {
        foreach (var format in s_all.Where(f => f.DType.Size <= 2))
            for (ulong bits = 0; bits < 1UL << (format.DType.Size * 8); bits++)
                if (!format.IsNaN(bits)) Assert.Equal(bits, format.Encode(format.Decode(bits)));
    }

    [Fact]
    public void Every_16_bit_pattern_has_the_value_that_dotnet_gives_it()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            Assert.Equal((double)BitConverter.UInt16BitsToHalf((ushort)bits), FloatFormat.F16.Decode((ulong)bits));
            Assert.Equal((double)(float)BFloat16.FromBits((ushort)bits), FloatFormat.BF16.Decode((ulong)bits));
        }
    }

    [Fact]
    public void Rounding_to_f32_and_f16_is_dotnets() => s_doubles.Sample(x =>
    {
        Assert.Equal((float)x, FloatFormat.F32.Round(x));
        Assert.Equal((double)(Half)x, FloatFormat.F16.Round(x));
    }, seed: "0000KX5QVd62", iter: 20_000);

    [Fact]
    public void Rounding_is_monotone_and_keeps_what_the_format_has() => Gen.Select(s_doubles, s_doubles, Gen.Int[1, 5]).Sample((a, b, which) =>
    {
        var format = s_all[which];
        double low = format.Round(Math.Min(a, b)), high = format.Round(Math.Max(a, b));
        Assert.True(low <= high);
        if (double.IsFinite(low)) Assert.Equal(low, format.Round(low));
    }, seed: "0000KX5QVd62", iter: 20_000);

    [Fact]
    public void Rounding_never_errs_by_more_than_half_an_ulp() => Gen.Select(s_doubles, Gen.Int[1, 5]).Sample((x, which) =>
    {
        var format = s_all[which];
        double rounded = format.Round(x);
        if (double.IsFinite(rounded)) Assert.True(Math.Abs(rounded - x) <= format.Ulp(x) / 2);
    }, seed: "0000KX5QVd62", iter: 20_000);

    [Fact]
    public void The_low_part_breaks_ties()
    {
        double tie = 1 + FloatFormat.Power(-24), tiny = FloatFormat.Power(-100);
        Assert.Equal(1, FloatFormat.F32.Round(tie));
        Assert.Equal(1 + FloatFormat.Power(-23), FloatFormat.F32.Round(tie, tiny));
        Assert.Equal(1, FloatFormat.F32.Round(tie, -tiny));
        Assert.Equal(-1 - FloatFormat.Power(-23), FloatFormat.F32.Round(-tie, -tiny));
    }

    [Fact]
    public void Overflow_begins_half_an_ulp_above_the_largest()
    {
        Assert.Equal(65504, FloatFormat.F16.Round(65519.99));
        Assert.Equal(double.PositiveInfinity, FloatFormat.F16.Round(65520));
        Assert.Equal(448, FloatFormat.F8E4M3.Round(463.9));
        Assert.Equal(double.PositiveInfinity, FloatFormat.F8E4M3.Round(465));
    }

    [Fact]
    public void An_ulp_at_a_power_of_two_is_the_spacing_above()
    {
        Assert.Equal(FloatFormat.Power(-23), FloatFormat.F32.Ulp(1));
        Assert.Equal(FloatFormat.Power(-24), FloatFormat.F32.Ulp(Math.BitDecrement(1)));
        Assert.Equal(FloatFormat.F32.Quantum, FloatFormat.F32.Ulp(0));
        Assert.Equal(FloatFormat.F32.Quantum, FloatFormat.F32.Ulp(1e-300));
        Assert.Equal(32, FloatFormat.F16.Ulp(1e9));
    }
}
