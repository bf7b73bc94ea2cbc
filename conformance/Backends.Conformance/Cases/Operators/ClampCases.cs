namespace Backends.Conformance;

/// <summary>clamp: one bound, both, equal and crossed ones; fractions, beyond the range of small integers, infinite, none.</summary>
internal sealed class ClampCases : OperatorCases
{
    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => attribute.Name == "low"
        ? Texts("-3", "", "0.75", "nan", "-300", "9")
        : Texts("70000", "1.5", "", "40", "5", "-2", "nan");

    // Of two bounds at most one is idle: absent, no number, or beyond all that the fills hold.
    public override bool Proves(CallCase c)
    {
        bool unsigned = c.Types[0].IsUnsigned;
        bool low = c.Attributes.GetValueOrDefault("low", "nan") is not ("nan" or "-300") and var l && !(unsigned && l is ("-3" or "0.75"));
        bool high = c.Attributes.GetValueOrDefault("high", "nan") is not ("nan" or "70000") and var h && !(unsigned && h == "-2");
        return low || high;
    }

    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => (0.5, 100, true);

    private static Func<Shape, string?>[] Texts(params string[] texts) => [.. texts.Select(AttributeAxis.Constant)];
}
