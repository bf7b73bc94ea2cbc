using CsCheck;

namespace Backends.Cpu.Tests;

public sealed class PointwiseTests
{
    // Below, at and beyond every vector width, so that tails of every length run.
    private static readonly Gen<int> s_size = Gen.Int[1, 70];

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Integers_form_a_ring_modulo_two_to_the_width(string device)
    {
        Ring(device, DType.U8, Gen.Byte, (a, b) => (byte)(a + b), (a, b) => (byte)(a - b), (a, b) => (byte)(a * b));
        Ring(device, DType.I8, Gen.SByte, (a, b) => (sbyte)(a + b), (a, b) => (sbyte)(a - b), (a, b) => (sbyte)(a * b));
        Ring(device, DType.U16, Gen.UShort, (a, b) => (ushort)(a + b), (a, b) => (ushort)(a - b), (a, b) => (ushort)(a * b));
        Ring(device, DType.I16, Gen.Short, (a, b) => (short)(a + b), (a, b) => (short)(a - b), (a, b) => (short)(a * b));
        Ring(device, DType.U32, Gen.UInt, (a, b) => a + b, (a, b) => a - b, (a, b) => a * b);
        Ring(device, DType.I32, Gen.Int, (a, b) => a + b, (a, b) => a - b, (a, b) => a * b);
        Ring(device, DType.U64, Gen.ULong, (a, b) => a + b, (a, b) => a - b, (a, b) => a * b);
        Ring(device, DType.I64, Gen.Long, (a, b) => a + b, (a, b) => a - b, (a, b) => a * b);
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Floats_are_rounded_once(string device)
    {
        s_size.SelectMany(n => Gen.Select(Gen.Float.Array[n], Gen.Float.Array[n])).Sample((a, b) =>
        {
            Assert.Equal(a.Zip(b, (x, y) => x + y), Bench.Map<float, float>(device, CoreOperators.Add, DType.F32, DType.F32, "", a, b));
            Assert.Equal(a.Zip(b, (x, y) => x * y), Bench.Map<float, float>(device, CoreOperators.Mul, DType.F32, DType.F32, "", a, b));
            Assert.Equal(a.Zip(b, (x, y) => x / y), Bench.Map<float, float>(device, CoreOperators.Div, DType.F32, DType.F32, "", a, b));
        }, seed: "0000KvgL7tO4", iter: 100);
        s_size.SelectMany(n => Gen.Select(Gen.Double.Array[n], Gen.Double.Array[n])).Sample((a, b) =>
        {
            Assert.Equal(a.Zip(b, (x, y) => x - y), Bench.Map<double, double>(device, CoreOperators.Sub, DType.F64, DType.F64, "", a, b));
            Assert.Equal(a.Zip(b, (x, y) => x / y), Bench.Map<double, double>(device, CoreOperators.Div, DType.F64, DType.F64, "", a, b));
        }, seed: "0000KvgL7tO4", iter: 100);
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Sixteen_bits_are_computed_wider_and_rounded_once(string device)
    {
        Half[] a = [(Half)1, (Half)65504, (Half)0.1f, Half.Epsilon], b = [(Half)0.00048828125f, (Half)16, (Half)0.3f, (Half)0.5f];
        Assert.Equal(a.Zip(b, (x, y) => (Half)((double)x + (double)y)), Bench.Map<Half, Half>(device, CoreOperators.Add, DType.F16, DType.F16, "", a, b));
        Assert.Equal(a.Zip(b, (x, y) => (Half)((double)x * (double)y)), Bench.Map<Half, Half>(device, CoreOperators.Mul, DType.F16, DType.F16, "", a, b));
        Assert.Equal([(BFloat16)1.0078125f], Bench.Map<BFloat16, BFloat16>(device, CoreOperators.Add, DType.BF16, DType.BF16, "", [(BFloat16)1f], [(BFloat16)0.005f]));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Division_of_integers_rounds_as_asked_and_never_traps(string device)
    {
        int[] a = [7, -7, 7, -7, 6, int.MinValue, int.MinValue, 5], b = [2, 2, -2, -2, -3, -1, 1, 0];
        Assert.Equal([3, -3, -3, 3, -2, int.MinValue, int.MinValue], Div("none")[..7]);
        Assert.Equal([3, -3, -3, 3, -2, int.MinValue, int.MinValue], Div("trunc")[..7]);
        Assert.Equal([3, -4, -4, 3, -2, int.MinValue, int.MinValue], Div("floor")[..7]);
        Assert.Equal([(sbyte)-128, (sbyte)-43], Bench.Map<sbyte, sbyte>(device, CoreOperators.Div, DType.I8, DType.I8, "rounding=floor", [-128, -128], [-1, 3]));
        Assert.Equal([long.MinValue], Bench.Map<long, long>(device, CoreOperators.Div, DType.I64, DType.I64, "", [long.MinValue], [-1]));
        Assert.Equal([ulong.MaxValue / 3, 0ul], Bench.Map<ulong, ulong>(device, CoreOperators.Div, DType.U64, DType.U64, "rounding=floor", [ulong.MaxValue, 3], [3, ulong.MaxValue]));

        int[] Div(string rounding) => Bench.Map<int, int>(device, CoreOperators.Div, DType.I32, DType.I32, $"rounding={rounding}", a, b);
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Division_of_floats_by_zero_and_infinity_is_IEEEs(string device)
    {
        float[] a = [1, -1, 0, -1, 7.5f, -7.5f], b = [0, 0, 0, float.PositiveInfinity, 2, 2];
        Assert.Equal(["Infinity", "-Infinity", "NaN", "-0", "3.75", "-3.75"], Div("none"));
        Assert.Equal(["Infinity", "-Infinity", "NaN", "-0", "3", "-3"], Div("trunc"));
        Assert.Equal(["Infinity", "-Infinity", "NaN", "-0", "3", "-4"], Div("floor"));

        IEnumerable<string> Div(string rounding) => Bench.Map<float, float>(device, CoreOperators.Div, DType.F32, DType.F32, $"rounding={rounding}", a, b).Select(x => x.ToString());
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Relu_lets_NaN_pass(string device)
    {
        float[] x = [.. Enumerable.Repeat(-1f, 19), float.NaN, 2, float.NegativeInfinity, float.PositiveInfinity];
        Assert.Equal([.. Enumerable.Repeat(0f, 19), float.NaN, 2, 0, float.PositiveInfinity], Bench.Map<float, float>(device, CoreOperators.Relu, DType.F32, DType.F32, "", x));
        Assert.Equal([0, 0, sbyte.MaxValue], Bench.Map<sbyte, sbyte>(device, CoreOperators.Relu, DType.I8, DType.I8, "", [sbyte.MinValue, 0, sbyte.MaxValue]));
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Any_strides_give_the_same_sums(string device)
    {
        using var m = HostTensor.Of(DType.F32, [3, 20], [.. Enumerable.Range(0, 60).Select(i => (float)i)]);
        using var row = m.View([20], [1], 20);
        using var column = m.View([3, 1], [20, 1], 7);
        using var turned = m.View([20, 3], [1, 20]);
        using var backwards = m.View([3, 20], [20, -1], 19);
        using var scalar = m.View([], [], 5);
        Same(m, row, (i, j) => 20 * i + j + 20 + j);
        Same(m, column, (i, j) => 20 * i + j + 20 * i + 7);
        Same(column, row, (i, j) => 20 * i + 7 + 20 + j);
        Same(m, backwards, (i, j) => 40 * i + 19);
        Same(scalar, m, (i, j) => 20 * i + j + 5);

        void Same(HostTensor a, HostTensor b, Func<int, int, float> expected)
        {
            using var memory = HostTensor.Empty(DType.F32, [20, 3]);
            using var y = memory.View([3, 20], [1, 3]);      // a transposed output, too
            Bench.Run(device, CoreOperators.Add, [a, b], y);
            Assert.Equal(Enumerable.Range(0, 60).Select(k => expected(k / 20, k % 20)), y.Read<float>());
        }
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Any_dimensions_of_either_operand_may_be_broadcast(string device)
    {
        long[] sizes = [2, 3, 4, 5];
        for (int left = 0; left < 16; left++)
            for (int right = 0; right < 16; right++)
            {
                long[] a = [.. sizes.Select((n, d) => (left >> d & 1) == 1 ? 1 : n)], b = [.. sizes.Select((n, d) => (right >> d & 1) == 1 ? 1 : n)];
                if (a.Zip(b, Math.Max).Sum() < sizes.Sum()) continue;      // the result has every size
                using var x = HostTensor.Of(DType.I32, a, [.. Enumerable.Range(0, (int)a.Aggregate((p, n) => p * n))]);
                using var y = HostTensor.Of(DType.I32, b, [.. Enumerable.Range(0, (int)b.Aggregate((p, n) => p * n)).Select(i => 1000 * i)]);
                using var sum = HostTensor.Empty(DType.I32, sizes);
                Bench.Run(device, CoreOperators.Add, [x, y], sum);
                Assert.Equal(Enumerable.Range(0, 120).Select(i => Place(i, a) + 1000 * Place(i, b)), sum.Read<int>());
            }

        int Place(int i, long[] shape)
        {
            int place = 0, scale = 1;
            for (int d = 3; d >= 0; i /= (int)sizes[d--])
            {
                if (shape[d] == 1) continue;
                place += i % (int)sizes[d] * scale;
                scale *= (int)sizes[d];
            }
            return place;
        }
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Writing_onto_an_input_and_between_elements_touches_nothing_else(string device)
    {
        using var memory = HostTensor.Of(DType.I32, [40], [.. Enumerable.Range(0, 40)]);
        using var every = memory.View([19], [2], 1);
        Bench.Run(device, CoreOperators.Add, [every, every], every);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 2 == 1 && i < 39 ? 2 * i : i), memory.Read<int>());
    }

    private static void Ring<T>(string device, DType dtype, Gen<T> gen, Func<T, T, T> add, Func<T, T, T> sub, Func<T, T, T> mul) where T : unmanaged =>
        s_size.SelectMany(n => Gen.Select(gen.Array[n], gen.Array[n])).Sample((a, b) =>
        {
            Assert.Equal(a.Zip(b, add), Bench.Map<T, T>(device, CoreOperators.Add, dtype, dtype, "", a, b));
            Assert.Equal(a.Zip(b, sub), Bench.Map<T, T>(device, CoreOperators.Sub, dtype, dtype, "", a, b));
            Assert.Equal(a.Zip(b, mul), Bench.Map<T, T>(device, CoreOperators.Mul, dtype, dtype, "", a, b));
        }, seed: "0000KvgL7tO4", iter: 20);
}
