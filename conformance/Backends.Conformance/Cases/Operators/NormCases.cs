using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>layer_norm: rows of every width about a vector's, several dimensions as one row, each of weight and bias there and not.</summary>
internal sealed class LayerNormCases : OperatorCases
{
    public override IReadOnlyList<Shape[]>? Shapes =>
    [
        .. new Shape[] { [7], [8], [9], [2, 16], [3, 17], [2, 31], [33], [64], [5, 65], [2, 3, 33], [3, 1], [1, 127], [2, 2, 3, 5], [0, 3], [2, 1025] }.Select(x => With(x, 1)),
        With([3, 5, 7], 2), With([2, 4, 8], 2), With([2, 3, 4, 5], 3),
    ];

    public override IReadOnlyList<Shape[]>? LayoutShapes => [With([5, 33], 1), With([2, 3, 17], 1), With([9, 8], 1), With([2, 2, 3, 5], 2)];

    public override IReadOnlyList<Shape[]>? SpecialShapes => [With([31, 9, 7], 1)];

    public override IReadOnlyList<Shape[]>? LongShapes => [With([2, 4099], 1)];

    // Far from 0: a variance from the mean of squares less the square of the mean loses its digits there.
    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => input == 0 && dtype.Size >= 4 ? (1024, 1032, false) : null;

    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => attribute.Name switch
    {
        "trailing" => [AttributeAxis.Constant(""), AttributeAxis.Constant("2"), AttributeAxis.Constant("3")],
        "eps" => [AttributeAxis.Constant(""), AttributeAxis.Constant("0.5")],
        _ => null,
    };

    public override IEnumerable<CallCase> Errors(Operator op) =>
        from wrong in (Shape[][])[[[3, 4], [3], [4]], [[3, 4], [4], [3, 4]]]
        select new CallCase { Operator = op, Aspect = "errors", Types = [DType.F32], Shapes = wrong, Error = "BK2001", Fill = FillAxis.Integers };

    private static Shape[] With(Shape x, int dims) => [x, Shape.Create(x.AsSpan()[^dims..]), Shape.Create(x.AsSpan()[^dims..])];
}

/// <summary>cross_entropy: a class for each row.</summary>
internal sealed class CrossEntropyCases : OperatorCases
{
    private const int Few = 70;

    public override IReadOnlyList<Shape[]>? Shapes =>
        [.. new Shape[] { [7], [1, 10], [8, 3], [9, 16], [3, 17], [2, 31], [33, 2], [5, 64], [5, 65], [2, 3, 33], [3, 1], [64, 10], [2, 2, 3, 5], [0, 3] }.Select(With)];

    public override IReadOnlyList<Shape[]>? LayoutShapes => [With([5, 33]), With([2, 3, 17]), With([9, 8])];

    public override IReadOnlyList<Shape[]>? SpecialShapes => [With([31, 9, 7])];

    public override IReadOnlyList<Shape[]>? LongShapes => [With([2, 4099])];

    // Of few rows all stay numbers: beside NaN no mean tells what a target outside has done to it.
    public override void Arrange(Operand data, string fill, long seed, FillContext context)
    {
        if (fill != FillAxis.Special || context.Input != 0 || data.Elements > Few) return;
        for (long i = 0; i < data.Elements; i++) data.Set(i, (i * 7 + seed) % 11 * 0.5 - 2);
    }

    public override unsafe long? Positions(void* attributes, IReadOnlyList<Shape> inputs, int input) => input == 1 ? inputs[0][^1] : null;

    public override IEnumerable<CallCase> Errors(Operator op) =>
        [new CallCase { Operator = op, Aspect = "errors", Types = [DType.F32, DType.I64], Shapes = [[3, 4], [4]], Error = "BK2001", Fill = FillAxis.Integers }];

    private static Shape[] With(Shape x) => [x, Shape.Create(x.AsSpan()[..^1])];
}
