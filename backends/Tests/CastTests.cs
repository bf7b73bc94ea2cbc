namespace Backends.Cpu.Tests;

/// <summary>The table of docs/accuracy.md, row by row.</summary>
public sealed class CastTests
{
    private static readonly float[] s_floats = [1.9f, -1.9f, -0.5f, 3e9f, -3e9f, 1e20f, -1e20f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Floats_truncate_and_saturate_to_integers_and_NaN_is_0(string device)
    {
        Assert.Equal([1, -1, 0, sbyte.MaxValue, sbyte.MinValue, sbyte.MaxValue, sbyte.MinValue, sbyte.MaxValue, sbyte.MinValue, 0], Bench.Cast<float, sbyte>(device, DType.F32, DType.I8, s_floats));
        Assert.Equal([1, 0, 0, byte.MaxValue, 0, byte.MaxValue, 0, byte.MaxValue, 0, 0], Bench.Cast<float, byte>(device, DType.F32, DType.U8, s_floats));
        Assert.Equal([1, -1, 0, int.MaxValue, int.MinValue, int.MaxValue, int.MinValue, int.MaxValue, int.MinValue, 0], Bench.Cast<float, int>(device, DType.F32, DType.I32, s_floats));
        Assert.Equal([1, 0, 0, 3000000000, 0, uint.MaxValue, 0, uint.MaxValue, 0, 0], Bench.Cast<float, uint>(device, DType.F32, DType.U32, s_floats));
        Assert.Equal([1, -1, 0, 3000000000, -3000000000, long.MaxValue, long.MinValue, long.MaxValue, long.MinValue, 0], Bench.Cast<float, long>(device, DType.F32, DType.I64, s_floats));
        Assert.Equal([1, 0, 0, 3000000000, 0, ulong.MaxValue, 0, ulong.MaxValue, 0, 0], Bench.Cast<float, ulong>(device, DType.F32, DType.U64, s_floats));
        Assert.Equal([long.MaxValue, 9223372036854774784, long.MinValue], Bench.Cast<double, long>(device, DType.F64, DType.I64, 9223372036854775808.0, 9223372036854774784.0, -9223372036854775808.0));
        Assert.Equal([9223372036854775808, 18446744073709549568], Bench.Cast<double, ulong>(device, DType.F64, DType.U64, 9223372036854775808.0, 18446744073709549568.0));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Integers_wrap(string device)
    {
        Assert.Equal([44, 212, 255], Bench.Cast<int, byte>(device, DType.I32, DType.U8, 300, -300, -1));
        Assert.Equal([44, -44, 0], Bench.Cast<long, sbyte>(device, DType.I64, DType.I8, 300, -300, 1L << 40));
        Assert.Equal([ulong.MaxValue], Bench.Cast<sbyte, ulong>(device, DType.I8, DType.U64, -1));
        Assert.Equal([-1], Bench.Cast<ulong, long>(device, DType.U64, DType.I64, ulong.MaxValue));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Whatever_is_not_0_is_true(string device)
    {
        Assert.Equal([0, 0, 1, 1, 1], Bench.Cast<float, byte>(device, DType.F32, DType.Bool, 0f, -0f, float.NaN, float.Epsilon, -2f));
        Assert.Equal([0, 1, 1], Bench.Cast<int, byte>(device, DType.I32, DType.Bool, 0, 256, -1));
        Assert.Equal([0f, 1f], Bench.Cast<byte, float>(device, DType.Bool, DType.F32, 0, 1));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Too_large_becomes_infinity_and_NaN_stays(string device)
    {
        Assert.Equal([Half.PositiveInfinity, (Half)65504, Half.NaN], Bench.Cast<float, Half>(device, DType.F32, DType.F16, 65520f, 65519.99f, float.NaN));
        Assert.Equal([Half.PositiveInfinity, (Half)65504], Bench.Cast<int, Half>(device, DType.I32, DType.F16, 65520, 65519));
        float lowPayload = BitConverter.UInt32BitsToSingle(0x7F800001), highPayload = BitConverter.UInt32BitsToSingle(0xFFFFFFFF);
        Assert.All(Bench.Cast<float, BFloat16>(device, DType.F32, DType.BF16, lowPayload, highPayload), x => Assert.True(float.IsNaN(x)));
        Assert.Equal([float.PositiveInfinity, float.MaxValue], Bench.Cast<double, float>(device, DType.F64, DType.F32, 3.4028235677973366e38, 3.4028235677973362e38));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Wider_floats_are_exact_down_to_subnormals(string device)
    {
        Assert.Equal([5.9604645e-8f, -0f, float.NegativeInfinity], Bench.Cast<ushort, float>(device, DType.F16, DType.F32, 0x0001, 0x8000, 0xFC00));
        Assert.Equal([(double)float.Epsilon], Bench.Cast<float, double>(device, DType.F32, DType.F64, float.Epsilon));
        Assert.Equal([1f / 512, -448f, float.NaN], Bench.Cast<byte, float>(device, DType.F8E4M3, DType.F32, 0x01, 0xFE, 0x7F));
        Assert.Equal([1f / 65536, -57344f, float.PositiveInfinity, float.NaN], Bench.Cast<byte, float>(device, DType.F8E5M2, DType.F32, 0x01, 0xFB, 0x7C, 0x7F));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Eight_bits_saturate(string device)
    {
        Assert.Equal([0x7E, 0x7E, 0xFE, 0x7E, 0x80], Bench.Cast<float, byte>(device, DType.F32, DType.F8E4M3, 448f, 465f, float.NegativeInfinity, 1e9f, -1e-9f));
        Assert.Equal([0x7B, 0x7B, 0xFB, 0x7B], Bench.Cast<float, byte>(device, DType.F32, DType.F8E5M2, 57344f, 61441f, float.NegativeInfinity, 1e9f));
        Assert.Equal([float.NaN], Bench.Cast<byte, float>(device, DType.F8E4M3, DType.F32, Bench.Cast<float, byte>(device, DType.F32, DType.F8E4M3, float.NaN)));
        Assert.Equal([float.NaN], Bench.Cast<byte, float>(device, DType.F8E5M2, DType.F32, Bench.Cast<float, byte>(device, DType.F32, DType.F8E5M2, float.NaN)));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Fill_converts_its_value_as_cast_does(string device)
    {
        Assert.Equal<byte>([255, 255], Fill<byte>(device, DType.U8, "300.7"));
        Assert.Equal<byte>([44, 44], Fill<byte>(device, DType.U8, "300"));
        Assert.Equal([ulong.MaxValue, ulong.MaxValue], Fill<ulong>(device, DType.U64, "18446744073709551615"));
        Assert.Equal<byte>([1, 1], Fill<byte>(device, DType.Bool, "0.5"));
        Assert.Equal([Half.NaN, Half.NaN], Fill<Half>(device, DType.F16, "nan"));
        Assert.Equal([1f, 1f], Fill<float>(device, DType.F32, "true"));
    }

    private static T[] Fill<T>(string device, DType dtype, string value) where T : unmanaged
    {
        using var y = HostTensor.Empty(dtype, [2]);
        Bench.Run(device, CoreOperators.Fill, [], y, $"value={value} shape=2 dtype={dtype.Name}");
        return y.Read<T>();
    }
}
