namespace Backends.Conformance;

/// <summary>Results are within the bound of the operator's accuracy contract (KER-30); every element is written, nothing else is touched (KER-13).</summary>
internal sealed class Values : Aspect
{
    public override string Name => "values";

    public override IEnumerable<Case> Derive(Axes axes, int count) => axes.Pair(Name, count, FillAxis.Values);
}
