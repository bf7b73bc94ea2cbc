using CsCheck;
using Backends.Reference;

namespace Backends.Cpu.Tests;

public sealed class RoundingTests
{
    public static TheoryData<DType> Small => [DType.F16, DType.BF16, DType.F8E4M3, DType.F8E5M2];

    [Theory, MemberData(nameof(Small))]
    public void Every_element_is_read_and_rounded_back_to_its_bits(DType dtype)
    {
        var format = FloatFormat.Of(dtype);
        for (ulong bits = 0; bits < 1UL << format.Bits; bits++)
            if (double.IsFinite(format.Read(bits))) Assert.Equal(bits, format.Round(format.Read(bits)));
    }

    [Fact]
    public void Sixteen_bits_are_read_as_the_platform_reads_them()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            Assert.Equal((double)BitConverter.UInt16BitsToHalf((ushort)bits), FloatFormat.Of(DType.F16).Read((ulong)bits));
            Assert.Equal((float)BFloat16.FromBits((ushort)bits), FloatFormat.Of(DType.BF16).Read((ulong)bits));
        }
    }

    // Between neighbours the midpoint is exact in a double, and so is the number next to it.
    [Theory, MemberData(nameof(Small))]
    public void Reference_rounds_to_the_nearer_neighbour_and_ties_to_the_even_one(DType dtype)
    {
        var format = FloatFormat.Of(dtype);
        for (ulong below = 0; below < format.Largest; below++)
        {
            double tie = (format.Read(below) + format.Read(below + 1)) / 2;
            Assert.Equal(below, format.Round(Math.BitDecrement(tie)));
            Assert.Equal(below + (below & 1), format.Round(tie));
            Assert.Equal(below + 1, format.Round(Math.BitIncrement(tie)));
        }
    }

    [Theory, MemberData(nameof(Small))]
    public void Cpu_rounds_f32_to_the_nearer_neighbour_and_ties_to_the_even_one(DType dtype)
    {
        var format = FloatFormat.Of(dtype);
        ulong[] codes = [.. Enumerable.Range(0, (int)format.Largest).Select(i => (ulong)i)];
        float[] ties = [.. codes.Select(below => (float)((format.Read(below) + format.Read(below + 1)) / 2))];
        Assert.Equal(codes, Cast([.. ties.Select(MathF.BitDecrement)]));
        Assert.Equal(codes.Select(c => c + (c & 1)), Cast(ties));
        Assert.Equal(codes.Select(c => c + 1), Cast([.. ties.Select(MathF.BitIncrement)]));

        IEnumerable<ulong> Cast(float[] x) => dtype.Size == 1
            ? Bench.Cast<float, byte>("cpu", DType.F32, dtype, x).Select(b => (ulong)b)
            : Bench.Cast<float, ushort>("cpu", DType.F32, dtype, x).Select(b => (ulong)b);
    }

    [Fact]
    public void Reference_rounds_doubles_to_f32_as_the_processor_does() =>
        Gen.Double.Sample(x => FloatFormat.Of(DType.F32).Round(x) == BitConverter.SingleToUInt32Bits((float)x) || double.IsNaN(x), seed: "0000KvgL7tO4", iter: 20_000);

    // Parsing a decimal text is rounded once, too, by code that knows nothing of this.
    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Integers_become_floats_in_one_rounding(string device) =>
        s_integer.Array[64].Sample(x =>
        {
            var unsigned = x.Select(v => (ulong)v).ToArray();
            Assert.Equal(x.Select(v => float.Parse(v.ToString())), Bench.Cast<long, float>(device, DType.I64, DType.F32, x));
            Assert.Equal(x.Select(v => double.Parse(v.ToString())), Bench.Cast<long, double>(device, DType.I64, DType.F64, x));
            Assert.Equal(x.Select(v => Half.Parse(v.ToString())), Bench.Cast<long, Half>(device, DType.I64, DType.F16, x));
            Assert.Equal(unsigned.Select(v => float.Parse(v.ToString())), Bench.Cast<ulong, float>(device, DType.U64, DType.F32, unsigned));
            Assert.Equal(unsigned.Select(v => double.Parse(v.ToString())), Bench.Cast<ulong, double>(device, DType.U64, DType.F64, unsigned));
        }, seed: "0000KvgL7tO4", iter: 50);

    [Fact]
    public void Both_devices_round_integers_to_bf16_alike() =>
        s_integer.Array[64].Sample(x => Assert.Equal(
            Bench.Cast<long, ushort>("reference", DType.I64, DType.BF16, x), Bench.Cast<long, ushort>("cpu", DType.I64, DType.BF16, x)), seed: "0000KvgL7tO4", iter: 100);

    // Close to ties of f32, f16 and bf16: a few high bits, a long gap, a few low ones.
    private static readonly Gen<long> s_integer =
        Gen.Select(Gen.Long[-300, 300], Gen.Int[0, 55], Gen.Long[-2, 2], Gen.Int[0, 30], (high, shift, low, small) => (high << shift) + (low << Math.Min(small, shift)));
}
