namespace Backends.Cpu.Tests;

public sealed class ReductionTests
{
    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Any_dimensions_of_any_layout_are_added(string device)
    {
        float[] values = [.. Enumerable.Range(0, 2 * 3 * 50).Select(i => (float)(i % 17 - 5))];
        using var x = HostTensor.Of(DType.F32, [2, 3, 50], values);
        using var turned = HostTensor.Of(DType.F32, [50, 3, 2], [.. Enumerable.Range(0, 300).Select(i => values[i % 2 * 150 + i / 2 % 3 * 50 + i / 6])]);
        using var back = turned.View([2, 3, 50], [1, 2, 6]);
        foreach (var tensor in new[] { x, back })
            for (int mask = 1; mask < 8; mask++)
                foreach (bool keep in new[] { true, false })
                    Assert.Equal(Expected(values, mask), Reduce<float, float>(device, CoreOperators.Sum, tensor, DType.F32, mask, keep));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Integers_are_added_in_64_bits(string device)
    {
        using var bytes = HostTensor.Of(DType.U8, [300], [.. Enumerable.Repeat((byte)255, 300)]);
        using var signed = HostTensor.Of(DType.I8, [300], [.. Enumerable.Repeat((sbyte)-128, 300)]);
        using var truths = HostTensor.Of(DType.Bool, [300], [.. Enumerable.Repeat((byte)1, 300)]);
        using var longs = HostTensor.Of(DType.I64, [3], long.MaxValue, 1L, -5L);
        Assert.Equal([76500ul], Reduce<byte, ulong>(device, CoreOperators.Sum, bytes, DType.U64, 1, false));
        Assert.Equal([-38400L], Reduce<sbyte, long>(device, CoreOperators.Sum, signed, DType.I64, 1, false));
        Assert.Equal([300L], Reduce<byte, long>(device, CoreOperators.Sum, truths, DType.I64, 1, false));
        Assert.Equal([long.MaxValue - 4], Reduce<long, long>(device, CoreOperators.Sum, longs, DType.I64, 1, false));
    }

    // accuracy.md 3.2: a million copies of one number drift with the depth of the sum, in whatever shape they lie.
    [Theory]
    [InlineData(1 << 20, 1), InlineData(1 << 19, 2), InlineData(1 << 10, 1 << 10), InlineData(16, 1 << 16)]
    public void Cpu_adds_long_runs_within_the_depth_that_reductions_are_held_to(int rows, int columns)
    {
        int n = rows * columns;
        using var memory = HostTensor.Of(DType.F32, [2L * n], [.. Enumerable.Repeat(0.1f, 2 * n)]);
        using var gaps = memory.View([rows, columns], [2 * columns, 2]);
        using var dense = memory.View([rows, columns], [2 * columns, 1]);
        double exact = (double)0.1f * n, bound = Math.Max(1024, n / 16) * Math.ScaleB(1, -24) * exact;
        foreach (var x in new[] { gaps, dense })
            Assert.InRange(Reduce<float, float>("cpu", CoreOperators.Sum, x, DType.F32, 3, false)[0], exact - bound, exact + bound);
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Sixteen_bits_are_added_wider(string device)
    {
        using var x = HostTensor.Of(DType.F16, [5000], [.. Enumerable.Repeat((Half)1, 5000)]);
        Assert.Equal([(Half)5000], Reduce<Half, Half>(device, CoreOperators.Sum, x, DType.F16, 1, false));
        using var b = HostTensor.Of(DType.BF16, [512], [.. Enumerable.Repeat((BFloat16)1f, 512)]);
        Assert.Equal([(BFloat16)512f], Reduce<BFloat16, BFloat16>(device, CoreOperators.Sum, b, DType.BF16, 1, false));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Infinities_of_both_signs_give_NaN(string device)
    {
        using var x = HostTensor.Of(DType.F64, [3], double.PositiveInfinity, 1.0, double.NegativeInfinity);
        Assert.Equal([double.NaN], Reduce<double, double>(device, CoreOperators.Sum, x, DType.F64, 1, false));
        using var one = x.View([2], [1]);
        Assert.Equal([double.PositiveInfinity], Reduce<double, double>(device, CoreOperators.Sum, one, DType.F64, 1, false));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void NaN_is_the_largest_wherever_it_stands(string device)
    {
        for (int n = 1; n < 40; n++)
            for (int at = 0; at < n; at++)
            {
                float[] values = [.. Enumerable.Range(0, n).Select(i => i == at ? float.NaN : i % 3)];
                using var x = HostTensor.Of(DType.F32, [n], values);
                Assert.Equal([float.NaN], Reduce<float, float>(device, CoreOperators.AMax, x, DType.F32, 1, false));
            }
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void The_largest_is_found_wherever_it_stands(string device)
    {
        for (int n = 1; n < 40; n++)
            for (int at = 0; at < n; at++)
            {
                using var x = HostTensor.Of(DType.F32, [n], [.. Enumerable.Range(0, n).Select(i => i == at ? -1f : -2f - i)]);
                using var u = HostTensor.Of(DType.U64, [n], [.. Enumerable.Range(0, n).Select(i => i == at ? ulong.MaxValue : (ulong)i)]);
                Assert.Equal([-1f], Reduce<float, float>(device, CoreOperators.AMax, x, DType.F32, 1, false));
                Assert.Equal([ulong.MaxValue], Reduce<ulong, ulong>(device, CoreOperators.AMax, u, DType.U64, 1, false));
            }
    }

    [Fact]
    public void Sum_of_an_empty_dimension_is_zero_in_the_reference()
    {
        using var x = HostTensor.Empty(DType.F32, [0, 3]);
        Assert.Equal([0f, 0f, 0f], Reduce<float, float>("reference", CoreOperators.Sum, x, DType.F32, 1, false));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void A_single_number_is_its_own_sum(string device)
    {
        using var x = HostTensor.Of(DType.F32, [], 3f);
        Assert.Equal([3f], Reduce<float, float>(device, CoreOperators.Sum, x, DType.F32, 0, false));
    }

    private static R[] Reduce<T, R>(string device, Operator op, HostTensor x, DType to, int mask, bool keep) where T : unmanaged where R : unmanaged
    {
        long[] dims = [.. Enumerable.Range(0, x.Shape.Length).Where(d => (mask >> d & 1) == 1).Select(d => d % 2 == 0 ? (long)d : d - x.Shape.Length)];
        long[] shape = [.. x.Shape.Select((size, d) => (mask >> d & 1) == 0 ? size : keep ? 1 : -1).Where(size => size > 0)];
        using var y = HostTensor.Empty(to, shape);
        Bench.Run(device, op, [x], y, $"dim={string.Join('x', dims)} keep_dim={(keep ? "true" : "false")}");
        return y.Read<R>();
    }

    private static float[] Expected(float[] values, int mask)
    {
        var sums = new SortedDictionary<int, float>();
        for (int i = 0; i < values.Length; i++)
        {
            int a = (mask & 1) == 0 ? i / 150 : 0, b = (mask & 2) == 0 ? i / 50 % 3 : 0, c = (mask & 4) == 0 ? i % 50 : 0;
            sums[a * 150 + b * 50 + c] = sums.GetValueOrDefault(a * 150 + b * 50 + c) + values[i];
        }
        return [.. sums.Values];
    }
}
