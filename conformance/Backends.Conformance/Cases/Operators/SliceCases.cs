namespace Backends.Conformance;

/// <summary>slice: whole, from within, to within, beyond either end, by steps, backwards.</summary>
internal sealed class SliceCases : OperatorCases
{
    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => attribute.Name switch
    {
        "start" => Texts("", "1", "-2", "100", "-100"),
        "stop" => Texts("", "3", "-1", "100"),
        "step" => Texts("", "2", "3", "-1", "-2"),
        _ => null,
    };

    private static Func<Shape, string?>[] Texts(params string[] texts) => [.. texts.Select(AttributeAxis.Constant)];
}
