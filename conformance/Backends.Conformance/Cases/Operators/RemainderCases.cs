namespace Backends.Conformance;

/// <summary>remainder: divisors as of div, of both signs; quotients beyond what the format counts.</summary>
internal sealed class RemainderCases : DivisorCases
{
    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => input == 0 ? (1, 200, true) : (0.25, 3, true);
}
