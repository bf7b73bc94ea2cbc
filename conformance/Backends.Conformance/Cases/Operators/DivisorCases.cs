namespace Backends.Conformance;

/// <summary>div and its kin: divisors are small, so that whole quotients differ, and none is 0.</summary>
internal class DivisorCases : OperatorCases
{
    public override long? Modulus(int input) => input == 1 ? 11 : null;

    public override double Number(int input, double number, uint word) => input == 1 && number == 0 ? 3 : number;

    public override ulong Pattern(DType dtype, int input, ulong bits) => input == 1 && (bits & ulong.MaxValue >> (64 - dtype.Size * 8)) == 0 ? 1 : bits;

    public override bool IsDivisor(int input) => input == 1;
}
