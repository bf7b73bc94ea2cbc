namespace Backends;

/// <summary>What becomes of a call of an operator on a device without a kernel for it.</summary>
public enum OperatorKind
{
    /// <summary>Decomposes into none: a device is asked for a kernel, and the reference has one.</summary>
    Primitive,
    /// <summary>Is written in other operators; a kernel of its own is welcome and asked of nobody.</summary>
    Decomposed,
    /// <summary>A view of its first input, made by the host; no kernel is ever asked.</summary>
    View,
}

/// <summary>A named function of tensors, declared once. A call of it is data: this, and a frame.</summary>
public sealed class Operator
{
    private static int s_count;
    private readonly ShapeRule _shape;

    /// <summary>Made by the generator from a declaration.</summary>
    /// <param name="schema">The schema string.</param>
    /// <param name="summary">Formula and stated special answers.</param>
    /// <param name="kind">What becomes of it without a kernel.</param>
    /// <param name="shape">The declaration's own shape rule where the schema says <c>custom</c>; else null.</param>
    public Operator(string schema, string summary, OperatorKind kind, ShapeRule? shape = null)
    {
        Schema = Schema.Parse(schema);
        Summary = summary;
        Kind = kind;
        _shape = shape ?? ShapeRules.Find(Schema);
        Version = Schema.Version;
        Number = Interlocked.Increment(ref s_count) - 1;
        CombinationCount = 1 << (4 * Schema.FreeVariables.Count());
        ResultIsLikeInputs = Kind != OperatorKind.View && Schema is { Phases: 1, Outputs.Count: 1, Tensors.Count: > 0, Variables.Count: 1 }
            && Schema.Shape is { Name: "same", Arguments.Count: 1 } or { Name: "broadcast" } && Schema.Outputs[0].Type == Schema.Variables[0].Name;
    }

    /// <summary>The name, for example <c>matmul</c>.</summary>
    public string Name => Schema.Name;

    /// <summary>The parsed declaration.</summary>
    public Schema Schema { get; }

    /// <summary>Formula and stated special answers, from the declaration.</summary>
    public string Summary { get; }

    /// <summary>What becomes of it without a kernel.</summary>
    public OperatorKind Kind { get; }

    /// <summary>The declaration's version.</summary>
    public int Version { get; }

    /// <summary>Dense, from 0, valid in this process alone: it appears in no file and no ABI (CUS-1).</summary>
    public int Number { get; }

    /// <summary>Room for one entry a combination of dtypes.</summary>
    public int CombinationCount { get; }

    /// <summary>Whether inputs of one shape and dtype give one result of the same shape and dtype, whatever the attributes.</summary>
    public bool ResultIsLikeInputs { get; }

    /// <summary>The place of a combination among <see cref="CombinationCount"/>.</summary>
    /// <param name="types">One dtype for each free type variable.</param>
    public static int Combination(ReadOnlySpan<DType> types)
    {
        int index = 0;
        foreach (var type in types) index = index << 4 | (int)type;
        return index;
    }

    /// <summary>Runs the shape rule.</summary>
    /// <exception cref="ShapeException">The inputs' shapes do not fit.</exception>
    /// <exception cref="OperatorArgumentException">An attribute is outside what the operator takes.</exception>
    public void Infer(ref Inference inference) => _shape(ref inference);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Gives the shapes of an operator's outputs (and for a view, its strides) from those of its inputs.</summary>
public delegate void ShapeRule(ref Inference inference);

/// <summary>What a shape rule sees, and where it puts its answer.</summary>
public unsafe ref struct Inference
{
    /// <summary>The operator.</summary>
    public Operator Operator { get; init; }

    /// <summary>The inputs' shapes; an absent optional input has rank 0.</summary>
    public ReadOnlySpan<Shape> Inputs { get; init; }

    /// <summary>The operator's attribute struct, or null.</summary>
    public void* Attributes { get; init; }

    /// <summary>Takes one shape for each output. An extent that the data decide is written as an upper bound (KER-28).</summary>
    public Span<Shape> Outputs { get; init; }

    /// <summary>For views: the first input's strides, in elements.</summary>
    public ReadOnlySpan<long> Strides { get; init; }

    /// <summary>For views: takes the result's strides.</summary>
    public long[]? ViewStrides { get; set; }

    /// <summary>For views: takes the first element's distance from the input's first element, in elements.</summary>
    public long ViewOffset { get; set; }
}
