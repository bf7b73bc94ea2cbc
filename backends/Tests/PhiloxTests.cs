namespace Backends.Cpu.Tests;

public sealed class PhiloxTests
{
    // The known answers of Random123 (kat_vectors, philox4x32 10): counter, key, words.
    public static TheoryData<uint[], uint[], uint[]> Published => new()
    {
        { [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
        { [~0u, ~0u, ~0u, ~0u], [~0u, ~0u], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
        { [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1] },
    };

    [Theory, MemberData(nameof(Published))]
    public void Reference_gives_the_published_words(uint[] counter, uint[] key, uint[] words) =>
        Assert.Equal(words, Reference.Philox.Words(counter, key));

    [Theory, MemberData(nameof(Published))]
    public void Cpu_gives_the_published_words(uint[] counter, uint[] key, uint[] words)
    {
        var (low, high) = new PhiloxStream(key[0] | (ulong)key[1] << 32).Words(counter[0] | (ulong)counter[1] << 32, counter[2] | (ulong)counter[3] << 32);
        uint[] found = [(uint)low, (uint)(low >> 32), (uint)high, (uint)(high >> 32)];
        Assert.Equal(words, found);
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Uniform_takes_the_upper_bits_of_the_published_words(string device)
    {
        Assert.Equal([0x6627e8 / 16777216f, 0xe169c5 / 16777216f, 0xbc57ac / 16777216f], Uniform<float>(device, DType.F32, 3, "seed=0"));
        Assert.Equal([(0xe169c58d6627e8d5 >> 11) * Math.ScaleB(1, -53), (0x9b00dbd8bc57ac4c >> 11) * Math.ScaleB(1, -53)], Uniform<double>(device, DType.F64, 2, "seed=0"));
        Assert.Equal([(Half)((0x6627e8d5 >> 21) / 2048f)], Uniform<Half>(device, DType.F16, 1, "seed=0"));
        Assert.Equal([(BFloat16)(0x66 / 256f)], Uniform<BFloat16>(device, DType.BF16, 1, "seed=0"));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void An_offset_skips_four_elements_or_two_of_f64(string device)
    {
        Assert.Equal(Uniform<float>(device, DType.F32, 29, "seed=5")[12..], Uniform<float>(device, DType.F32, 17, "seed=5 offset=3"));
        Assert.Equal(Uniform<double>(device, DType.F64, 23, "seed=5")[6..], Uniform<double>(device, DType.F64, 17, "seed=5 offset=3"));
    }

    [Fact]
    public void Both_devices_use_all_bits_of_seed_and_offset()
    {
        const string Far = "seed=-81985529216486896 offset=1311768467463790320";
        var x = Uniform<float>("cpu", DType.F32, 9, Far);
        Assert.Equal(Uniform<float>("reference", DType.F32, 9, Far), x);
        Assert.NotEqual(Uniform<float>("cpu", DType.F32, 9, "seed=-81985529216486896 offset=305419760"), x);
        Assert.NotEqual(Uniform<float>("cpu", DType.F32, 9, "seed=1985229328 offset=1311768467463790320"), x);
    }

    private static T[] Uniform<T>(string device, DType dtype, int count, string attributes) where T : unmanaged
    {
        using var y = HostTensor.Empty(dtype, [count]);
        Bench.Run(device, CoreOperators.Uniform, [], y, $"{attributes} shape={count} dtype={dtype.Name}");
        return y.Read<T>();
    }
}
