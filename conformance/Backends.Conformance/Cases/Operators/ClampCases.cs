namespace Backends.Conformance;

/// <summary>clamp: one bound, both, equal and crossed ones; fractions, beyond the range of small integers, infinite, none.</summary>
internal sealed class ClampCases : OperatorCases
{
    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => attribute.Name == "low"
        ? Texts("-3", "", "0.75", "nan", "-300", "9")
        : Texts("70000", "1.5", "", "40", "5", "-2", "nan");

    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => (0.5, 100, true);

    private static Func<Shape, string?>[] Texts(params string[] texts) => [.. texts.Select(AttributeAxis.Constant)];
}
