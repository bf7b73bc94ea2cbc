namespace Backends.Conformance;

/// <summary>nonzero: half of what is counted is 0.</summary>
internal sealed class NonzeroCases : OperatorCases
{
    public override double Number(int input, double number, uint word) => number == Math.Floor(number) && (word & 1) == 0 ? 0 : number;
}
