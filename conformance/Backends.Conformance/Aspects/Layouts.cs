namespace Backends.Conformance;

/// <summary>Strides, offsets and alignment of inputs and results change no number (KER-3, KER-11), and no byte between or around the elements (MEM-11).</summary>
internal sealed class Layouts : Aspect
{
    public override string Name => "layouts";

    // Pairs of everything, and f32 with every layout of every tensor.
    public override IEnumerable<CallCase> Derive(Axes axes, int count) =>
        axes.Pair(Name, count, [FillAxis.Integers], axes.LayoutShapes, layouts: axes.Layouts)
            .Concat(axes.Pair(Name, axes.Layouts.Count, [FillAxis.Integers], axes.LayoutShapes, axes.Plain, axes.Layouts));
}
