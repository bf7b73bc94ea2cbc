namespace Backends.Conformance;

/// <summary>Comparisons: few numbers, zeros of both signs among them, so that many are equal; of integers every second is the one with the highest bit alone.</summary>
internal sealed class ComparisonCases : OperatorCases
{
    public override double Number(int input, double number, uint word) => Math.CopySign((word >> 4) % 3 + (number == Math.Floor(number) ? 0 : 0.5), number);

    public override ulong Pattern(DType dtype, int input, ulong bits) => dtype == DType.Bool || (bits >> 33 & 1) != 0 ? bits : 1UL << (dtype.Size * 8 - 1);
}
