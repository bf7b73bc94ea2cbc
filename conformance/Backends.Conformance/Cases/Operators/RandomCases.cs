using System.Globalization;

namespace Backends.Conformance;

/// <summary>Random operators: keys and counters across all their 64 bits, so that a generator that keeps 32 of them is seen.</summary>
internal sealed class RandomCases : OperatorCases
{
    // The fraction that the first word of seed 1 is: there < and ≤ differ.
    private static readonly string s_threshold = (Philox.Word(1, 0) * FloatFormat.Power(-32)).ToString("R", CultureInfo.InvariantCulture);

    public override bool Proves(CallCase c) =>
        !c.Attributes.Values.Contains(s_threshold) || c.Attributes["seed"] == "1" && !c.Attributes.ContainsKey("offset");

    public override IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => attribute.Name switch
    {
        "seed" => Texts("1", "0", "-1", "4294967296", "9223372036854775807"),
        "offset" => Texts("", "1", "1000003", "4294967295", "1099511627776"),
        "p" => Texts("0.25", "", s_threshold, "0", "1", "0.999"),
        _ => null,
    };

    private static Func<Shape, string?>[] Texts(params string[] texts) => [.. texts.Select(AttributeAxis.Constant)];
}
