namespace Backends.Conformance;

/// <summary>What an operator's declaration cannot tell about its cases: values of attributes that no kind explains, calls that are errors.</summary>
/// <remarks>One file an operator under Cases/Operators, and only where derivation does not know; most operators have none.</remarks>
internal class OperatorCases
{
    private static readonly OperatorCases s_none = new();

    private static readonly Dictionary<string, OperatorCases> s_byName = new()
    {
        ["amax"] = new AMaxCases(),
        ["slice"] = new SliceCases(),
        ["uniform"] = new UniformCases(),
    };

    public static OperatorCases Of(Operator op) => s_byName.GetValueOrDefault(op.Name, s_none);

    /// <summary>The values to try an attribute with, or null to leave it to its kind.</summary>
    public virtual IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => null;

    /// <summary>Whether a derived call has a result at all; one that has none belongs among the errors.</summary>
    public virtual bool HasResult(CallCase c) => true;

    /// <summary>Calls that must fail, beyond those that every operator of its shape rule has.</summary>
    public virtual IEnumerable<CallCase> Errors(Operator op) => [];
}
