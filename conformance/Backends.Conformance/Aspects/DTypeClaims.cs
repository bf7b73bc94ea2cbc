namespace Backends.Conformance;

/// <summary>Every combination of dtypes that the declaration allows works, and what a record claims runs natively (CAP-3, CAP-4, KER-6).</summary>
/// <remarks>Here the host allocates the results; elsewhere the suite does, with guards.</remarks>
internal sealed class DTypeClaims : Aspect
{
    public const string AspectName = "dtypes";

    public override string Name => AspectName;

    // Two shapes of those where layouts differ: with rows and without. One case a combination, so the count of a profile does not cut.
    public override IEnumerable<CallCase> Derive(Axes axes, int count) =>
        axes.Types.SelectMany((types, i) => axes.Pair(Name, 1, [FillAxis.Integers], [axes.LayoutShapes[i % axes.LayoutShapes.Count]], [types]));
}
