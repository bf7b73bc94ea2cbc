using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>What the declaration itself says of a call: the shapes of its results, and so whether it is a call at all.</summary>
internal static unsafe class DeclaredCall
{
    /// <summary>The results' shapes; an extent that the data decide is an upper bound.</summary>
    /// <exception cref="BackendException">The declaration's shape rule refuses the call.</exception>
    public static Shape[] Outputs(CallCase c)
    {
        using var attributes = new AttributeValues(c.Operator, c.AttributeTexts());
        var outputs = new Shape[c.Operator.Schema.Outputs.Count];
        Span<long> strides = stackalloc long[Shape.MaxRank];
        var inference = new Inference
        {
            Operator = c.Operator, Inputs = c.Shapes as Shape[] ?? [.. c.Shapes], Attributes = attributes.Pointer, Outputs = outputs,
            Strides = c.Shapes.Count > 0 ? Contiguous(c.Shapes[0], strides) : default,
        };
        c.Operator.Infer(ref inference);
        return outputs;
    }

    /// <summary>Whether the call has results, and every layout is one that its tensor can have.</summary>
    public static bool Fits(CallCase c)
    {
        var schema = c.Operator.Schema;
        for (int i = 0; i < c.Shapes.Count; i++)
            if (c.Layouts.ContainsKey(c.Parameter(i).Name) && !(c.IsGiven(i) && LayoutAxis.Fits(c.LayoutOf(c.Parameter(i).Name), c.Shapes[i]))) return false;
        if (!OperatorCases.Of(c.Operator).HasResult(c)) return false;
        Shape[] outputs;
        try
        {
            outputs = Outputs(c);
        }
        catch (BackendException)
        {
            return false;                                     // a dim that this shape does not have: no call, so no case
        }
        for (int i = 0; i < outputs.Length; i++)
            if (c.Layouts.ContainsKey(schema.Outputs[i].Name) && !LayoutAxis.Fits(c.LayoutOf(schema.Outputs[i].Name), outputs[i])) return false;
        return c.Into is null || FitsInto(c, outputs[0]);
    }

    /// <summary>Refuses a case that a person wrote and that no run could judge.</summary>
    /// <exception cref="ConformanceException">Aspect or fill is unknown, or the declaration refuses the call.</exception>
    public static Case Checked(Case wanted)
    {
        if (wanted is not CallCase c) return wanted;
        if (Aspect.All.All(a => a.Name != c.Aspect)) throw CaseId.Bad(c.Id, $"there is no aspect '{c.Aspect}'; there are: {string.Join(", ", Aspect.All.Select(a => a.Name))}");
        if (c.Fill.Length > 0 && Fill.Versions.GetValueOrDefault(c.Fill) != c.FillVersion)
            throw CaseId.Bad(c.Id, $"there is no fill '{c.Fill}@{c.FillVersion}'; there are: {string.Join(", ", Fill.Versions.Select(f => $"{f.Key}@{f.Value}"))}");
        try
        {
            if (c.Error is null) Outputs(c);
        }
        catch (BackendException refused)
        {
            throw CaseId.Bad(c.Id, $"the call has no result: {refused.What} {refused.Why}");
        }
        if (c.Error is null && !Fits(c)) throw CaseId.Bad(c.Id, "a layout or target does not fit its tensor, or the call has no result");
        return c;
    }

    /// <summary>Whether any tensor of the call has no elements: such a pass proves little and is counted apart.</summary>
    public static bool IsEmpty(CallCase c) => c.Shapes.Any(s => s.Elements == 0) || Outputs(c).Any(s => s.Elements == 0);

    private static bool FitsInto(CallCase c, Shape output)
    {
        int input = c.Operator.Schema.Tensors.ToList().FindIndex(t => t.Name == c.Into);
        return c.Shapes[input] == output && c.InputType(input) == c.OutputType(0) && c.LayoutOf(c.Into!) != Layout.Expanded;
    }

    private static ReadOnlySpan<long> Contiguous(Shape shape, Span<long> strides)
    {
        long stride = 1;
        for (int d = shape.Rank - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(1, shape[d]);
        }
        return strides[..shape.Rank];
    }
}
