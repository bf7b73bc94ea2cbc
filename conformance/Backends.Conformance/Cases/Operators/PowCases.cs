namespace Backends.Conformance;

/// <summary>pow: small integers on both sides; large exponents, which multiply the error of a logarithm; odd and even ones, bases around 1.</summary>
internal sealed class PowCases : OperatorCases
{
    public override long? Modulus(int input) => 9;

    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => input == 0 ? (0.25, 4, false) : (0.5, dtype == DType.F16 ? 5 : 50, true);

    public override double[] Edges(DType dtype) => [1, 2, 3, -3, 7, -8, 16777217, 33554432, 0.3333333432674408, 127.5, -149, 1.0009765625];
}
