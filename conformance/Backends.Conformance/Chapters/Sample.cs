using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>One small call of each operator for some dtypes, as its own cases have it: what a chapter asks about operators in general is asked of these.</summary>
internal sealed class Sample
{
    private static readonly Lazy<CallCase[]> s_cases = new(() => [.. Derive()]);
    private readonly Trial _t;
    private readonly CallCase _case;
    private readonly AttributeValues _attributes;
    private readonly Tensor[] _inputs;

    private Sample(Trial t, CallCase c)
    {
        (_t, _case) = (t, c);
        _attributes = t.Own(new AttributeValues(c.Operator, c.AttributeTexts()));
        _inputs = new Tensor[c.Shapes.Count];
        for (int i = 0; i < _inputs.Length; i++)
        {
            var guarded = t.Own(GuardedTensor.Of(t.Device, c.InputType(i), c.Shapes[i], c.LayoutOf(c.Operator.Schema.Tensors[i].Name), new byte[c.Shapes[i].Elements * c.InputType(i).Size]));
            _inputs[i] = guarded.Tensor;
        }
    }

    public Operator Operator => _case.Operator;

    /// <summary>The dtypes.</summary>
    public IReadOnlyList<DType> Types => _case.Types;

    public static IEnumerable<Sample> All(Trial t)
    {
        var stored = t.Plugin.Info.StoredDTypes;
        return s_cases.Value.Where(c => stored is null || c.Types.All(stored.Contains)).Select(c => new Sample(t, c));
    }

    public Explanation Explain() => _t.Device.Explain(Operator, _inputs, _attributes, Into());

    public Tensor[] Call() => [.. Ops.Invoke(Operator, _t.Device, _inputs, _attributes, Into()).Where(r => !_inputs.Contains(r))];

    public override string ToString() => _case.Id.Split("/fill=")[0];

    private Tensor?[] Into() => _case.Into is { } name ? [_inputs[Operator.Schema.Tensors.ToList().FindIndex(p => p.Name == name)]] : [];

    // Of each operator: plain, with every tensor in other layouts, in place; for a float, an integer and what else its first dtypes are.
    private static IEnumerable<CallCase> Derive()
    {
        foreach (var op in CoreOperators.All)
        {
            var axes = new Axes(op);
            CallCase[] all = [.. new Values().Derive(axes, 16), .. new Layouts().Derive(axes, 8), .. new InPlace().Derive(axes, 6)];
            foreach (var c in all.Where(c => c.Shapes.All(s => s.Elements is > 0 and < 1000)).GroupBy(c => (c.Aspect, c.TypeText)).Select(g => g.First()).Take(6)) yield return c;
        }
    }
}
