namespace Backends;

/// <summary>What an operator's schema string says, parsed. Two schemas are the same operator when their texts are equal.</summary>
public sealed class Schema : IEquatable<Schema>
{
    internal Schema(string name, IReadOnlyList<TensorParameter> tensors, IReadOnlyList<AttributeParameter> attributes,
        IReadOnlyList<OutputParameter> outputs, IReadOnlyList<TypeVariable> variables, SchemaClauses clauses)
    {
        Name = name;
        Tensors = tensors;
        Attributes = attributes;
        Outputs = outputs;
        Variables = variables;
        Shape = clauses.Shape;
        Accuracy = clauses.Accuracy;
        Random = clauses.Random;
        Empty = clauses.Empty;
        InPlace = clauses.InPlace;
        Phases = clauses.Phases;
        Version = clauses.Version;
        IsView = clauses.IsView;
    }

    /// <summary>The operator's name, for example <c>matmul</c>.</summary>
    public string Name { get; }

    /// <summary>The tensor parameters, in order; they come before the attributes.</summary>
    public IReadOnlyList<TensorParameter> Tensors { get; }

    /// <summary>The parameters that are no tensors, in order.</summary>
    public IReadOnlyList<AttributeParameter> Attributes { get; }

    /// <summary>The results, in order. A single one is called <c>y</c>.</summary>
    public IReadOnlyList<OutputParameter> Outputs { get; }

    /// <summary>The type variables, in the order in which a kernel's combination names them; derived ones last.</summary>
    public IReadOnlyList<TypeVariable> Variables { get; }

    /// <summary>The rule that gives the outputs' shapes.</summary>
    public Rule Shape { get; }

    /// <summary>The rule that says which results are right (docs/accuracy.md).</summary>
    public Rule Accuracy { get; }

    /// <summary>For random operators, the words that an element takes from the stream; else null.</summary>
    public Rule? Random { get; }

    /// <summary>What every result is when an input has no elements, for example the 0 of an empty sum, or a tensor whose elements it keeps; null when that is an error (KER-15).</summary>
    public string? Empty { get; }

    /// <summary>Pairs (output, input) that a kernel may be offered as one tensor.</summary>
    public IReadOnlyList<InPlacePair> InPlace { get; }

    /// <summary>2 when the result's size depends on data: size first, then fill (KER-28); else 1.</summary>
    public int Phases { get; }

    /// <summary>The declaration's version; it rises when an attribute is added (KER-20).</summary>
    public int Version { get; }

    /// <summary>Whether the result is a view of the first input: no kernel is ever asked.</summary>
    public bool IsView { get; }

    /// <summary>The dtype of an output or input, given what each free variable stands for.</summary>
    /// <param name="type">A variable's name, or a dtype's.</param>
    /// <param name="combination">One dtype for each free variable, in their order.</param>
    public DType Resolve(string type, IReadOnlyList<DType> combination)
    {
        if (DTypes.TryParse(type, out var fixedType)) return fixedType;
        var variable = Variables.First(v => v.Name == type);
        if (variable.DerivedFrom is not null) return Derive(variable.Derivation!, Resolve(variable.DerivedFrom, combination));
        return IsFree(variable) ? combination[FreeIndex(variable)] : variable.DTypes[0];
    }

    /// <summary>The variables that a kernel's combination names: those that are not derived from another, and not one dtype beside others.</summary>
    public IEnumerable<TypeVariable> FreeVariables => Variables.Where(IsFree);

    /// <summary>Which parameter a tensor of a call belongs to: an absent optional one keeps its place, the members of a list follow one another.</summary>
    /// <param name="input">The place among the call's tensors.</param>
    /// <param name="inputs">How many there are.</param>
    public int Parameter(int input, int inputs)
    {
        int list = ListParameter;
        return list < 0 || input < list ? input : Math.Max(list, input - (inputs - Tensors.Count));
    }

    /// <summary>The place of the parameter that is a list, or -1; a schema has one at most.</summary>
    public int ListParameter
    {
        get
        {
            for (int i = 0; i < Tensors.Count; i++)
                if (Tensors[i].IsList) return i;
            return -1;
        }
    }

    /// <summary>Whether a call has another number of tensors than the schema has parameters, or may lack one.</summary>
    public bool IsVariadic => Tensors.Any(t => t.IsList || t.IsOptional);

    /// <summary>The free variable that the operator's dtype attribute binds, because no input does; else null.</summary>
    public TypeVariable? BoundByAttribute => FreeVariables.FirstOrDefault(v => Tensors.All(t => t.Type != v.Name));

    /// <summary>Parses a schema string.</summary>
    /// <exception cref="SchemaException">The text breaks the grammar; the message says where and what was expected.</exception>
    public static Schema Parse(string text) => new SchemaParser(text).Parse();

    /// <summary>The canonical text: <see cref="Parse"/> of it gives an equal schema.</summary>
    public override string ToString() => SchemaText.Write(this);

    /// <inheritdoc/>
    public bool Equals(Schema? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Schema);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>A bit for each attribute, in order, that a kernel of this version does not know.</summary>
    public ulong NewerThan(int version)
    {
        ulong mask = 0;
        for (int i = 0; i < Attributes.Count; i++)
            if (Attributes[i].Since > version) mask |= 1UL << i;
        return mask;
    }

    // What can be one dtype alone says nothing, unless it is all there is to say.
    private bool IsFree(TypeVariable variable) => variable.DerivedFrom is null && (variable.DTypes.Count > 1 || Variables.Count(v => v.DerivedFrom is null) == 1);

