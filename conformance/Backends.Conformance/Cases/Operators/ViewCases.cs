namespace Backends.Conformance;

// Elements seen in another shape, or with more around them.

/// <summary>permute: backwards, turned round, the last two exchanged, as they are.</summary>
internal sealed class PermuteCases : OperatorCases
{
    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) =>
    [
        s => Order(s, d => s.Rank - 1 - d), s => Order(s, d => (d + 1) % s.Rank), s => s.Rank < 2 ? null : Order(s, d => d < s.Rank - 2 ? d : d == s.Rank - 1 ? -2 : -1), s => Order(s, d => d - s.Rank),
    ];

    public override IEnumerable<CallCase> Errors(Operator op) => [Conv2dCases.Wrong(op, "BK2005", "dims", "1x1", [3, 4]), Conv2dCases.Wrong(op, "BK2005", "dims", "0x2", [3, 4])];

    private static string Order(Shape s, Func<int, int> dim) => CaseId.Write(Enumerable.Range(0, s.Rank).Select(d => (long)dim(d)).ToArray());
}

/// <summary>expand: as it is, new dimensions in front, sizes of 1 stretched.</summary>
internal sealed class ExpandCases : OperatorCases
{
    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) =>
    [
        s => CaseId.Write((long[])[2, .. s.Select(n => n == 1 ? 3 : -1)]), s => CaseId.Write((long[])[.. s.Select(_ => -1L)]), s => CaseId.Write((long[])[2, 1, .. s]), s => CaseId.Write((long[])[.. s.Select(n => n == 1 ? 5 : n)]),
    ];

    public override IEnumerable<CallCase> Errors(Operator op) => [Conv2dCases.Wrong(op, "BK2001", "sizes", "4x3", [2, 3]), Conv2dCases.Wrong(op, "BK2001", "sizes", "3", [2, 3]), Conv2dCases.Wrong(op, "BK2001", "sizes", "-1x2x3", [2, 3])];
}

/// <summary>pad: one dimension, all, nothing; narrow enough for what is mirrored.</summary>
internal sealed class PadCases : OperatorCases
{
    // Of nothing there is nothing to pad.
    public override bool HasResult(CallCase c) => c.Shapes[0].Elements > 0;

    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => attribute.Name switch
    {
        "pads" => [s => Pairs(s, 1, "1x2"), s => Pairs(s, 2, "2x0x1x3"), s => Pairs(s, 3, "1x1x0x2x3x0"), s => Pairs(s, 1, "7x5"), s => Pairs(s, 0, CaseId.NoDimensions)],
        "value" => Conv2dCases.Texts("2.5", "", "-3", "nan"),
        _ => null,
    };

    public override IEnumerable<CallCase> Errors(Operator op) =>
        [Conv2dCases.Wrong(op, "BK2005", "pads", "1", [3]), Conv2dCases.Wrong(op, "BK2005", "pads", "1x1x1x1", [3]), Conv2dCases.Wrong(op, "BK2005", "pads", "-1x1", [3])];

    private static string? Pairs(Shape s, int rank, string pads) => s.Rank >= rank ? pads : null;
}
