using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Backends.Generators;

/// <summary>
/// Role one, in the project that declares operators: from each [Operator] class its argument view, attribute struct, method of
/// <c>Operators&lt;T&gt;</c>, entry in <c>CoreOperators</c>, and the assembly attribute that other projects' generators read.
/// </summary>
[Generator]
public sealed class DeclarationGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var found = context.SyntaxProvider.ForAttributeWithMetadataName("Backends.OperatorAttribute",
            (_, _) => true, (c, _) => Read((INamedTypeSymbol)c.TargetSymbol, c.TargetNode, c.Attributes[0]));
        context.RegisterSourceOutput(found.Collect(), Write);
    }

    private static (Declared? Op, Diagnostic? Problem) Read(INamedTypeSymbol type, SyntaxNode node, AttributeData attribute)
    {
        string text = attribute.ConstructorArguments[0].Value as string ?? "";
        var where = attribute.ApplicationSyntaxReference?.GetSyntax().GetLocation();
        bool Has(string member) => type.GetMembers(member).Any(m => m is IMethodSymbol { IsStatic: true });
        try
        {
            var op = new Declared(text, type.Name, SummaryOf(node), Has("Decompose"), Has("Shape"));
            string? problem =
                !Declared.Agrees(type.Name, op.Schema.Name) ? $"the class '{type.Name}' does not have the letters of '{op.Schema.Name}'"
                : op.OwnShape != (op.Schema.Shape.Name == "custom") ? "a method Shape stands beside the schema exactly when it says shape=custom"
                : null;
            return problem is null ? (op, null) : (null, Diagnostic.Create(Diagnostics.BadDeclaration, where, type.Name, problem));
        }
        catch (SchemaException e)
        {
            return (null, Diagnostic.Create(Diagnostics.BadDeclaration, where, type.Name, e.Message));
        }
    }

    // From the text, not from GetDocumentationCommentXml: that is empty where no documentation file is asked for.
    private static string SummaryOf(SyntaxNode declaration)
    {
        string xml = declaration.GetLeadingTrivia().ToFullString();
        int start = xml.IndexOf("<summary>", StringComparison.Ordinal), end = xml.IndexOf("</summary>", StringComparison.Ordinal);
        if (start < 0 || end < 0) return "";
        var lines = xml.Substring(start + 9, end - start - 9).Split('\n').Select(l => l.Trim().TrimStart('/').Trim());
        return string.Join(" ", lines).Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&").Trim();
    }

    private static void Write(SourceProductionContext context, ImmutableArray<(Declared? Op, Diagnostic? Problem)> found)
    {
        foreach (var (_, problem) in found)
            if (problem is not null) context.ReportDiagnostic(problem);
        var ops = found.Where(f => f.Op is not null).Select(f => f.Op!).OrderBy(o => o.Schema.Name, StringComparer.Ordinal).ToArray();
        if (ops.Length == 0) return;
        context.AddSource("Catalogue.g.cs", Catalogue(ops));
        context.AddSource("Operators.g.cs", Methods(ops));
        context.AddSource("Arguments.g.cs", Arguments(ops));
    }

    private static string Catalogue(Declared[] ops)
    {
        var text = Text.File("the classes with [Operator]");
        foreach (var op in ops)
            text.Line($"[assembly: global::Backends.OperatorDeclaration({Text.Literal(op.Schema.ToString())}, {Text.Literal(op.Name)}, {Text.Literal(op.Summary)})]");
        text.Line().Line("namespace Backends;").Line();
        text.Summary("The operators that every host knows, by name.");
        text.Open("public static class CoreOperators");
        foreach (var op in ops)
        {
            string kind = op.Schema.IsView ? "View" : op.Decomposes ? "Decomposed" : "Primitive";
            string shape = op.OwnShape ? $", global::Backends.Declarations.{op.Name}.Shape" : "";
            text.Summary(op.Summary);
            text.Line($"public static Operator {op.Name} {{ get; }} = new({Text.Literal(op.Schema.ToString())}, {Text.Literal(op.Summary)}, OperatorKind.{kind}{shape});");
        }
        text.Line().Summary("All of them, ordered by name.");
        text.Line($"public static global::System.Collections.Generic.IReadOnlyList<Operator> All {{ get; }} = [{string.Join(", ", ops.Select(o => o.Name))}];");
        text.Close();
        foreach (var op in ops)
            foreach (var a in op.Schema.Attributes.Where(a => a.Kind == AttributeKind.Enum))
            {
                text.Line().Summary($"The values of {op.Schema.Name}'s attribute {a.Name}.").Open($"public enum {op.EnumType(a)}");
                for (int i = 0; i < a.Members.Count; i++) text.Summary(a.Members[i]).Line($"{Declared.Pascal(a.Members[i])} = {i},");
                text.Close();
            }
        return text.ToString();
    }

    private static string Methods(Declared[] ops)
    {
        var text = Text.File("the classes with [Operator]").Line("namespace Backends;").Line();
        text.Open("public abstract unsafe partial class Operators<T> where T : class");
        foreach (var op in ops)
        {
            bool one = op.Schema.Outputs.Count == 1;
            string result = one ? "T" : $"({string.Join(", ", op.Schema.Outputs.Select(o => $"T {Declared.Camel(o.Name)}"))})";
            var parameters = op.Schema.Tensors.Select(t => op.Parameter(t, "T")).Concat(AttributeText.Parameters(op));
            text.Summary(op.Summary).Open($"public virtual {result} {op.Name}({string.Join(", ", parameters)})");
            text.Line($"T[] results = new T[{op.Schema.Outputs.Count}];");
            foreach (string pin in AttributeText.Pins(op)) text.Line(pin);
            text.Open("");
            if (op.HasAttributes) text.Line($"var attributes = new global::Backends.Plugins.{op.AttributesType}({AttributeText.Arguments(op)});");
            text.Line($"Invoke(CoreOperators.{op.Name}, {op.Inputs}, {(op.HasAttributes ? "&attributes" : "null")}, results);");
            text.Close();
            text.Line(one ? "return results[0];" : $"return ({string.Join(", ", op.Schema.Outputs.Select((_, i) => $"results[{i}]"))});");
            text.Close().Line();
        }
        text.Summary("Runs the decomposition of an operator that has one, on this kind of tensor.");
        text.Line("/// <exception cref=\"global::System.ArgumentException\">The operator has no decomposition.</exception>");
        text.Open("protected void Decompose(Operator op, global::System.ReadOnlySpan<T?> inputs, void* attributes, global::System.Span<T> outputs)");
        text.Open("switch (op.Name)");
        foreach (var op in ops.Where(o => o.Decomposes))
        {
            var arguments = op.Schema.Tensors.Select((t, i) => Operand(op, t, i)).Concat(op.Schema.Attributes.Select(a =>
                $"((global::Backends.Plugins.{op.AttributesType}*)attributes)->{Declared.Pascal(a.Name)}"));
            text.Line($"case {Text.Literal(op.Schema.Name)}:");
            string results = string.Join(", ", op.Schema.Outputs.Select((_, i) => $"outputs[{i}]"));
            text.Line($"    {(op.Schema.Outputs.Count == 1 ? results : $"({results})")} = global::Backends.Declarations.{op.Name}.Decompose(this, {string.Join(", ", arguments)});").Line("    return;");
        }
        text.Line("default: throw new global::System.ArgumentException($\"'{op.Name}' has no decomposition.\", nameof(op));").Close().Close().Close();
        return text.ToString();
    }

    private static string Operand(Declared op, TensorParameter tensor, int i) =>
        tensor.IsList ? $"inputs.Slice({i}, {op.ListLength("inputs.Length")})!" : $"inputs[{op.Place(i, "inputs.Length")}]{(tensor.IsOptional ? "" : "!")}";

    private static string Arguments(Declared[] ops)
    {
        var text = Text.File("the classes with [Operator]").Line("using System.Runtime.InteropServices;").Line().Line("namespace Backends.Plugins;");
        foreach (var op in ops.Where(o => !o.Schema.IsView)) View(text.Line(), op);
        foreach (var op in ops.Where(o => o.HasAttributes)) Struct(text.Line(), op);
        return text.ToString();
    }

    private static void View(Text text, Declared op)
    {
        text.Summary($"A call of {op.Schema.Name}, as its kernel sees it. {op.Summary}");
        text.Open($"public readonly unsafe ref struct {op.ArgsType}(CallFrame* frame)");
        text.Summary("The frame itself.").Line("public CallFrame* Frame => frame;");
        text.Summary("The device that the call is for.").Line("public BackendDevice Device => KernelThunk.Device(frame);");
        text.Summary("Elements of the first output.").Line("public long Elements => frame->Elements;");
        if (op.Schema.Phases == 2) text.Summary("1: write the unknown extent, an i64, to the output; 2: fill the output (KER-28).").Line("public int Phase => frame->Phase;");
        for (int i = 0; i < op.Schema.Tensors.Count; i++)
        {
            var tensor = op.Schema.Tensors[i];
            string place = op.Place(i, "frame->InputCount");
            text.Summary($"Input {tensor.Name}{(tensor.IsOptional ? "; it may be absent" : "")}.").Line(tensor.IsList
                ? $"public TensorListArg {Declared.Pascal(tensor.Name)} => new(frame->Inputs + {place}, {op.ListLength("frame->InputCount")});"
                : $"public TensorArg {Declared.Pascal(tensor.Name)} => new(frame->Inputs[{place}]);");
        }
        for (int i = 0; i < op.Schema.Outputs.Count; i++)
            text.Summary($"Output {op.Schema.Outputs[i].Name}.").Line($"public TensorArg {Declared.Pascal(op.Schema.Outputs[i].Name)} => new(frame->Outputs[{i}]);");
        foreach (var a in op.Schema.Attributes)
            text.Summary($"Attribute {SchemaText.Word(a)} {a.Name}.").Line($"public {FieldType(op, a)} {Declared.Pascal(a.Name)} => (({op.AttributesType}*)frame->Attributes)->{Declared.Pascal(a.Name)};");
        text.Close();
    }

    private static void Struct(Text text, Declared op)
    {
        var attributes = op.Schema.Attributes;
        int size = attributes[attributes.Count - 1].Offset + Bytes(attributes[attributes.Count - 1], padded: true);
        text.Summary($"The attributes of {op.Schema.Name}: bk_{op.Schema.Name}_attributes in C. A field beyond the struct's size reads as its default (KER-20).");
        text.Line($"[StructLayout(LayoutKind.Explicit, Size = {size})]").Open($"public unsafe struct {op.AttributesType}");
        text.Line("[FieldOffset(0)] private readonly uint _structSize;").Line("[FieldOffset(8)] private readonly ulong _given;");
        foreach (var a in attributes)
        {
            text.Line($"[FieldOffset({a.Offset})] private readonly {StorageType(a)} _{Declared.Camel(a.Name)};");
            if (a.Kind == AttributeKind.I64List) text.Line($"[FieldOffset({a.Offset + 8})] private readonly long _{Declared.Camel(a.Name)}Length;");
        }
        text.Line().Summary("Fills the struct; lists must stay where they are as long as it is used.");
        text.Open($"public {op.AttributesType}({string.Join(", ", attributes.Select(a => Parameter(op, a)))})");
        text.Line($"_structSize = {size};");
        foreach (var a in attributes)
        {
            string name = Declared.Camel(a.Name);
            text.Line($"_{name} = {(a.Kind == AttributeKind.Bool ? $"{name} ? 1 : 0" : a.Kind is AttributeKind.DType or AttributeKind.Enum ? $"(int){name}" : name)};");
            if (a.Kind == AttributeKind.I64List) text.Line($"_{name}Length = {name}Length;");
        }
        text.Line($"_given = {string.Join(" | ", attributes.Select((a, i) => $"({AttributeText.IsGiven(op, a)} ? {1UL << i}UL : 0)"))};").Close();
        text.Line().Summary("A bit for each attribute, in order, that is not its default.").Line("public readonly ulong Given => _given;");
        foreach (var a in attributes)
        {
            string name = Declared.Camel(a.Name);
            string value = a.Kind switch
            {
                AttributeKind.I64List => $"new global::System.ReadOnlySpan<long>(_{name}, checked((int)_{name}Length))",
                AttributeKind.Bool => $"_{name} != 0",
                AttributeKind.DType or AttributeKind.Enum => $"({AttributeText.ParameterType(op, a)})_{name}",
                _ => $"_{name}",
            };
            string fallback = a.Default is null or "[]" ? "default" : a.Kind == AttributeKind.I64List ? a.Default : a.Kind == AttributeKind.Scalar ? $"({AttributeText.Number(a.Default)})" : AttributeText.Default(op, a);
            text.Line().Summary($"{SchemaText.Word(a)} {a.Name}{(a.Default is null ? "" : $", {a.Default} when not given")}.");
            text.Line($"public readonly {FieldType(op, a)} {Declared.Pascal(a.Name)} => _structSize >= {a.Offset + Bytes(a, padded: false)} ? {value} : {fallback};");
        }
        text.Close();
    }

    private static string Parameter(Declared op, AttributeParameter a) => a.Kind switch
    {
        AttributeKind.I64List => $"long* {Declared.Camel(a.Name)}, long {Declared.Camel(a.Name)}Length",
        AttributeKind.Scalar => $"global::Backends.Scalar {Declared.Camel(a.Name)}",
        _ => $"{AttributeText.ParameterType(op, a)} {Declared.Camel(a.Name)}",
    };

    private static string FieldType(Declared op, AttributeParameter a) => a.Kind switch
    {
        AttributeKind.I64List => "global::System.ReadOnlySpan<long>",
        AttributeKind.Scalar => "global::Backends.Scalar",
        _ => AttributeText.ParameterType(op, a),
    };

    private static string StorageType(AttributeParameter a) => a.Kind switch
    {
        AttributeKind.I64 => "long",
        AttributeKind.F64 => "double",
        AttributeKind.I64List => "long*",
        AttributeKind.Scalar => "global::Backends.Scalar",
        _ => "int",
    };

    private static int Bytes(AttributeParameter a, bool padded) => a.Kind switch
    {
        AttributeKind.I64List or AttributeKind.Scalar => 16,
        AttributeKind.I64 or AttributeKind.F64 => 8,
        _ => padded ? 8 : 4,
    };
}