    private int FreeIndex(TypeVariable variable)
    {
        int index = 0;
        foreach (var free in FreeVariables)
        {
            if (ReferenceEquals(free, variable)) return index;
            index++;
        }
        return -1;
    }

    // wide: the dtype in which a sum of many elements is returned (accuracy.md 1.1): integers get 64 bits, floats stay.
    private static DType Derive(string derivation, DType from) => derivation switch
    {
        "wide" when from.IsFloat => from,
        "wide" when from.IsUnsigned => DType.U64,
        "wide" => DType.I64,
        _ => throw new ArgumentException($"'{derivation}' is no derivation of dtypes.", nameof(derivation)),
    };
}

/// <summary>A tensor parameter: <c>T x</c>, <c>T? x</c> or <c>T[] xs</c>.</summary>
public sealed class TensorParameter(string type, string name, bool isOptional, bool isList)
{
    /// <summary>The type variable that names its dtype.</summary>
    public string Type { get; } = type;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it may be absent.</summary>
    public bool IsOptional { get; } = isOptional;

    /// <summary>Whether it is a list of one or more tensors.</summary>
    public bool IsList { get; } = isList;
}

/// <summary>What kind of value an attribute holds.</summary>
public enum AttributeKind
{
    /// <summary>A 64-bit integer.</summary>
    I64,
    /// <summary>A double.</summary>
    F64,
    /// <summary>True or false.</summary>
    Bool,
    /// <summary>A list of 64-bit integers.</summary>
    I64List,
    /// <summary>A dtype.</summary>
    DType,
    /// <summary>A number of any dtype: <see cref="Scalar"/>.</summary>
    Scalar,
    /// <summary>One of a fixed list of words.</summary>
    Enum,
}

/// <summary>A parameter that is no tensor.</summary>
public sealed class AttributeParameter(AttributeKind kind, string name, string? defaultText, IReadOnlyList<string> members, int offset, int since)
{
    /// <summary>What it holds.</summary>
    public AttributeKind Kind { get; } = kind;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The default as the schema writes it, or null when a value must be given.</summary>
    public string? Default { get; } = defaultText;

    /// <summary>The words of an enum, in the order of their values; else empty.</summary>
    public IReadOnlyList<string> Members { get; } = members;

    /// <summary>Where it lies in the operator's attribute struct, in bytes. Every attribute starts at a multiple of 8.</summary>
    public int Offset { get; } = offset;

    /// <summary>The version of the declaration that added it: a kernel of an older one is not asked for another value than the default (KER-20).</summary>
    public int Since { get; } = since;
}

/// <summary>A result.</summary>
public sealed class OutputParameter(string type, string name)
{
    /// <summary>A type variable or a dtype.</summary>
    public string Type { get; } = type;

    /// <summary>Its name; <c>y</c> for a single unnamed one.</summary>
    public string Name { get; } = name;
}

/// <summary>A type variable: <c>T in f16|f32</c>, or <c>U = wide(T)</c>.</summary>
public sealed class TypeVariable(string name, IReadOnlyList<string> set, string? derivation, string? derivedFrom)
{
    /// <summary>One capital letter.</summary>
    public string Name { get; } = name;

    /// <summary>The dtypes and named sets as written: <c>any</c>, <c>number</c>, <c>integer</c>, <c>float</c>.</summary>
    public IReadOnlyList<string> Set { get; } = set;

    /// <summary>The function that derives it, or null.</summary>
    public string? Derivation { get; } = derivation;

    /// <summary>The variable from which it is derived, or null.</summary>
    public string? DerivedFrom { get; } = derivedFrom;

    /// <summary>The dtypes that it may stand for, in the order of their values.</summary>
    public IReadOnlyList<DType> DTypes { get; } = Backends.DTypes.All.Where(d => set.Any(s => SchemaSets.Contains(s, d))).ToArray();
}

/// <summary>A named rule with arguments: <c>ulp(4, 3, 2)</c>.</summary>
public sealed class Rule(string name, IReadOnlyList<string> arguments)
{
    /// <summary>The rule's name.</summary>
    public string Name { get; } = name;

    /// <summary>Its arguments as written: parameter names or numbers.</summary>
    public IReadOnlyList<string> Arguments { get; } = arguments;

    /// <inheritdoc/>
    public override string ToString() => Arguments.Count == 0 ? Name : $"{Name}({string.Join(", ", Arguments)})";
}

/// <summary>A kernel that says <c>InPlace</c> may find this output and this input to be one tensor.</summary>
public sealed class InPlacePair(string output, string input)
{
    /// <summary>The output's name.</summary>
    public string Output { get; } = output;

    /// <summary>The input's name.</summary>
    public string Input { get; } = input;
}

internal static class SchemaSets
{
    public static bool Contains(string set, DType dtype) => set switch
    {
        "any" => true,
        "number" => dtype is >= DType.U8 and <= DType.F64,
        "integer" => dtype.IsInteger,
        "float" => dtype is >= DType.F16 and <= DType.F64,
        _ => DTypes.TryParse(set, out var one) && one == dtype,
    };

    public static bool IsKnown(string set) => set is "any" or "number" or "integer" or "float" || DTypes.TryParse(set, out _);
}

internal sealed class SchemaClauses
{
    public Rule Shape { get; set; } = null!;
    public Rule Accuracy { get; set; } = null!;
    public Rule? Random { get; set; }
    public string? Empty { get; set; }
    public IReadOnlyList<InPlacePair> InPlace { get; set; } = [];
    public int Phases { get; set; } = 1;
    public int Version { get; set; } = 1;
    public bool IsView { get; set; }
}
