namespace Backends.Conformance;

/// <summary>Random operators: keys and counters across all their 64 bits, so that a generator that keeps 32 of them is seen.</summary>
internal sealed class RandomCases : OperatorCases
{
    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => attribute.Name switch
    {
        "seed" => Texts("1", "0", "-1", "4294967296", "9223372036854775807"),
        "offset" => Texts("", "1", "1000003", "4294967295", "1099511627776"),
        "p" => Texts("0.25", "", "0", "1", "0.999"),
        _ => null,
    };

    private static Func<Shape, string?>[] Texts(params string[] texts) => [.. texts.Select(AttributeAxis.Constant)];
}
