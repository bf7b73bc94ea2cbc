namespace Backends.Conformance;

/// <summary>The shapes that a shape rule asks for: one entry holds one shape for each tensor (for <c>given</c>: the result's).</summary>
/// <remarks>
/// Around every vector width of today (7 to 65), rank 0, one, odd, zero-size, and lengths beyond 4,096, where accumulators show themselves.
/// A rule that is not listed is treated like <c>same</c>: every tensor gets one and the same shape. An operator's own shapes come first.
/// </remarks>
internal static class ShapeAxis
{
    private static readonly long[] s_widths = [1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65];

    private static readonly Shape[] s_single =
    [
        Shape.Scalar, .. s_widths.Select(w => Shape.Create([w])),
        [3, 5], [2, 33], [33, 2], [5, 3, 7], [4, 1, 9], [2, 3, 4, 5], [17, 65], [1, 1], [4099], [3, 1, 1, 2, 3], [0], [0, 3], [3, 0, 2],
    ];

    private static readonly Shape[][] s_broadcast =
    [
        .. s_widths.Select(w => (Shape[])[[w], [w]]),
        [Shape.Scalar, Shape.Scalar], [Shape.Scalar, [33]], [[17], Shape.Scalar], [[3, 1], [1, 4]], [[33], [1]], [[1], [65]], [[5, 33], [33]],
        [[2, 1, 17], [3, 1]], [[4, 3], [2, 1, 4, 3]], [[2, 33], [2, 1]], [[5, 3, 7], [5, 3, 7]], [[4099], [4099]], [[64, 65], [1, 65]],
        [[0], [0]], [[0, 3], [1, 3]], [[3, 1], [3, 0]],
    ];

    private static readonly Shape[][] s_reduce =
    [
        .. new Shape[]
        {
            [33], [64], [3, 4097], [4096], [5, 33], [33, 5], [2, 65, 3], [4097, 2], [1], [7], [8], [9], [17], [31], [65], [2, 2049, 3],
            [3, 1, 5], [16411], [2, 3, 4, 5], [15, 63], [1, 32], Shape.Scalar, [0], [0, 3], [3, 0, 2],
        }.Select(s => (Shape[])[s]),
    ];

    private static readonly Shape[][] s_matmul =
    [
        [[1, 1], [1, 1]], [[3, 65], [65, 31]], [[7, 8], [8, 9]], [[1, 33], [33, 1]], [[16, 17], [17, 15]], [[2, 4096], [4096, 3]], [[31, 32], [32, 33]],
        [[1, 64], [64, 65]], [[65, 63], [63, 1]], [[2, 3, 5], [2, 5, 4]], [[2, 1, 9, 7], [3, 7, 8]], [[5, 33], [4, 33, 2]], [[4, 3, 17], [17, 6]],
        [[1, 5, 9], [4, 9, 1]], [[33, 1], [1, 33]], [[3, 4099], [4099, 1]], [[8, 15], [15, 16]], [[64, 64], [64, 64]], [[9, 129], [129, 7]],
        [[0, 3], [3, 4]], [[2, 0], [0, 3]], [[2, 3], [3, 0]],
    ];

    // Lists of one, two and three: of equal sizes, and different in the first or the last dimension alone.
    private static readonly Shape[][] s_lists =
    [
        [[1]], [[33]], [[17], [16]], [[7], [1], [65]], [[3, 5], [3, 5]], [[2, 33], [4, 33]], [[5, 3, 7], [1, 3, 7], [2, 3, 7]], [[4, 9], [4, 8]], [[2, 3, 31], [2, 3, 2]],
        [[2, 3, 4, 5], [2, 3, 4, 5]], [[4099], [64]], [[64, 65], [64, 63]], [[0], [3]], [[2, 3], [0, 3], [1, 3]], [[0, 3], [0, 3]],
    ];

    public static IReadOnlyList<Shape[]> Of(Schema schema) => OperatorCases.Of(schema.Name).Shapes ?? schema.Shape.Name switch
    {
        "broadcast" => Meeting(schema, s_broadcast),
        "reduce" => s_reduce,
        "matmul" => s_matmul,
        _ when schema.ListParameter >= 0 => s_lists,
        _ => [.. s_single.Select(s => Enumerable.Repeat(s, Math.Max(1, schema.Tensors.Count)).ToArray())],
    };

    /// <summary>A few shapes in which every layout differs from the contiguous one.</summary>
    public static IReadOnlyList<Shape[]> ForLayouts(Schema schema) => OperatorCases.Of(schema.Name).LayoutShapes ?? schema.Shape.Name switch
    {
        "broadcast" => Meeting(schema, [[[5, 33], [5, 33]], [[2, 3, 17], [3, 17]], [[4, 9], [4, 1]], [[65], [65]], [[3, 1, 8], [1, 5, 8]], [[2, 2, 3, 5], [2, 2, 3, 5]]]),
        "matmul" => [[[5, 33], [33, 7]], [[2, 3, 17], [17, 4]], [[2, 9, 8], [2, 8, 15]], [[16, 65], [65, 3]]],
        _ when schema.ListParameter >= 0 => [[[5, 33], [3, 33]], [[2, 3, 17], [2, 3, 8]], [[9, 8], [9, 8], [9, 8]], [[65], [31]]],
        _ => [.. new Shape[] { [5, 33], [2, 3, 17], [65], [9, 8], [2, 2, 3, 5], [3, 5] }.Select(s => Enumerable.Repeat(s, Math.Max(1, schema.Tensors.Count)).ToArray())],
    };

    /// <summary>Shapes that hold every special value, and every pair of them where two operands meet, in each place of a vector and behind the last.</summary>
    public static IReadOnlyList<Shape[]> ForSpecial(Schema schema) => OperatorCases.Of(schema.Name).SpecialShapes ?? schema.Shape.Name switch
    {
        "broadcast" => Meeting(schema, [[[2047], [2047]]]),
        "matmul" => [[[29, 31], [31, 15]]],
        "reduce" => [[[31, 9, 7]]],
        "same" when schema.Shape.Arguments.Count > 1 => [.. Single(schema, [31, 9, 7])],
        _ when schema.Accuracy.Name == "composed" => [.. Single(schema, [31, 9, 7])],
        _ => [.. Single(schema, [2047])],
    };

    /// <summary>Shapes in which 4,096 terms and more meet in every output: there accumulators overflow, and last blocks are lost.</summary>
    public static IReadOnlyList<Shape[]> Long(Schema schema) => OperatorCases.Of(schema.Name).LongShapes ?? schema.Shape.Name switch
    {
        "matmul" => [[[2, 4099], [4099, 3]]],
        "reduce" => [[[4099]]],
        "same" when schema.Shape.Arguments.Count > 1 && schema.Accuracy.Name != "composed" => [[[4099]]],
        _ => [],
    };

    // A third tensor is like the first, like the second, or one number.
    private static Shape[][] Meeting(Schema schema, Shape[][] pairs) => schema.Tensors.Count < 3 ? pairs
        : [.. pairs.Select((p, i) => (Shape[])[.. p, (p[0] == p[1] ? i % 4 : i % 3) switch { 0 or 3 => p[1], 1 => p[0], _ => Shape.Scalar }])];

    private static Shape[][] Single(Schema schema, Shape shape) => [[.. Enumerable.Repeat(shape, Math.Max(1, schema.Tensors.Count))]];
}
