namespace Backends.Conformance;

// Functions of one number: where each is computed with, and where its formulas end or change.

/// <summary>exp: within every format's normal range; the ends of subnormals and of the finite.</summary>
internal sealed class ExpCases : OperatorCases
{
    public static double[] Ends(DType dtype) => dtype switch
    {
        DType.F64 => [709.782712893384, 709.79, -708.3, -744.44, -745.1332191019412, -746, -720, 1e-20, 300],
        DType.F16 => [11.0859375, 11.09375, -9.703125, -16.625, -17.34375, -18, -12, 0.0009765625, 5],
        _ => [88.7, 88.72283, 88.75, -87.33655, -103.9, -103.97208, -105, -95, 1e-10],
    };

    public override long? Modulus(int input) => 19;

    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => dtype switch
    {
        DType.F64 => (-600, 700, false),
        DType.F16 => (-2, 9.5, false),
        _ => (-64, 80, false),
    };

    public override double[] Edges(DType dtype) => Ends(dtype);
}

/// <summary>softmax: exp's ends.</summary>
internal sealed class SoftmaxCases : OperatorCases
{
    public override double[] Edges(DType dtype) => ExpCases.Ends(dtype);
}

/// <summary>sqrt and rsqrt: numbers above 0; subnormals, odd and even exponents.</summary>
internal sealed class RootCases : OperatorCases
{
    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => (0.25, 16, false);

    public override double Number(int input, double number, uint word) => Math.Abs(number);

    public override double[] Edges(DType dtype) => [2, 3, 4, 8, 1e30, 1e-30, 3 * FloatFormat.Of(dtype).Quantum, -1e30];
}

/// <summary>log: numbers above 0; both sides of 1, where digits are lost.</summary>
internal sealed class LogCases : OperatorCases
{
    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => (0.25, 4, false);

    public override double Number(int input, double number, uint word) => Math.Abs(number);

    public override double[] Edges(DType dtype) => [1, 2, 0.9999, 1.0001, 0.99, 1.4142135623730951, 2.718281828459045, 1e30, 1e-30, 3 * FloatFormat.Of(dtype).Quantum];
}

/// <summary>sin: many turns; numbers next to multiples of π, and those that no reduction in a few parts reaches.</summary>
internal sealed class SinCases : OperatorCases
{
    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => (0.1, 30, true);

    public override double[] Edges(DType dtype) =>
        [1e30, -1e30, 1e5, 1e10, 1e22, 355, 22, 3.140625, Math.PI, Math.PI / 2, 33, 48945, 1e-20, 1e-4, 2.9e-4, dtype == DType.F64 ? 5.319372648326541e255 : 16367173.0 * FloatFormat.Power(72), dtype == DType.F64 ? 1e300 : 1e38];
}

/// <summary>tanh: from where it is x itself to where it is ±1.</summary>
internal sealed class TanhCases : OperatorCases
{
    public override long? Modulus(int input) => 11;

    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => (0.001, 3, true);

    public override double[] Edges(DType dtype) => [1e-20, -1e-20, 1e-7, 1e-4, 1e-3, 0.55, 0.625, 8, 9.01, -9.1, 20, 44, 89, 355, 711];
}

/// <summary>erf: from where it is a multiple of x to where it is ±1.</summary>
internal sealed class ErfCases : OperatorCases
{
    public override long? Modulus(int input) => 5;

    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => (0.001, 3, true);

    public override double[] Edges(DType dtype) => [1e-20, -1e-20, 1e-7, 1e-4, 1e-3, 0.84374, 0.84376, 1.25, 2.857, 3.9, -3.9, 4, 5.9, 6, 27];
}

/// <summary>floor and round: quarters, so that no result is what went in; halves of every size, and the last numbers with a fraction.</summary>
internal sealed class WholeCases : OperatorCases
{
    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => (0.5, 200, true);

    public override double Number(int input, double number, uint word) => number == Math.Floor(number) ? number / 4 : number;

    public override double[] Edges(DType dtype)
    {
        var format = FloatFormat.Of(dtype);
        double last = FloatFormat.Power(format.Precision - 2);
        return [3.5, -3.5, 4.5, -4.5, -0.4, 0.4, -1.5, 0.5 - format.UnitRoundoff / 2, -0.75, last + 0.5, last + 1.5, -last - 0.5, 2 * last + 1, 4 * last - 1, 1e30, -1e30];
    }
}

/// <summary>isnan: every fourth number is none, with either sign.</summary>
internal sealed class IsNaNCases : OperatorCases
{
    public override double Number(int input, double number, uint word) => (word & 6) == 0 ? double.NaN : number;
}

/// <summary>sigmoid, silu, gelu: where they bend, where their two forms differ most, and where a power overflows inside.</summary>
internal sealed class ActivationCases : OperatorCases
{
    public override long? Modulus(int input) => 19;

    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => (0.01, 4, true);

    public override double[] Edges(DType dtype) => [2.7, -2.7, -0.75, 5.5, -5.5, 10, -10, 17, -17, 88.7, -88.7, -104, 709.5, -745, 1e-8, -1e-8];
}
