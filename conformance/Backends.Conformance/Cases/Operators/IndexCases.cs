using Backends.Plugins;
using Backends.Reference;

namespace Backends.Conformance;

// Operators that data lead: shapes whose tensors belong together, positions within them.

/// <summary>gather: as many positions as elements, fewer, more along dim; the same size, or less, across.</summary>
/// <remarks>Those derived from it have the same attributes, dim alone.</remarks>
internal class GatherCases : OperatorCases
{
    protected static readonly Shape[][] Pairs =
    [
        [[1], [1]], [[7], [9]], [[8], [8]], [[16], [15]], [[17], [17]], [[31], [33]], [[65], [64]], [[3, 5], [3, 5]], [[3, 5], [2, 9]], [[33, 2], [40, 2]], [[2, 33], [2, 17]],
        [[17, 65], [16, 64]], [[5, 3, 7], [5, 8, 7]], [[4, 1, 9], [4, 3, 9]], [[2, 3, 4, 5], [2, 3, 4, 5]], [[1, 1], [1, 3]], [[4099], [33]], [[33], [4099]], [[64, 65], [64, 65]],
        [[0], [0]], [[3, 2], [3, 0]], [[0, 3], [0, 3]], [[3, 0], [3, 2]],
    ];

    public override IReadOnlyList<Shape[]>? Shapes => Pairs;

    public override IReadOnlyList<Shape[]>? LayoutShapes => [[[5, 33], [5, 33]], [[2, 3, 17], [2, 3, 17]], [[65], [65]], [[9, 8], [9, 8]], [[2, 2, 3, 5], [2, 2, 3, 5]], [[3, 5], [3, 5]]];

    public override IReadOnlyList<Shape[]>? SpecialShapes => [[[31, 9, 7], [31, 9, 7]]];

    public override unsafe long? Positions(void* attributes, IReadOnlyList<Shape> inputs, int input) =>
        input != 1 ? null : inputs[0].Along(((GatherAttributes*)attributes)->Dim) is var dim && dim >= 0 && dim < inputs[0].Rank ? inputs[0][dim] : 0;

    public override IEnumerable<CallCase> Errors(Operator op) =>
    [
        Wrong(op, [3, 4], [3]), Wrong(op, [3, 4], [4, 2]),
    ];

    protected static CallCase Wrong(Operator op, params Shape[] shapes) => new()
    {
        Operator = op, Aspect = "errors", Types = [DType.F32, DType.I64], Shapes = shapes, Attributes = new Dictionary<string, string> { ["dim"] = "1" }, Error = "BK2001", Fill = FillAxis.Integers,
    };
}

/// <summary>scatter_add: gather's shapes, a src for each position; where many go to one place, they are few enough for 16 bits.</summary>
internal sealed class ScatterAddCases : GatherCases
{
    private const int Sparse = 8;

    public override IReadOnlyList<Shape[]>? Shapes => With(Pairs);

    public override IReadOnlyList<Shape[]>? LayoutShapes => With(base.LayoutShapes!);

    public override IReadOnlyList<Shape[]>? SpecialShapes => With(base.SpecialShapes!);

    // Else hardly a sum would be a number.
    public override void Arrange(Operand data, string fill, long seed, FillContext context)
    {
        if (fill != FillAxis.Special || context.Input == 1) return;
        for (long i = 0; i < data.Elements; i++)
            if ((i + seed) % Sparse != 0) data.Set(i, 1 + i % 5);
    }

    public override IEnumerable<CallCase> Errors(Operator op) => [Wrong(op, [3, 4], [3, 2], [3, 3]), Wrong(op, [3, 4], [4, 2], [4, 2])];

    private static Shape[][] With(IEnumerable<Shape[]> pairs) => [.. pairs.Select(p => (Shape[])[.. p, p[1]])];
}

/// <summary>index_select: one row of positions beside any shape.</summary>
internal sealed class IndexSelectCases : GatherCases
{
    public override IReadOnlyList<Shape[]>? Shapes =>
    [
        [[1], [1]], [[7], [9]], [[8], [8]], [[17], [16]], [[33], [65]], [[3, 5], [4]], [[33, 2], [17]], [[2, 33], [33]], [[17, 65], [9]], [[5, 3, 7], [8]], [[4, 1, 9], [3]], [[2, 3, 4, 5], [7]],
        [[4099], [31]], [[31], [4099]], [[64, 65], [63]], [[0], [0]], [[3, 2], [0]], [[0, 3], [2]], [[3, 0], [2]],
    ];

    public override IReadOnlyList<Shape[]>? LayoutShapes => [[[5, 33], [7]], [[2, 3, 17], [5]], [[65], [31]], [[9, 8], [9]], [[2, 2, 3, 5], [4]], [[3, 5], [3]]];

    public override IReadOnlyList<Shape[]>? SpecialShapes => [[[31, 9, 7], [33]]];

    public override IEnumerable<CallCase> Errors(Operator op) => [Wrong(op, [3, 4], [3, 1])];
}

/// <summary>one_hot: as many classes as there are positions.</summary>
internal sealed class OneHotCases : OperatorCases
{
    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) =>
        attribute.Name == "classes" ? [AttributeAxis.Constant("5"), AttributeAxis.Constant("2"), AttributeAxis.Constant("7"), AttributeAxis.Constant("1")] : null;

    public override IReadOnlyList<Shape[]>? SpecialShapes => [[[257]]];

    public override unsafe long? Positions(void* attributes, IReadOnlyList<Shape> inputs, int input) => ((OneHotAttributes*)attributes)->Classes;
}
