using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>One small call of each operator for some dtypes, as its own cases have it: what a chapter asks about operators in general is asked of these.</summary>
internal sealed class Sample
{
    private static readonly Lazy<(CallCase Case, IReadOnlyList<DType[]> Types)[]> s_cases = new(() => [.. Derive()]);
    private readonly Trial _t;
    private readonly CallCase _case;
    private readonly AttributeValues _attributes;
    private readonly Tensor?[] _inputs;

    private Sample(Trial t, CallCase c)
    {
        (_t, _case) = (t, c);
        _attributes = t.Own(new AttributeValues(c.Operator, c.AttributeTexts()));
        _inputs = new Tensor?[c.Shapes.Count];
        for (int i = 0; i < _inputs.Length; i++)
        {
            if (!c.IsGiven(i)) continue;
            var guarded = t.Own(GuardedTensor.Of(t.Device, c.InputType(i), c.Shapes[i], c.LayoutOf(c.Parameter(i).Name), new byte[c.Shapes[i].Elements * c.InputType(i).Size]));
            _inputs[i] = guarded.Tensor;
        }
    }

    public Operator Operator => _case.Operator;

    /// <summary>The dtypes.</summary>
    public IReadOnlyList<DType> Types => _case.Types;

    /// <summary>Each call with two combinations of dtypes: those that the device claims first, then f32.</summary>
    public static IEnumerable<Sample> All(Trial t)
    {
        var stored = t.Plugin.Info.StoredDTypes;
        return from c in s_cases.Value
               from types in c.Types.Where(types => stored is null || types.All(stored.Contains))
                   .OrderByDescending(types => t.Device.Explain(c.Case.Operator, types).Way == Way.Native).ThenByDescending(types => types[0] == DType.F32).Take(2)
               select new Sample(t, Typed(c.Case, types));
    }

    public Explanation Explain() => _t.Device.Explain(Operator, _inputs, _attributes, Into());

    public Tensor[] Call() => [.. Ops.Invoke(Operator, _t.Device, _inputs, _attributes, Into()).Where(r => !_inputs.Contains(r))];

    public override string ToString() => _case.Id.Split("/fill=")[0];

    private Tensor?[] Into() => _case.Into is { } name ? [_inputs[Operator.Schema.Tensors.ToList().FindIndex(p => p.Name == name)]] : [];

    // Of each operator: plain, with tensors in other layouts, in place. What a call is besides its dtypes does not depend on them.
    private static IEnumerable<(CallCase Case, IReadOnlyList<DType[]> Types)> Derive() =>
        from op in CoreOperators.All
        let axes = new Axes(op)
        let first = axes.Types.Take(1).ToArray()
        from c in axes.Pair("values", 2, [FillAxis.Integers], axes.LayoutShapes, first)
            .Concat(axes.Pair("layouts", 3, [FillAxis.Integers], axes.LayoutShapes, first, axes.Layouts))
            .Concat(new InPlace().Derive(axes, 2).Take(2))
        select (c, axes.Types);

    private static CallCase Typed(CallCase c, DType[] types) => new()
    {
        Operator = c.Operator, Aspect = c.Aspect, Types = types, Shapes = c.Shapes, Absent = c.Absent, Attributes = c.Attributes, Layouts = c.Layouts, Into = c.Into, Fill = c.Fill,
    };
}
