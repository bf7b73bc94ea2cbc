namespace Backends.Conformance;

/// <summary>A wrong call is a typed error with the culprit's name, and nothing is changed by it (KER-24).</summary>
internal sealed class Errors : Aspect
{
    public const string AspectName = "errors";

    public override string Name => AspectName;

    public override IEnumerable<CallCase> Derive(Axes axes, int count) =>
        [.. Shapes(axes), .. DTypes(axes), .. Dimensions(axes), .. Growth(axes), .. Devices(axes), .. OperatorCases.Of(axes.Operator).Errors(axes.Operator)];

    private static IEnumerable<CallCase> Shapes(Axes axes) => axes.Operator.Schema.Shape.Name switch
    {
        "broadcast" => [Wrong(axes, "BK2001", For(axes, [3, 4], [5, 4])), Wrong(axes, "BK2001", For(axes, [2, 3], [4, 2, 2]))],
        "matmul" => [Wrong(axes, "BK2001", [[3, 65], [64, 31]]), Wrong(axes, "BK2001", [[3], [3, 4]]), Wrong(axes, "BK2001", [[2, 3, 4], [3, 4, 5]])],
        _ => [],
    };

    // A dtype that the first variable does not stand for.
    private static IEnumerable<CallCase> DTypes(Axes axes)
    {
        var variable = axes.Operator.Schema.FreeVariables.First();
        var excluded = Backends.DTypes.All.Except(variable.DTypes).ToArray();
        if (!axes.HasInputs || excluded.Length == 0) return [];
        var shapes = axes.LayoutShapes[0];
        return excluded.Take(3).Select(d => Wrong(axes, "BK2003", shapes, [d, .. axes.Types[0].Skip(1)]));
    }

    private static IEnumerable<CallCase> Dimensions(Axes axes) =>
        from attribute in axes.Operator.Schema.Attributes
        where AttributeAxis.IsDimension(attribute)
        from dim in (string[])["2", "-3"]
        select Wrong(axes, "BK2005", [[3, 4]], null, new Dictionary<string, string> { [attribute.Name] = dim });

    // A result that is larger than the input that is to take it.
    private static IEnumerable<CallCase> Growth(Axes axes) =>
        axes.Operator.Schema is { Shape.Name: "broadcast", InPlace: [var pair, ..] } schema && schema.Tensors.Count > 1
            ? [Wrong(axes, "BK2002", [.. schema.Tensors.Select(t => (Shape)(t.Name == pair.Input ? [3, 1] : [3, 4]))], into: pair.Input)] : [];

    // The first tensor has one shape, all others the second.
    private static Shape[] For(Axes axes, Shape first, Shape rest) => [first, .. Enumerable.Repeat(rest, axes.Operator.Schema.Tensors.Count - 1)];

    // The last input on the reference device: nothing moves unasked.
    private static IEnumerable<CallCase> Devices(Axes axes) =>
        axes.Operator.Schema.Tensors.Count > 1 ? [Wrong(axes, "BK2004", axes.LayoutShapes[0])] : [];

    private static CallCase Wrong(Axes axes, string error, Shape[] shapes, IReadOnlyList<DType>? types = null, Dictionary<string, string>? attributes = null, string? into = null) => new()
    {
        Operator = axes.Operator, Aspect = AspectName, Types = types ?? (axes.Plain is [var plain, ..] ? plain : axes.Types[0]),
        Shapes = shapes, Attributes = attributes ?? [], Into = into, Error = error, Fill = FillAxis.Integers,
    };
}
