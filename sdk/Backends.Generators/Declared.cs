using System.Text;

namespace Backends.Generators;

/// <summary>An operator as all three roles see it: schema, C# name, summary, and what its class holds beside them.</summary>
internal sealed class Declared(string text, string csharpName, string summary, bool decomposes, bool ownShape)
{
    public string Text { get; } = text;
    public Schema Schema { get; } = Schema.Parse(text);
    public string Name { get; } = csharpName;
    public string Summary { get; } = summary;
    public bool Decomposes { get; } = decomposes;
    public bool OwnShape { get; } = ownShape;

    public bool HasAttributes => Schema.Attributes.Count > 0;

    /// <summary>A tensor parameter in C#; one that may be absent may be left out where nothing required follows.</summary>
    public string Parameter(TensorParameter tensor, string type)
    {
        string name = Camel(tensor.Name);
        if (tensor.IsList) return $"global::System.ReadOnlySpan<{type}> {name}";
        if (!tensor.IsOptional) return $"{type} {name}";
        bool last = Schema.Tensors.SkipWhile(t => t != tensor).All(t => t.IsOptional) && Schema.Attributes.All(a => a.Default is not null);
        return $"{type}? {name}{(last ? " = null" : "")}";
    }

    /// <summary>A call's tensors as one list.</summary>
    public string Inputs => $"[{string.Join(", ", Schema.Tensors.Select(t => $"{(t.IsList ? ".. " : "")}{Camel(t.Name)}"))}]";

    /// <summary>Where a parameter's tensor stands in a list of <paramref name="count"/>: behind a list parameter, it is counted from the end.</summary>
    public string Place(int parameter, string count)
    {
        int list = Schema.ListParameter, behind = Schema.Tensors.Count - parameter;
        return list >= 0 && parameter > list ? $"{count} - {behind}" : $"{parameter}";
    }

    /// <summary>How many tensors the list parameter has in a list of <paramref name="count"/>.</summary>
    public string ListLength(string count) => Schema.Tensors.Count == 1 ? count : $"{count} - {Schema.Tensors.Count - 1}";
    public string AttributesType => $"{Name}Attributes";
    public string ArgsType => $"{Name}Args";

    /// <summary><c>keep_dim</c> becomes <c>KeepDim</c>.</summary>
    public static string Pascal(string name)
    {
        var text = new StringBuilder();
        foreach (string part in name.Split('_'))
            if (part.Length > 0) text.Append(char.ToUpperInvariant(part[0])).Append(part.Substring(1));
        return text.ToString();
    }

    /// <summary><c>keep_dim</c> becomes <c>keepDim</c>.</summary>
    public static string Camel(string name)
    {
        string pascal = Pascal(name);
        return char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
    }

    /// <summary>Whether a class name has the letters of the operator's name: <c>MatMul</c> for <c>matmul</c>.</summary>
    public static bool Agrees(string csharpName, string name) =>
        string.Equals(csharpName, name.Substring(name.LastIndexOf('.') + 1).Replace("_", ""), StringComparison.OrdinalIgnoreCase);

    /// <summary>The name of the C# enum of an enum attribute.</summary>
    public string EnumType(AttributeParameter attribute) => Name + Pascal(attribute.Name);
}

/// <summary>How an attribute is written in C#: as a parameter, as an argument of its struct, and as a default.</summary>
internal static class AttributeText
{
    public static string ParameterType(Declared op, AttributeParameter a) => a.Kind switch
    {
        AttributeKind.I64 => "long",
        AttributeKind.F64 => "double",
        AttributeKind.Bool => "bool",
        AttributeKind.I64List => a.Name == "shape" ? "global::Backends.Shape" : "global::Backends.Dims",
        AttributeKind.DType => "global::Backends.DType",
        AttributeKind.Scalar => a.Default is null ? "global::Backends.Scalar" : "global::Backends.Scalar?",
        _ => $"global::Backends.{op.EnumType(a)}",
    };

    /// <summary>Parameters in order; a default is written only where every later attribute has one too.</summary>
    public static IEnumerable<string> Parameters(Declared op)
    {
        var attributes = op.Schema.Attributes;
        for (int i = 0; i < attributes.Count; i++)
        {
            bool optional = attributes.Skip(i).All(a => a.Default is not null);
            yield return $"{ParameterType(op, attributes[i])} {Declared.Camel(attributes[i].Name)}{(optional ? $" = {Default(op, attributes[i])}" : "")}";
        }
    }

    public static string Default(Declared op, AttributeParameter a) => (a.Kind, a.Default!) switch
    {
        (AttributeKind.I64, "max") => "long.MaxValue",
        (AttributeKind.I64, "min") => "long.MinValue",
        (AttributeKind.I64List, _) => "default",
        (AttributeKind.DType, var name) => DTypeLiteral(name),
        (AttributeKind.Scalar, _) => "null",
        (AttributeKind.F64, var number) => Number(number),
        (AttributeKind.Enum, var word) => $"global::Backends.{op.EnumType(a)}.{Declared.Pascal(word)}",
        (_, var text) => text,
    };

    /// <summary>True when the value in C# differs from the declaration's default; an attribute without default is always given.</summary>
    public static string IsGiven(Declared op, AttributeParameter a)
    {
        string name = Declared.Camel(a.Name);
        if (a.Default is null) return "true";
        return a.Kind switch
        {
            AttributeKind.I64List => a.Default == "[]" ? $"{name}Length != 0" : $"!new global::System.ReadOnlySpan<long>({name}, checked((int){name}Length)).SequenceEqual({a.Default})",
            AttributeKind.Scalar => $"{name} != (global::Backends.Scalar)({Number(a.Default)})",
            AttributeKind.F64 => $"!{name}.Equals({Number(a.Default)})",   // NaN is the default NaN
            _ => $"{name} != {Default(op, a)}",
        };
    }

    /// <summary>The pins a caller needs around building the struct, one for each list.</summary>
    public static IEnumerable<string> Pins(Declared op) =>
        op.Schema.Attributes.Where(a => a.Kind == AttributeKind.I64List)
            .Select(a => $"fixed (long* {Declared.Camel(a.Name)}Pointer = {List(a)}.AsSpan())");

    // No list given means the declaration's.
    private static string List(AttributeParameter a) =>
        a.Default is null or "[]" ? Declared.Camel(a.Name) : $"({Declared.Camel(a.Name)} = {Declared.Camel(a.Name)}.Or({a.Default.Trim('[', ']')}))";

    /// <summary>The arguments with which a caller builds the struct.</summary>
    public static string Arguments(Declared op) => string.Join(", ", op.Schema.Attributes.Select(a =>
    {
        string name = Declared.Camel(a.Name);
        return a.Kind switch
        {
            AttributeKind.I64List => $"{name}Pointer, {name}.AsSpan().Length",
            AttributeKind.Scalar when a.Default is not null => $"{name} ?? {Number(a.Default)}",
            _ => name,
        };
    }));

    /// <summary>A number of a schema in C#.</summary>
    public static string Number(string text) => text switch
    {
        "inf" => "double.PositiveInfinity",
        "-inf" => "double.NegativeInfinity",
        "nan" => "double.NaN",
        _ => text,
    };

    public static string DTypeLiteral(string name) => DTypes.TryParse(name, out var dtype) ? $"global::Backends.DType.{dtype}" : throw new ArgumentException(name);
}
