namespace Backends.Conformance;

/// <summary>Which tensors of a call lie how: each layout on each tensor alone, then on all at once.</summary>
internal static class LayoutAxis
{
    private static readonly Layout[] s_all =
        [Layout.Transposed, Layout.EveryOther, Layout.Offset, Layout.Expanded, Layout.Reversed, Layout.Unaligned, Layout.Padded];

    public static IReadOnlyList<IReadOnlyDictionary<string, Layout>> Of(Schema schema)
    {
        var inputs = schema.Tensors.Select(t => t.Name).ToArray();
        // A view's result is the host's to lay out, and one whose size the data decide cannot be made beforehand.
        var outputs = schema.IsView || schema.Phases > 1 ? [] : schema.Outputs.Select(o => o.Name).ToArray();
        var choices = new List<IReadOnlyDictionary<string, Layout>>();
        foreach (var layout in s_all)
        {
            string[] tensors = layout == Layout.Expanded ? inputs : [.. inputs, .. outputs];
            choices.AddRange(tensors.Select(t => new Dictionary<string, Layout> { [t] = layout }));
            if (tensors.Length > 1) choices.Add(tensors.ToDictionary(t => t, _ => layout));
        }
        return choices;
    }

    /// <summary>Whether a tensor of this shape can lie so, and differs from a contiguous one then.</summary>
    public static bool Fits(Layout layout, Shape shape) => layout switch
    {
        Layout.Transposed => shape.Rank >= 2 && shape[^1] > 1 && shape[^2] > 1,
        Layout.EveryOther => shape.Rank >= 1 && shape[^1] > 1,
        Layout.Padded => shape.Rank >= 2 && shape[^2] > 1,
        Layout.Expanded or Layout.Reversed => shape.Any(n => n > 1),
        _ => true,
    } && shape.Elements > 0;
}
