namespace Backends.Conformance;

/// <summary>scaled_dot_product_attention: more keys than queries and fewer, a mask for each row or for all; scores near one another, every fourth key taken out, one row left without any.</summary>
internal sealed class AttentionCases : OperatorCases
{
    private const int Mask = 3, Sparse = 61;

    public override IReadOnlyList<Shape[]>? Shapes =>
    [
        [[2, 3, 4], [2, 5, 4], [2, 5, 6], [3, 5]], [[7, 8], [7, 8], [7, 8], [7, 7]], [[2, 2, 9, 16], [2, 2, 17, 16], [2, 2, 17, 8], [2, 1, 9, 17]], [[3, 33], [65, 33], [65, 5], [1, 65]],
        [[17, 5], [16, 5], [16, 33], [17, 16]], [[33, 2], [9, 2], [9, 3], [33, 9]], [[1, 64], [31, 64], [31, 7], [31]], [[0, 3, 4], [0, 5, 4], [0, 5, 6], [3, 5]],
    ];

    public override IReadOnlyList<Shape[]>? LayoutShapes => [[[2, 5, 4], [2, 7, 4], [2, 7, 3], [5, 7]], [[9, 8], [9, 8], [9, 5], [9, 9]]];

    public override IReadOnlyList<Shape[]>? SpecialShapes => [[[2, 17, 5], [2, 9, 5], [2, 9, 4], [17, 9]]];

    public override (double Low, double High, bool Signed)? Interval(DType dtype, int input) => input switch { 0 or 1 => (0.1, 1, true), 2 => (0.5, 2, false), _ => (0.1, 1, true) };

    public override double Number(int input, double number, uint word) => input switch
    {
        Mask => (word >> 8) % 4 == 0 ? double.NegativeInfinity : number / 8,
        2 => Math.Abs(number) + 0.5,
        _ => number == Math.Floor(number) ? (word >> 8) % 3 - 1.0 : number,
    };

    // What a key that is taken out holds is open, so no NaN stands in the values; of few queries and keys most stay numbers.
    public override void Arrange(Operand data, string fill, long seed, FillContext context)
    {
        if (fill == FillAxis.Special)
            for (long i = 0; i < data.Elements; i++)
                if (context.Input >= 2 || (i + seed) % Sparse != 0) data.Set(i, 0.5 + i % 5 * 0.25);
        if (context.Input != Mask || data.Shape.Rank < 2 || data.Shape[^2] < 3) return;
        long keys = data.Shape[^1];
        for (long j = 0; j < keys; j++) data.Set(keys + j, double.NegativeInfinity);
    }

    public override IEnumerable<CallCase> Errors(Operator op) =>
    [
        Conv2dCases.Wrong(op, "BK2001", "", "", [3, 4], [5, 3], [5, 6], [3, 5]), Conv2dCases.Wrong(op, "BK2001", "", "", [3, 4], [5, 4], [4, 6], [3, 5]),
        Conv2dCases.Wrong(op, "BK2001", "", "", [3, 4], [5, 4], [5, 6], [2, 5]), Conv2dCases.Wrong(op, "BK2001", "", "", [2, 3, 4], [1, 5, 4], [2, 5, 6], [3, 5]),
    ];
}
