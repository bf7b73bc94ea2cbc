namespace Backends.Conformance;

/// <summary>All that a declaration leaves open, as lists to choose from; aspects ask for combinations of them, paired instead of multiplied.</summary>
internal sealed class Axes
{
    private readonly IReadOnlyList<AttributeParameter> _chosen;
    private readonly IReadOnlyList<IReadOnlyList<Func<Shape, string?>>> _attributes;
    private readonly List<string[]> _absent;

    public Axes(Operator op)
    {
        Operator = op;
        Shapes = ShapeAxis.Of(op.Schema);
        LayoutShapes = ShapeAxis.ForLayouts(op.Schema);
        Types = Combinations([.. op.Schema.FreeVariables.Select(v => v.DTypes)]);
        Layouts = LayoutAxis.Of(op.Schema);
        _absent = [[], .. op.Schema.Tensors.Where(t => t.IsOptional).Select(t => (string[])[t.Name])];
        if (_absent.Count > 2) _absent.Add([.. op.Schema.Tensors.Where(t => t.IsOptional).Select(t => t.Name)]);
        _chosen = [.. op.Schema.Attributes.Where(a => a != CallCase.BindingAttribute(op.Schema))];
        _attributes = [.. _chosen.Select(a => AttributeAxis.Of(op, a))];
    }

    public Operator Operator { get; }

    /// <summary>One shape for each tensor, an entry a choice.</summary>
    public IReadOnlyList<Shape[]> Shapes { get; }

    /// <summary>Those whose tensors all have elements.</summary>
    public IReadOnlyList<Shape[]> FilledShapes => [.. Shapes.Where(s => s.All(x => x.Elements > 0))];

    /// <summary>The others: they meet few of the other axes' values, since nothing of them is computed with.</summary>
    public IReadOnlyList<Shape[]> EmptyShapes => [.. Shapes.Where(s => s.Any(x => x.Elements == 0))];

    /// <summary>Shapes in which every layout differs from the contiguous one.</summary>
    public IReadOnlyList<Shape[]> LayoutShapes { get; }

    /// <summary>Shapes that hold every special value; see <see cref="ShapeAxis.ForSpecial"/>.</summary>
    public IReadOnlyList<Shape[]> SpecialShapes => ShapeAxis.ForSpecial(Operator.Schema);

    /// <summary>Shapes of many terms; empty where no elements meet.</summary>
    public IReadOnlyList<Shape[]> LongShapes => ShapeAxis.Long(Operator.Schema);

    /// <summary>The combinations that are f32 wherever the declaration allows it, or the first: they are tried with everything, the others in pairs.</summary>
    public IReadOnlyList<DType[]> Plain
    {
        get
        {
            bool[] real = [.. Operator.Schema.FreeVariables.Select(v => v.DTypes.Contains(DType.F32))];
            return real.Contains(true) ? [.. Types.Where(t => t.Zip(real).All(p => p.First == DType.F32 || !p.Second))] : [Types[0]];
        }
    }

    /// <summary>The most values that an attribute has which is computed with, as a scalar or a rounding; 1 when there is none.</summary>
    public int Computed => _chosen.Zip(_attributes).Where(a => a.First.Kind is AttributeKind.Scalar or AttributeKind.Enum).Select(a => a.Second.Count).DefaultIfEmpty(1).Max();

    /// <summary>The most values that any attribute has; 1 when there is none.</summary>
    public int Choices => _attributes.Select(a => a.Count).DefaultIfEmpty(1).Max();

    /// <summary>Every combination of dtypes that the declaration allows.</summary>
    public IReadOnlyList<DType[]> Types { get; }

    /// <summary>Who lies how.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, Layout>> Layouts { get; }

    /// <summary>Whether there are inputs, and so fills.</summary>
    public bool HasInputs => Operator.Schema.Tensors.Count > 0;

    /// <summary>At most <paramref name="count"/> cases, every value of every axis in at least one, pairs of values first.</summary>
    public IEnumerable<CallCase> Pair(string aspect, int count, IReadOnlyList<string> fills, IReadOnlyList<Shape[]>? shapes = null,
        IReadOnlyList<DType[]>? types = null, IReadOnlyList<IReadOnlyDictionary<string, Layout>>? layouts = null, IReadOnlyList<string?>? into = null)
    {
        shapes ??= Shapes;
        types ??= Types;
        layouts ??= [new Dictionary<string, Layout>()];
        into ??= [null];
        if (!HasInputs) fills = [""];
        int[] lengths = [shapes.Count, fills.Count, types.Count, layouts.Count, into.Count, _absent.Count, .. _attributes.Select(a => a.Count)];
        // The longest of shapes and layouts walks; see Pairing.
        int[] order = [.. Enumerable.Range(0, lengths.Length).OrderByDescending(i => i is 0 or 3 ? lengths[i] : -i)];
        return Pairing.Cover(count, [.. order.Select(i => lengths[i])], chosen =>
        {
            var at = new int[lengths.Length];
            for (int i = 0; i < order.Length; i++) at[order[i]] = chosen[i];
            return Make(aspect, shapes[at[0]], fills[at[1]], types[at[2]], layouts[at[3]], into[at[4]], _absent[at[5]], at.AsSpan(6));
        });
    }

    private CallCase? Make(string aspect, Shape[] shapes, string fill, DType[] types, IReadOnlyDictionary<string, Layout> layouts, string? into, string[] absent, ReadOnlySpan<int> choices)
    {
        var schema = Operator.Schema;
        if (HasInputs && !FillAxis.Fits(fill, schema.Resolve(schema.Tensors[0].Type, types))) return null;
        var attributes = new Dictionary<string, string>();
        int next = 0;
        foreach (var parameter in schema.Attributes)
        {
            if (parameter == CallCase.BindingAttribute(schema)) continue;
            int slot = next++;
            if (_attributes[slot][choices[slot]](shapes[0]) is not { } text) return null;
            if (text.Length > 0 && text != parameter.Default) attributes[parameter.Name] = text;
        }
        var made = new CallCase
        {
            Operator = Operator, Aspect = aspect, Types = types, Shapes = HasInputs ? Given(shapes, absent) : [], Absent = absent, Attributes = attributes, Layouts = layouts, Into = into, Fill = fill,
        };
        return OperatorCases.Of(Operator).Proves(made) && DeclaredCall.Fits(made) ? made : null;
    }

    private Shape[] Given(Shape[] shapes, string[] absent) => absent.Length == 0 ? shapes
        : [.. shapes.Select((s, i) => absent.Contains(Operator.Schema.Tensors[Operator.Schema.Parameter(i, shapes.Length)].Name) ? Shape.Scalar : s)];

    private static List<DType[]> Combinations(IReadOnlyList<DType>[] sets) =>
        sets.Aggregate(new List<DType[]> { Array.Empty<DType>() }, (made, set) => [.. from head in made from d in set select (DType[])[.. head, d]]);
}
