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

    // A dtype that a variable does not stand for.
    private static IEnumerable<CallCase> DTypes(Axes axes) => !axes.HasInputs ? [] :
        from variable in axes.Operator.Schema.FreeVariables.Select((v, i) => (v.DTypes, Place: i))
        from dtype in Backends.DTypes.All.Except(variable.DTypes).Take(3)
        select Wrong(axes, "BK2003", axes.LayoutShapes[0], [.. axes.Types[0].Select((t, i) => i == variable.Place ? dtype : t)]);

    private static IEnumerable<CallCase> Dimensions(Axes axes) =>
        from attribute in axes.Operator.Schema.Attributes
        where AttributeAxis.IsDimension(attribute)
        from dim in (string[])["2", "-3"]
        select Wrong(axes, "BK2005", axes.LayoutShapes.First(s => s[0].Rank == 2), null, new Dictionary<string, string> { [attribute.Name] = dim });

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
        Shapes = shapes, Attributes = WithRequired(axes, shapes[0], attributes ?? []), Into = into, Error = error, Fill = FillAxis.Integers,
    };

    // What has no default is given, so that nothing but the error is wrong.
    private static Dictionary<string, string> WithRequired(Axes axes, Shape shape, Dictionary<string, string> attributes)
    {
        foreach (var attribute in axes.Operator.Schema.Attributes.Where(a => a.Default is null && a != CallCase.BindingAttribute(axes.Operator.Schema)))
            if (!attributes.ContainsKey(attribute.Name)) attributes[attribute.Name] = AttributeAxis.Of(axes.Operator, attribute).Select(c => c(shape)).First(t => t is not null)!;
        return attributes;
    }
}
