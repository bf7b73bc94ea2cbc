namespace Backends.Cpu.Tests;

public sealed class MovementTests
{
    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Copy_keeps_every_bit_of_every_dtype_whatever_the_strides(string device)
    {
        foreach (var dtype in DTypes.All)
        {
            byte[] bytes = [.. Enumerable.Range(0, 12 * dtype.Size).Select(i => (byte)(255 - i * 29))];      // NaNs with payloads among them
            using var x = HostTensor.Empty(dtype, [3, 4]);
            Fill(x, bytes);
            using var turned = x.View([4, 3], [-1, 4], 3);
            using var memory = HostTensor.Empty(dtype, [24]);
            using var y = memory.View([4, 3], [2, 8]);
            Bench.Run(device, CoreOperators.Copy, [turned], y);
            using var back = y.View([3, 4], [8, -2], 6);
            using var z = HostTensor.Empty(dtype, [3, 4]);
            Bench.Run(device, CoreOperators.Copy, [back], z);
            Assert.Equal(bytes, Bytes(z, bytes.Length));
            Assert.All(Bytes(memory, 24 * dtype.Size).Chunk(dtype.Size).Where((_, i) => i % 2 == 1), element => Assert.All(element, b => Assert.Equal(0xFF, b)));
        }
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Nonzero_counts_then_lists_positions_in_order(string device)
    {
        using var x = HostTensor.Of(DType.F32, [2, 2, 2], 0f, float.NaN, -0f, 3f, float.Epsilon, 0f, 0f, -1f);
        using var count = HostTensor.Empty(DType.I64, [1]);
        Bench.Run(device, CoreOperators.Nonzero, [x], count, phase: 1);
        Assert.Equal([4L], count.Read<long>());
        using var y = HostTensor.Empty(DType.I64, [4, 3]);
        Bench.Run(device, CoreOperators.Nonzero, [x], y, phase: 2);
        Assert.Equal([0L, 0L, 1L, 0L, 1L, 1L, 1L, 0L, 0L, 1L, 1L, 1L], y.Read<long>());
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Nonzero_counts_a_single_number_and_nothing(string device)
    {
        using var count = HostTensor.Empty(DType.I64, [1]);
        using var one = HostTensor.Of(DType.Bool, [], (byte)1);
        Bench.Run(device, CoreOperators.Nonzero, [one], count, phase: 1);
        Assert.Equal([1L], count.Read<long>());
        using var none = HostTensor.Empty(DType.F32, [3, 0]);
        Bench.Run(device, CoreOperators.Nonzero, [none], count, phase: 1);
        Assert.Equal([0L], count.Read<long>());
        Assert.All(Bench.Kernels(device).Where(k => k.Operator == "nonzero"), k => Assert.True(k.Accepts.HasFlag(Plugins.Accepts.Empty)));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void An_operator_with_kernels_has_one_for_every_dtype_it_declares(string device)
    {
        var kernels = Bench.Kernels(device);
        Assert.Equal(kernels.Count, kernels.Select(k => k.Name).Distinct().Count());
        foreach (var op in kernels.Select(k => CoreOperators.All.Single(o => o.Name == k.Operator)).Distinct())
            Assert.Equal(op.Schema.FreeVariables.Aggregate(1, (n, v) => n * v.DTypes.Count), kernels.Count(k => k.Operator == op.Name));
    }

    [Fact]
    public void The_reference_has_every_primitive_operator() => Assert.Equal(
        CoreOperators.All.Where(o => o.Kind == OperatorKind.Primitive).Select(o => o.Name),
        Bench.Kernels("reference").Select(k => k.Operator).Distinct().Order(StringComparer.Ordinal));

    private static unsafe void Fill(HostTensor x, byte[] bytes) => bytes.CopyTo(Memory(x, bytes.Length));

    private static unsafe byte[] Bytes(HostTensor x, int length) => Memory(x, length).ToArray();

    private static unsafe Span<byte> Memory(HostTensor x, int length) => new((byte*)x.Descriptor->Data + x.Descriptor->ByteOffset, length);
}
