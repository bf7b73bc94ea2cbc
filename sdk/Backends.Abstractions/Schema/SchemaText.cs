using System.Text;

namespace Backends;

/// <summary>Writes a schema's canonical text: one space around <c>-></c>, <c>:</c> and <c>;</c>, clauses in a fixed order, defaults of clauses left out.</summary>
internal static class SchemaText
{
    public static string Write(Schema schema)
    {
        var text = new StringBuilder(schema.Name).Append('(');
        var parameters = schema.Tensors.Select(Parameter).Concat(schema.Attributes.Select(Parameter));
        text.Append(string.Join(", ", parameters)).Append(") -> ").Append(Outputs(schema.Outputs));
        if (schema.Variables.Count > 0) text.Append(" : ").Append(string.Join(", ", schema.Variables.Select(Variable)));
        if (schema.IsView) text.Append(" ; view");
        text.Append(" ; shape=").Append(schema.Shape).Append(" ; accuracy=").Append(schema.Accuracy);
        if (schema.InPlace.Count > 0) text.Append(" ; inplace=").Append(string.Join(", ", schema.InPlace.Select(p => $"{p.Output}:{p.Input}")));
        if (schema.Empty is not null) text.Append(" ; empty=").Append(schema.Empty);
        if (schema.Random is not null) text.Append(" ; random=").Append(schema.Random);
        if (schema.Phases != 1) text.Append(" ; phases=").Append(schema.Phases);
        if (schema.Version != 1) text.Append(" ; version=").Append(schema.Version);
        return text.ToString();
    }

    public static string Word(AttributeParameter attribute) => attribute.Kind switch
    {
        AttributeKind.I64 => "i64",
        AttributeKind.F64 => "f64",
        AttributeKind.Bool => "bool",
        AttributeKind.I64List => "i64[]",
        AttributeKind.DType => "dtype",
        AttributeKind.Scalar => "scalar",
        _ => $"enum{{{string.Join(", ", attribute.Members)}}}",
    };

    private static string Parameter(TensorParameter p) => $"{p.Type}{(p.IsOptional ? "?" : p.IsList ? "[]" : "")} {p.Name}";

    private static string Parameter(AttributeParameter p) => $"{Word(p)} {p.Name}{(p.Default is null ? "" : $" = {p.Default}")}{(p.Since == 1 ? "" : $" since {p.Since}")}";

    private static string Outputs(IReadOnlyList<OutputParameter> outputs) =>
        outputs.Count == 1 && outputs[0].Name == "y" ? outputs[0].Type : $"({string.Join(", ", outputs.Select(o => $"{o.Type} {o.Name}"))})";

    private static string Variable(TypeVariable v) =>
        v.DerivedFrom is null ? $"{v.Name} in {string.Join("|", v.Set)}" : $"{v.Name} = {v.Derivation}({v.DerivedFrom})";
}
