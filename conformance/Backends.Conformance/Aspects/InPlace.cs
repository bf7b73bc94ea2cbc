namespace Backends.Conformance;

/// <summary>A result written onto an input is the result, and only the paired input changes (KER-12, KER-13).</summary>
/// <remarks>Judged by the bound, not bit against bit: a kernel may take another path in place, and both are right within it.</remarks>
internal sealed class InPlace : Aspect
{
    public override string Name => "inplace";

    public override IEnumerable<CallCase> Derive(Axes axes, int count)
    {
        string[] pairs = [.. axes.Operator.Schema.InPlace.Select(p => p.Input)];
        if (pairs.Length == 0) return [];
        // Without a layout first, then the paired input's: the result lies as it does.
        IReadOnlyDictionary<string, Layout>[] layouts = [new Dictionary<string, Layout>(), .. axes.Layouts.Where(l => l.Keys.All(pairs.Contains))];
        Shape[][] shapes = [.. axes.LayoutShapes, .. axes.Shapes];
        string[] fills = [FillAxis.Integers, FillAxis.Uniform];
        return axes.Pair(Name, count, fills, shapes, layouts: layouts, into: pairs)
            .Concat(axes.Pair(Name, pairs.Length * fills.Length, fills, shapes, axes.Plain, [layouts[0]], pairs));
    }
}
