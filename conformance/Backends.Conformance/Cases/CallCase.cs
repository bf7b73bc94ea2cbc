namespace Backends.Conformance;

/// <summary>One call of one operator, and what its result is held to.</summary>
internal sealed class CallCase : Case
{
    /// <summary>The operator under test.</summary>
    public required Operator Operator { get; init; }

    /// <inheritdoc/>
    public override string Subject => Operator.Name;

    /// <inheritdoc/>
    public required override string Aspect { get; init; }

    /// <summary>One dtype for each free type variable, as in a kernel's combination.</summary>
    public required IReadOnlyList<DType> Types { get; init; }

    /// <summary>One shape for each tensor of the call: the members of a list one after another, rank 0 for one that is absent.</summary>
    public IReadOnlyList<Shape> Shapes { get; init; } = [];

    /// <summary>Optional tensors that are not given, by name.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>The parameter that a tensor of the call belongs to.</summary>
    public TensorParameter Parameter(int input) => Operator.Schema.Tensors[Operator.Schema.Parameter(input, Shapes.Count)];

    /// <summary>Whether a tensor of the call is given.</summary>
    public bool IsGiven(int input) => !Absent.Contains(Parameter(input).Name);

    /// <summary>The attributes that are not their default, but for the one that <see cref="Types"/> already tells.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Layouts by the name of an input or output; contiguous ones are left out.</summary>
    public IReadOnlyDictionary<string, Layout> Layouts { get; init; } = new Dictionary<string, Layout>();

    /// <summary>The input that takes the result, or null.</summary>
    public string? Into { get; init; }

    /// <summary>The error that must come instead of a result, for example <c>BK2001</c>, or null.</summary>
    public string? Error { get; init; }

    /// <summary>What the inputs hold, for example <c>integers</c>; empty for an operator without inputs.</summary>
    public string Fill { get; init; } = "";

    /// <summary>The fill's version: what a version gives never changes.</summary>
    public int FillVersion { get; init; } = 1;

    /// <summary>The dtype or dtypes as the id writes them: <c>f32</c>, for a cast <c>f32,f16</c>.</summary>
    public string TypeText => string.Join(',', Types.Select(t => t.Name));

    /// <summary>The dtype of a tensor of the call.</summary>
    public DType InputType(int index) => Operator.Schema.Resolve(Parameter(index).Type, Types);

    /// <summary>The dtype of a result.</summary>
    public DType OutputType(int index) => Operator.Schema.Resolve(Operator.Schema.Outputs[index].Type, Types);

    /// <summary>A tensor's layout.</summary>
    public Layout LayoutOf(string tensor) => Layouts.GetValueOrDefault(tensor);

    /// <summary>Every attribute that a call must give, with the one that binds a dtype, as texts that <see cref="Plugins.AttributeValues"/> reads.</summary>
    public Dictionary<string, string> AttributeTexts()
    {
        var texts = Attributes.ToDictionary(a => a.Key, a => a.Value == CaseId.NoDimensions ? "[]" : a.Value);
        if (BindingAttribute(Operator.Schema) is { } binding) texts[binding.Name] = Types[FreeIndex(Operator.Schema)].Name;
        return texts;
    }

    /// <summary>The attribute that says what no input does: the dtype of the result.</summary>
    public static AttributeParameter? BindingAttribute(Schema schema) =>
        schema.BoundByAttribute is null ? null : schema.Attributes.First(a => a.Kind == AttributeKind.DType);

    /// <summary>The same case with the seed that it has in a run.</summary>
    public CallCase In(ulong run) => Fill.Length == 0 ? this : new CallCase
    {
        Operator = Operator, Aspect = Aspect, Types = Types, Shapes = Shapes, Absent = Absent, Attributes = Attributes, Layouts = Layouts,
        Into = Into, Error = Error, Fill = Fill, FillVersion = FillVersion, Seed = SeedOf(run, Id),
    };

    /// <inheritdoc/>
    protected override string Write() => CaseId.Write(this);

    private static int FreeIndex(Schema schema) => schema.FreeVariables.ToList().IndexOf(schema.BoundByAttribute!);
}
