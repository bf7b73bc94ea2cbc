namespace Backends.Cpu.Tests;

/// <summary>
/// The fast CPU's functions of one element against the platform's in f64: every 4093rd f32, so that all exponents, signs and low bits come up, in every
/// run; all 2^32 where BACKENDS_NIGHTLY is set. Bounds are what was measured, rounded up: they lie inside accuracy.md's.
/// </summary>
public sealed class UnaryTests
{
    private const int Chunk = 1 << 20;

    public static TheoryData<string, double> Functions => new()
    {
        { "exp", 2 }, { "log", 2 }, { "sin", 0.51 }, { "tanh", 4 }, { "erf", 6 }, { "sqrt", 0.51 }, { "rsqrt", 1.51 }, { "floor", 0 }, { "round", 0 },
    };

    [Theory, MemberData(nameof(Functions))]
    public void Every_float_is_within_the_bound(string function, double bound)
    {
        bool all = Environment.GetEnvironmentVariable("BACKENDS_NIGHTLY") == "1";
        long step = all ? 1 : 4093;
        var op = Operator(function);
        double worst = 0;
        float at = 0;
        for (long start = 0; start < 1L << 32; start += step * Chunk)
        {
            int count = (int)Math.Min(Chunk, ((1L << 32) - start + step - 1) / step);
            float[] x = new float[count];
            for (int i = 0; i < count; i++) x[i] = BitConverter.UInt32BitsToSingle((uint)(start + i * step));
            float[] y = Bench.Map<float, float>("cpu", op, DType.F32, DType.F32, "", x);
            for (int i = 0; i < count; i++)
            {
                double error = Error(y[i], Exact(function, x[i]));
                if (error > worst) (worst, at) = (error, x[i]);
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{function}: {worst:0.000} ulp at {at:R}");
        Assert.True(worst <= bound, $"{function}({at:R}) is off by {worst} ulp");
    }

    [Theory, MemberData(nameof(Functions))]
    public void All_sixteen_bit_inputs_are_right_to_one_ulp(string function, double bound)
    {
        Assert.True(bound <= 6);
        ushort[] x = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        ushort[] half = Bench.Map<ushort, ushort>("cpu", Operator(function), DType.F16, DType.F16, "", x);
        ushort[] brain = Bench.Map<ushort, ushort>("cpu", Operator(function), DType.BF16, DType.BF16, "", x);
        for (int i = 0; i < x.Length; i++)
        {
            double fromHalf = (double)BitConverter.UInt16BitsToHalf(x[i]), fromBrain = (float)BFloat16.FromBits(x[i]);
            Check((double)BitConverter.UInt16BitsToHalf(half[i]), Exact(function, fromHalf), 10, -14, 65520, $"{function}({fromHalf})");
            Check((float)BFloat16.FromBits(brain[i]), Exact(function, fromBrain), 7, -126, 3.3961775292304601e38, $"{function}({fromBrain})");
        }
    }

    [Fact]
    public void Sizes_around_the_widest_lanes_give_the_same_bits_as_single_elements()
    {
        float[] values = [.. Enumerable.Range(0, 67).Select(i => (i - 33) * 0.37f)];
        foreach (var (function, _) in Functions.Select(f => f.Data))
            for (int size = 1; size <= values.Length; size++)
            {
                float[] whole = Bench.Map<float, float>("cpu", Operator(function), DType.F32, DType.F32, "", values[..size]);
                float single = Bench.Map<float, float>("cpu", Operator(function), DType.F32, DType.F32, "", [values[size - 1]])[0];
                Assert.Equal(BitConverter.SingleToUInt32Bits(single), BitConverter.SingleToUInt32Bits(whole[^1]));
            }
    }

    private static Operator Operator(string function) => function switch
    {
        "exp" => CoreOperators.Exp,
        "log" => CoreOperators.Log,
        "sin" => CoreOperators.Sin,
        "tanh" => CoreOperators.Tanh,
        "erf" => CoreOperators.Erf,
        "sqrt" => CoreOperators.Sqrt,
        "rsqrt" => CoreOperators.Rsqrt,
        "floor" => CoreOperators.Floor,
        _ => CoreOperators.Round,
    };

    private static double Exact(string function, double x) => function switch
    {
        "exp" => Math.Exp(x),
        "log" => Math.Log(x),
        "sin" => Math.Sin(x),
        "tanh" => Math.Tanh(x),
        "erf" => Erf(x),
        "sqrt" => Math.Sqrt(x),
        "rsqrt" => 1 / Math.Sqrt(x),
        "floor" => Math.Floor(x),
        _ => Math.Round(x),
    };

    // Its Taylor series up to 3, where terms of 1e3 leave 13 digits; beyond, 1 less the continued fraction of erfc.
    private static double Erf(double x)
    {
        double size = Math.Abs(x);
        if (double.IsNaN(x) || size > 6) return double.IsNaN(x) ? x : Math.Sign(x);
        if (size > 3)
        {
            double fraction = size;
            for (int k = 60; k > 0; k--) fraction = size + k / 2.0 / fraction;
            return Math.CopySign(1 - Math.Exp(-size * size) / (fraction * Math.Sqrt(Math.PI)), x);
        }
        double term = x, sum = x;
        for (int k = 1; k < 80; k++)
        {
            term *= -x * x / k;
            sum += term / (2 * k + 1);
        }
        return sum * 2 / Math.Sqrt(Math.PI);
    }

    private static double Error(float y, double exact)
    {
        if (double.IsNaN(exact)) return float.IsNaN(y) ? 0 : double.PositiveInfinity;
        if (Math.Abs(exact) >= 3.4028235677973366e38) return y == Math.CopySign(float.PositiveInfinity, exact) ? 0 : double.PositiveInfinity;
        return Math.Abs(y - exact) / Ulp(exact, 23, -126);
    }

    private static void Check(double y, double exact, int fraction, int minExponent, double overflow, string call)
    {
        if (double.IsNaN(exact)) Assert.True(double.IsNaN(y), $"{call} = {y}");
        else if (Math.Abs(exact) >= overflow) Assert.Equal(Math.CopySign(double.PositiveInfinity, exact), y);
        else Assert.True(Math.Abs(y - exact) <= Ulp(exact, fraction, minExponent), $"{call} = {y}, not {exact}");
    }

    private static double Ulp(double x, int fraction, int minExponent) => Math.ScaleB(1, Math.Max(minExponent, x == 0 ? minExponent : Math.ILogB(x)) - fraction);
}
