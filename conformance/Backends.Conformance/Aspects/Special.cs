namespace Backends.Conformance;

/// <summary>NaN, infinities, zeros of both signs, subnormals and domain edges give the answers that the declaration states (KER-30), at heads, middles and tails.</summary>
internal sealed class Special : Aspect
{
    public override string Name => "special";

    // Short tensors in pairs; then, for each combination of dtypes, one in which every special value has its place.
    public override IEnumerable<CallCase> Derive(Axes axes, int count) => !axes.HasInputs ? [] :
    [
        .. axes.Pair(Name, count, [FillAxis.Special], axes.FilledShapes),
        .. axes.Pair(Name, (axes.Operator.Schema.IsView || axes.Operator.Schema.Accuracy.Name == "moved" ? 1 : Math.Min(3, axes.Choices)) * axes.Types.Count, [FillAxis.Special], axes.SpecialShapes),
    ];
}
