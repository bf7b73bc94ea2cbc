namespace Backends.Conformance;

// Operators whose windows walk over height and width.

/// <summary>conv2d: one element, rows, groups down to one channel each, many channels; every list with one number and with two.</summary>
internal sealed class Conv2dCases : OperatorCases
{
    private const int Sparse = 32;

    public override IReadOnlyList<Shape[]>? Shapes =>
    [
        [[2, 3, 7, 9], [4, 3, 3, 3], [4]], [[1, 4, 8, 8], [6, 2, 3, 3], [6]], [[1, 1, 1, 1], [1, 1, 1, 1], [1]], [[1, 4, 9, 7], [4, 1, 3, 3], [4]], [[1, 2, 6, 33], [3, 2, 1, 5], [3]],
        [[3, 2, 5, 17], [5, 2, 2, 3], [5]], [[1, 8, 4, 5], [16, 8, 1, 1], [16]], [[1, 3, 12, 12], [2, 3, 5, 5], [2]], [[2, 6, 5, 5], [6, 2, 3, 2], [6]], [[1, 1, 3, 65], [1, 1, 1, 7], [1]],
        [[1, 16, 4, 4], [3, 16, 3, 3], [3]], [[1, 2, 9, 16], [8, 1, 2, 2], [8]], [[0, 2, 5, 5], [3, 2, 3, 3], [3]],
    ];

    public override IReadOnlyList<Shape[]>? LayoutShapes => [[[2, 3, 5, 7], [4, 3, 3, 3], [4]], [[2, 4, 6, 5], [4, 2, 2, 3], [4]], [[1, 2, 4, 9], [3, 2, 2, 2], [3]]];

    public override IReadOnlyList<Shape[]>? SpecialShapes => [[[2, 2, 9, 11], [6, 2, 3, 3], [6]]];

    public override IReadOnlyList<Shape[]>? LongShapes => [[[1, 256, 3, 3], [1, 256, 3, 3], [1]]];

    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => attribute.Name switch
    {
        "stride" => Texts("", "2", "1x2", "3x1"),
        "padding" => Texts("", "1", "0x2", "2x1"),
        "dilation" => Texts("", "2", "1x2"),
        _ => Texts("", "2", "3", "4"),
    };

    // Each result has a weight of its own, all of them see the same x.
    public override uint? Meeting(int input) => input == 1 ? 0b1110u : 0;

    public override int Thinned => 1;

    // Else hardly a sum would be a number.
    public override void Arrange(Operand data, string fill, long seed, FillContext context)
    {
        if (fill != FillAxis.Special || context.Input != 0) return;
        for (long i = 0; i < data.Elements; i++)
            if ((i + seed) % Sparse != 0) data.Set(i, 1 + i % 5);
    }

    public override IEnumerable<CallCase> Errors(Operator op) =>
    [
        Wrong(op, "BK2001", "", "", [1, 3, 5, 5], [4, 2, 3, 3], [4]), Wrong(op, "BK2001", "", "", [3, 5, 5], [4, 3, 3, 3], [4]), Wrong(op, "BK2001", "", "", [1, 3, 5, 5], [4, 3, 3, 3], [3]),
        Wrong(op, "BK2005", "groups", "2", [1, 3, 5, 5], [4, 3, 3, 3], [4]), Wrong(op, "BK2005", "stride", "0", [1, 3, 5, 5], [4, 3, 3, 3], [4]),
        Wrong(op, "BK2005", "padding", "1x1x1", [1, 3, 5, 5], [4, 3, 3, 3], [4]), Wrong(op, "BK2005", "dilation", "3", [1, 3, 5, 5], [4, 3, 3, 3], [4]),
    ];

    internal static CallCase Wrong(Operator op, string error, string attribute, string value, params Shape[] shapes) => new()
    {
        Operator = op, Aspect = "errors", Types = [DType.F32], Shapes = shapes, Attributes = attribute.Length == 0 ? [] : new Dictionary<string, string> { [attribute] = value }, Error = error, Fill = FillAxis.Integers,
    };

    internal static Func<Shape, string?>[] Texts(params string[] texts) => [.. texts.Select(AttributeAxis.Constant)];
}

/// <summary>max_pool2d: windows side by side, over one another, apart; few numbers, so that the largest comes more than once.</summary>
internal sealed class MaxPool2dCases : OperatorCases
{
    public override IReadOnlyList<Shape[]>? Shapes => [[[2, 3, 7, 9]], [[1, 1, 4, 4]], [[1, 2, 5, 33]], [[1, 1, 6, 65]], [[3, 1, 8, 8]], [[1, 4, 9, 5]], [[1, 1, 3, 3]], [[2, 1, 12, 17]], [[1, 1, 1, 1]], [[0, 2, 5, 5]]];

    public override IReadOnlyList<Shape[]>? LayoutShapes => [[[2, 3, 5, 7]], [[1, 2, 9, 8]], [[2, 2, 3, 17]], [[1, 1, 33, 5]]];

    public override IReadOnlyList<Shape[]>? SpecialShapes => [[[2, 3, 17, 19]]];

    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => attribute.Name switch
    {
        "kernel" => Conv2dCases.Texts("2", "3", "2x3", "1x2"),
        "stride" => Conv2dCases.Texts("", "1", "2", "3x1"),
        "padding" => Conv2dCases.Texts("", "1", "0x1"),
        _ => Conv2dCases.Texts("", "2"),
    };

    public override double Number(int input, double number, uint word) => number == Math.Floor(number) ? (word >> 8) % 7 - 3.0 : number;

    public override IEnumerable<CallCase> Errors(Operator op) =>
    [
        Conv2dCases.Wrong(op, "BK2001", "kernel", "2", [5, 5]), Conv2dCases.Wrong(op, "BK2005", "kernel", "6", [1, 1, 5, 5]), Conv2dCases.Wrong(op, "BK2005", "kernel", "0", [1, 1, 5, 5]),
    ];
}
