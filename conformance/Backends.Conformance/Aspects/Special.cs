namespace Backends.Conformance;

/// <summary>NaN, infinities, zeros of both signs, subnormals and domain edges give the answers that the declaration states (KER-30), at heads, middles and tails.</summary>
internal sealed class Special : Aspect
{
    public override string Name => "special";

    public override IEnumerable<Case> Derive(Axes axes, int count) =>
        axes.HasInputs ? axes.Pair(Name, count, [FillAxis.Special], [.. axes.Shapes.Where(s => s.All(x => x.Elements > 0))]) : [];
}
