using System.Globalization;
using System.Text;

namespace Backends.Cli.Generate;

/// <summary>Writes backends/operators.h: what each operator is, and its attributes as C sees them, at the offsets that the schema gives (KER-20).</summary>
internal static class OperatorHeader
{
    private const int Width = 116;

    public static string Write(IReadOnlyList<Operator> operators)
    {
        var text = new StringBuilder(Head);
        foreach (var op in operators) Section(text, op);
        return text.Append(Foot).ToString();
    }

    private static void Section(StringBuilder text, Operator op)
    {
        text.Append($"/* ---- {op.Name} {new string('-', Math.Max(3, Width - 11 - op.Name.Length))}\n");
        Comment(text, op.Schema.ToString());
        Comment(text, op.Summary);
        if (op.Kind == OperatorKind.View) Comment(text, "The host does this; no kernel is ever asked.");
        if (op.Kind == OperatorKind.Decomposed) Comment(text, "Without a kernel the host runs its decomposition.");
        text.Length--;
        text.Append(" */\n");
        if (op.Schema.Attributes.Count > 0) Attributes(text, op);
        text.Append('\n');
    }

    private static void Attributes(StringBuilder text, Operator op)
    {
        var attributes = op.Schema.Attributes;
        foreach (var a in attributes)
            for (int i = 0; i < a.Members.Count; i++)
                text.Append($"#define {EnumMember(op, a, a.Members[i])} {i}\n");
        text.Append($"typedef struct bk_{op.Name}_attributes {{\n");
        Field(text, "uint32_t", "struct_size", "bytes that the host filled");
        Field(text, "uint32_t", "reserved", "0");
        Field(text, "uint64_t", "given", "a bit for each attribute, in order, that is not its default");
        foreach (var a in attributes) Fields(text, op, a);
        text.Append($"}} bk_{op.Name}_attributes;\n");
        foreach (var a in attributes) Accessors(text, op, a);
    }

    private static void Fields(StringBuilder text, Operator op, AttributeParameter a)
    {
        string meaning = a.Kind switch
        {
            AttributeKind.Bool => "0 is false",
            AttributeKind.DType => "a dtype, such as BK_F32",
            AttributeKind.Enum => EnumMember(op, a, "*").TrimEnd('_'),
            AttributeKind.I64List => $"{a.Name}_length integers",
            _ => "",
        };
        string fallback = (a.Default is null ? "always given" : $"{a.Default} when not given") + (a.Since == 1 ? "" : $"; since version {a.Since}");
        Field(text, CType(a), a.Name, meaning.Length == 0 ? fallback : $"{meaning}; {fallback}");
        if (a.Kind == AttributeKind.I64List) Field(text, "int64_t", $"{a.Name}_length", "");
        if (a.Kind is AttributeKind.Bool or AttributeKind.DType or AttributeKind.Enum) Field(text, "int32_t", $"{a.Name}_reserved", "0");
    }

    private static void Accessors(StringBuilder text, Operator op, AttributeParameter a)
    {
        if (a.Default is null)
        {
            text.Append($"BK_GIVEN({op.Name}, {a.Name}, {CType(a)})\n");
            if (a.Kind == AttributeKind.I64List) text.Append($"BK_GIVEN({op.Name}, {a.Name}_length, int64_t)\n");
            return;
        }
        long[] list = a.Kind == AttributeKind.I64List ? Integers(a.Default) : [];
        string constant = $"bk_{op.Name}_{a.Name}_default";
        if (list.Length > 0) text.Append($"static const int64_t {constant}[] = {{ {string.Join(", ", list)} }};\n");
        if (a.Kind == AttributeKind.Scalar) text.Append($"static const bk_scalar {constant} = {ScalarLiteral(a.Default)};\n");
        string fallback = a.Kind switch
        {
            AttributeKind.I64List => list.Length > 0 ? constant : "NULL",
            AttributeKind.Scalar => constant,
            _ => Literal(op, a),
        };
        text.Append($"BK_ATTRIBUTE({op.Name}, {a.Name}, {CType(a)}, {fallback})\n");
        if (a.Kind == AttributeKind.I64List) text.Append($"BK_ATTRIBUTE({op.Name}, {a.Name}_length, int64_t, {list.Length})\n");
    }

