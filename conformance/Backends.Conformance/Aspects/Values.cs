namespace Backends.Conformance;

/// <summary>Results are within the bound of the operator's accuracy contract (KER-30); every element is written, nothing else is touched (KER-13).</summary>
internal sealed class Values : Aspect
{
    public override string Name => "values";

    // Pairs of everything; f32 with every shape: where a vector ends, each width is a case of its own; each dtype with each fill where many
    // terms meet, and with each value of an attribute that is computed with.
    public override IEnumerable<CallCase> Derive(Axes axes, int count) =>
    [
        .. axes.Pair(Name, axes.HasInputs ? count : count / 2, FillAxis.Values, axes.FilledShapes),
        .. axes.Pair(Name, axes.FilledShapes.Count, FillAxis.Values, axes.FilledShapes, axes.Plain),
        .. axes.Pair(Name, axes.EmptyShapes.Count, [FillAxis.Integers], axes.EmptyShapes),
        .. axes.LongShapes.Count > 0 ? axes.Pair(Name, FillAxis.Values.Length * axes.Types.Count, FillAxis.Values, axes.LongShapes) : [],
        .. axes.Computed > 1 ? axes.Pair(Name, axes.Computed * axes.Types.Count, [FillAxis.Integers], axes.LayoutShapes.Take(1).ToArray()) : [],
    ];
}
