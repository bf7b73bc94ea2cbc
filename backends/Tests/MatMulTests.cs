namespace Backends.Cpu.Tests;

public sealed class MatMulTests
{
    // Around the tile's rows and columns, which are 4 and two vectors of up to 64 bytes.
    public static MatrixTheoryData<int, int, int> Sizes { get; } = new([1, 4, 5], [1, 7, 33], [1, 15, 16, 17, 33]);

    [Theory, MemberData(nameof(Sizes))]
    public void Integers_in_any_dtype_give_the_exact_product(int n, int k, int m)
    {
        Product("cpu", n, k, m);
        Product("reference", n, k, m);
    }

    private static void Product(string device, int n, int k, int m)
    {
        int[] a = [.. Enumerable.Range(0, n * k).Select(i => i % 7 - 3)], b = [.. Enumerable.Range(0, k * m).Select(i => i % 5 - 2)];
        int[] expected = [.. Enumerable.Range(0, n * m).Select(i => Enumerable.Range(0, k).Sum(j => a[i / m * k + j] * b[j * m + i % m]))];
        Assert.Equal(expected.Select(v => (float)v), Product(device, DType.F32, n, k, m, a, b, v => (float)v));
        Assert.Equal(expected.Select(v => (double)v), Product(device, DType.F64, n, k, m, a, b, v => (double)v));
        Assert.Equal(expected.Select(v => (Half)v), Product(device, DType.F16, n, k, m, a, b, v => (Half)v));
        Assert.Equal(expected.Select(v => (BFloat16)(float)v), Product(device, DType.BF16, n, k, m, a, b, v => (BFloat16)(float)v));
        Assert.Equal(expected.Select(v => (sbyte)v), Product(device, DType.I8, n, k, m, a, b, v => (sbyte)v));
        Assert.Equal(expected.Select(v => (ulong)v), Product(device, DType.U64, n, k, m, a, b, v => (ulong)v));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Transposed_operands_and_broadcast_batches_need_no_copies(string device)
    {
        using var a = HostTensor.Of(DType.F32, [2, 5, 3], [.. Enumerable.Range(0, 30).Select(i => (float)(i % 11))]);
        using var b = HostTensor.Of(DType.F32, [3, 4, 5], [.. Enumerable.Range(0, 60).Select(i => (float)(i % 13))]);
        using var left = a.View([2, 1, 3, 5], [15, 15, 1, 3]);
        using var right = b.View([3, 5, 4], [20, 1, 5]);
        using var y = HostTensor.Empty(DType.F32, [2, 3, 3, 4]);
        Bench.Run(device, CoreOperators.MatMul, [left, right], y);
        float At(int i) => Enumerable.Range(0, 5).Sum(k => (float)((i / 36 * 15 + k * 3 + i / 4 % 3) % 11) * ((i / 12 % 3 * 20 + i % 4 * 5 + k) % 13));
        Assert.Equal(Enumerable.Range(0, 72).Select(At), y.Read<float>());
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Infinity_times_zero_is_NaN_in_its_own_row_and_nowhere_else(string device)
    {
        float[] a = new float[15], b = new float[9];
        a[4] = float.PositiveInfinity;
        Array.Fill(b, 1);
        b[3] = 0;
        float[] y = [.. Product(device, DType.F32, 5, 3, 3, a, b, v => v)];
        Assert.Equal([0, 0, 0, float.NaN, float.PositiveInfinity, float.PositiveInfinity, 0, 0, 0, 0, 0, 0, 0, 0, 0], y);
    }

    private static T[] Product<S, T>(string device, DType dtype, int n, int k, int m, S[] a, S[] b, Func<S, T> convert) where T : unmanaged
    {
        using var left = HostTensor.Of(dtype, [n, k], [.. a.Select(convert)]);
        using var right = HostTensor.Of(dtype, [k, m], [.. b.Select(convert)]);
        using var y = HostTensor.Empty(dtype, [n, m]);
        Bench.Run(device, CoreOperators.MatMul, [left, right], y);
        return y.Read<T>();
    }
}