    private static string CType(AttributeParameter a) => a.Kind switch
    {
        AttributeKind.I64 => "int64_t",
        AttributeKind.F64 => "double",
        AttributeKind.I64List => "const int64_t*",
        AttributeKind.Scalar => "bk_scalar",
        _ => "int32_t",
    };

    private static string Literal(Operator op, AttributeParameter a) => (a.Kind, a.Default!) switch
    {
        (AttributeKind.I64, "max") => "INT64_MAX",
        (AttributeKind.I64, "min") => "INT64_MIN",
        (AttributeKind.F64, "nan") => "NAN",
        (AttributeKind.F64, "inf") => "INFINITY",
        (AttributeKind.F64, "-inf") => "-INFINITY",
        (AttributeKind.Bool, var word) => word == "true" ? "1" : "0",
        (AttributeKind.DType, var name) => $"BK_{name.ToUpperInvariant()}",
        (AttributeKind.Enum, var word) => EnumMember(op, a, word),
        (_, var number) => number,
    };

    private static string ScalarLiteral(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out long integer) ? $"{{ BK_I64, 0, {(ulong)integer}u }}"
        : $"{{ BK_F64, 0, 0x{BitConverter.DoubleToUInt64Bits(Real(text)):x16}u }}";

    private static double Real(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static long[] Integers(string list) =>
        [.. list.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, CultureInfo.InvariantCulture))];

    private static string EnumMember(Operator op, AttributeParameter a, string word) => $"BK_{op.Name}_{a.Name}_{word}".ToUpperInvariant().Replace('.', '_');

    private static void Field(StringBuilder text, string type, string name, string comment)
    {
        string field = $"    {type,-8} {name};";
        text.Append(comment.Length == 0 ? field : $"{field,-32} /* {comment} */").Append('\n');
    }

    private static void Comment(StringBuilder text, string sentence)
    {
        string line = " *";
        foreach (string word in sentence.Replace("*/", "* /").Split(' '))
        {
            if (line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line = " *";
            }
            line += $" {word}";
        }
        text.Append(line).Append('\n');
    }

    private const string Head = """
        /* backends/operators.h: every operator's declaration, and its attributes in C.
         * Written by `backends generate` from the declarations in sdk/Backends.Abstractions/Operators; do not edit.
         *
         * A kernel finds its operator's struct in frame->attributes; an operator without a struct here has none. Read an
         * attribute through its function, int64_t dim = bk_softmax_dim(frame): a field that an older host does not know
         * lies beyond struct_size and has its default (KER-20). Lists live for the call.
         */
        #ifndef BACKENDS_OPERATORS_H
        #define BACKENDS_OPERATORS_H

        #include <math.h>
        #include <stddef.h>
        #include <backends/backend.h>

        #define BK_GIVEN(op, name, type)                                                                                     \
            static inline type bk_##op##_##name(const bk_frame* frame) {                                                     \
                return ((const bk_##op##_attributes*)frame->attributes)->name;                                               \
            }
        #define BK_ATTRIBUTE(op, name, type, otherwise)                                                                      \
            static inline type bk_##op##_##name(const bk_frame* frame) {                                                     \
                const bk_##op##_attributes* a = (const bk_##op##_attributes*)frame->attributes;                              \
                return a->struct_size >= offsetof(bk_##op##_attributes, name) + sizeof a->name ? a->name : otherwise;        \
            }


        """;

    private const string Foot = """
        #undef BK_GIVEN
        #undef BK_ATTRIBUTE

        #endif

        """;
}
