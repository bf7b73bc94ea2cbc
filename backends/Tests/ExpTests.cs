namespace Backends.Cpu.Tests;

public sealed class ExpTests
{
    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void Special_answers_are_exact(string device)
    {
        float[] x = [0f, -0f, float.NegativeInfinity, float.PositiveInfinity, float.NaN, 88.7f, 88.73f, 1e30f, -1e30f, -103.9f, -104.1f];
        float[] y = [1, 1, 0, float.PositiveInfinity, float.NaN, (float)Math.Exp(88.7f), float.PositiveInfinity, float.PositiveInfinity, 0, float.Epsilon, 0];
        Assert.Equal(y[..7], Exp(device, x)[..7], (a, b) => a.Equals(b) || MathF.Abs(a - b) <= 2e31f);
        Assert.Equal(y[7..], Exp(device, x)[7..]);
        Assert.Equal([1.0, 1.0, 0.0, double.PositiveInfinity, double.NaN, double.Epsilon],
            Bench.Map<double, double>(device, CoreOperators.Exp, DType.F64, DType.F64, "", [0.0, -0.0, double.NegativeInfinity, double.PositiveInfinity, double.NaN, -745.1]));
    }

    // Every 4093rd float, so that all exponents, signs and low bits come up: 1,049,343 of them.
    [Fact]
    public void Cpu_is_right_to_two_ulp_over_all_floats()
    {
        const int Step = 4093;
        float[] x = [.. Enumerable.Range(0, (int)((1L << 32) / Step)).Select(i => BitConverter.UInt32BitsToSingle((uint)i * Step))];
        float[] y = Exp("cpu", x);
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double exact = Math.Exp(x[i]);
            if (double.IsNaN(exact)) Assert.True(float.IsNaN(y[i]), $"exp({x[i]}) = {y[i]}");
            else if (exact >= 3.4028235677973366e38) Assert.Equal(float.PositiveInfinity, y[i]);
            else worst = Math.Max(worst, Math.Abs(y[i] - exact) / Ulp(exact, 23, -126));
        }
        Assert.InRange(worst, 0.5, 2);
    }

    [Theory, MemberData(nameof(Bench.Devices), MemberType = typeof(Bench))]
    public void All_sixteen_bit_inputs_are_right_to_one_ulp(string device)
    {
        ushort[] x = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        ushort[] half = Bench.Map<ushort, ushort>(device, CoreOperators.Exp, DType.F16, DType.F16, "", x);
        ushort[] brain = Bench.Map<ushort, ushort>(device, CoreOperators.Exp, DType.BF16, DType.BF16, "", x);
        for (int i = 0; i < x.Length; i++)
        {
            Check((double)BitConverter.UInt16BitsToHalf(x[i]), (double)BitConverter.UInt16BitsToHalf(half[i]), 10, -14, 65520);
            Check((float)BFloat16.FromBits(x[i]), (float)BFloat16.FromBits(brain[i]), 7, -126, 3.3961775292304601e38);
        }
    }

    private static void Check(double x, double y, int fraction, int minExponent, double overflow)
    {
        double exact = Math.Exp(x);
        if (double.IsNaN(exact)) Assert.True(double.IsNaN(y), $"exp({x}) = {y}");
        else if (exact >= overflow) Assert.Equal(double.PositiveInfinity, y);
        else Assert.True(Math.Abs(y - exact) <= Ulp(exact, fraction, minExponent), $"exp({x}) = {y}, not {exact}");
    }

    private static double Ulp(double x, int fraction, int minExponent) => Math.ScaleB(1, Math.Max(minExponent, x == 0 ? minExponent : Math.ILogB(x)) - fraction);

    private static float[] Exp(string device, float[] x) => Bench.Map<float, float>(device, CoreOperators.Exp, DType.F32, DType.F32, "", x);
}
