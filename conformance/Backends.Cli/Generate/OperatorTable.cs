using System.Text;

namespace Backends.Cli.Generate;

/// <summary>Writes docs/operators.md: one row an operator, to be read by people.</summary>
internal static class OperatorTable
{
    public static string Write(IReadOnlyList<Operator> operators)
    {
        var text = new StringBuilder(Head);
        foreach (var op in operators)
            text.Append($"| `{Call(op.Schema)}` | {Kind(op)} | {DTypesOf(op.Schema)} | `{op.Schema.Accuracy}` | {Cell(op.Summary)} |\n");
        return text.ToString();
    }

    // The signature as declared, without what has a column of its own.
    private static string Call(Schema schema)
    {
        string text = schema.ToString();
        int end = text.IndexOfAny([':', ';']);
        return Cell(text[..end].TrimEnd());
    }

    private static string Kind(Operator op) => op.Kind switch
    {
        OperatorKind.View => "view",
        OperatorKind.Decomposed => "decomposed",
        _ => "primitive",
    };

    private static string DTypesOf(Schema schema) => string.Join("; ", schema.Variables.Select(v => v.DerivedFrom is null
        ? $"{v.Name}: {string.Join(" ", v.Set)}"
        : $"{v.Name}: {v.Derivation} {v.DerivedFrom}"));

    private static string Cell(string text) => text.Replace("|", "\\|");

    private const string Head = """
        # Operators

        Written by `backends generate` from the declarations in sdk/Backends.Abstractions/Operators; do not edit.

        *Primitive*: a device is asked for a kernel, and the reference has one. *Decomposed*: written in other operators; a kernel is welcome and
        asked of nobody. *View*: made by the host, no kernel is ever asked. *any* is every dtype, *number* every integer and `f16 bf16 f32 f64`,
        *float* those four, *wide* `i64` or `u64` for integers and bool, itself for floats. Which results are right: [accuracy.md](accuracy.md).

        | operator | kind | dtypes | accuracy | meaning |
        |---|---|---|---|---|

        """;
}
