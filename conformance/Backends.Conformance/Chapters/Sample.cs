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

    /// <summary>Of each operator and aspect two dtypes: those that the device claims first, then f32.</summary>
    public static IEnumerable<Sample> All(Trial t)
    {
        var stored = t.Plugin.Info.StoredDTypes;
        return from c in s_cases.Value
               where stored is null || c.Types.All(stored.Contains)
               group c by (c.Operator, c.Aspect) into same
               from c in same.OrderByDescending(c => t.Device.Explain(c.Operator, [.. c.Types]).Way == Way.Native).ThenByDescending(c => c.Types[0] == DType.F32).Take(2)
               select new Sample(t, c);
    }

    public Explanation Explain() => _t.Device.Explain(Operator, _inputs, _attributes, Into());

    public Tensor[] Call() => [.. Ops.Invoke(Operator, _t.Device, _inputs, _attributes, Into()).Where(r => !_inputs.Contains(r))];

    public override string ToString() => _case.Id.Split("/fill=")[0];

    private Tensor?[] Into() => _case.Into is { } name ? [_inputs[Operator.Schema.Tensors.ToList().FindIndex(p => p.Name == name)]] : [];

    // Of each operator: plain, with tensors in other layouts, in place; a case for each combination of dtypes.
    private static IEnumerable<CallCase> Derive() =>
        from op in CoreOperators.All
        let axes = new Axes(op)
        from c in new Values().Derive(axes, 32).Concat(new Layouts().Derive(axes, 32)).Concat(new InPlace().Derive(axes, 32))
        where c.Shapes.All(s => s.Elements is > 0 and < 1000)
        group c by (op, c.Aspect, c.TypeText) into same
        select same.First();
}
