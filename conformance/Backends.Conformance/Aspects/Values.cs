namespace Backends.Conformance;

/// <summary>Results are within the bound of the operator's accuracy contract (KER-30); every element is written, nothing else is touched (KER-13).</summary>
internal sealed class Values : Aspect
{
    public override string Name => "values";

    // Pairs of everything, and f32 with every shape: where a vector ends, each width is a case of its own.
    public override IEnumerable<Case> Derive(Axes axes, int count) =>
        axes.Pair(Name, count, FillAxis.Values).Concat(axes.Pair(Name, axes.Shapes.Count, FillAxis.Values, types: [.. axes.Types.Where(t => t.All(d => d == DType.F32))]));
}
