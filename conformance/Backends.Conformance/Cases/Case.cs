namespace Backends.Conformance;

/// <summary>One check of one operator: all that its id says, and nothing else. Two cases are the same when their ids are.</summary>
internal sealed class Case : IEquatable<Case>
{
    private string? _id;

    /// <summary>The operator under test.</summary>
    public required Operator Operator { get; init; }

    /// <summary>What is checked, for example <c>values</c>.</summary>
    public required string Aspect { get; init; }

    /// <summary>One dtype for each free type variable, as in a kernel's combination.</summary>
    public required IReadOnlyList<DType> Types { get; init; }

    /// <summary>One shape for each tensor parameter.</summary>
    public IReadOnlyList<Shape> Shapes { get; init; } = [];

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

    /// <summary>The fill's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>The id: it alone rebuilds the case.</summary>
    public string Id => _id ??= CaseId.Write(this);

    /// <summary>The dtype or dtypes as the id writes them: <c>f32</c>, for a cast <c>f32,f16</c>.</summary>
    public string TypeText => string.Join(',', Types.Select(t => t.Name));

    /// <summary>The dtype of a tensor parameter.</summary>
    public DType InputType(int index) => Operator.Schema.Resolve(Operator.Schema.Tensors[index].Type, Types);

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

    /// <inheritdoc/>
    public bool Equals(Case? other) => other is not null && other.Id == Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Case);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Id);

    /// <inheritdoc/>
    public override string ToString() => Id;

    private static int FreeIndex(Schema schema) => schema.FreeVariables.ToList().IndexOf(schema.BoundByAttribute!);
}
