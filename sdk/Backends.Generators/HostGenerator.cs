using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Backends.Generators;

/// <summary>
/// Role two, in the host (the project that holds the class <c>Backends.Ops</c>): from the assembly attributes of the contract the methods of
/// <c>Ops</c>, <c>Tensor</c> and, for operators that make a tensor from nothing, <c>Device</c>.
/// </summary>
[Generator]
public sealed class HostGenerator : IIncrementalGenerator
{
    private const string Declaration = "OperatorDeclarationAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var isHost = context.SyntaxProvider.CreateSyntaxProvider(
            (node, _) => node is ClassDeclarationSyntax { Identifier.Text: "Ops" }, (c, stop) => c.SemanticModel.GetDeclaredSymbol(c.Node, stop)?.ToDisplayString() == "Backends.Ops")
            .Where(found => found).Collect().Select((found, _) => !found.IsEmpty);
        context.RegisterSourceOutput(context.CompilationProvider.Combine(isHost), (output, pair) =>
        {
            if (!pair.Right) return;
            var ops = Declarations(pair.Left).ToArray();
            output.AddSource("Ops.g.cs", Write(ops));
        });
    }

    /// <summary>The operators that the referenced assemblies declare, by their assembly attributes.</summary>
    internal static IEnumerable<Declared> Declarations(Compilation compilation) =>
        from assembly in compilation.SourceModule.ReferencedAssemblySymbols
        from attribute in assembly.GetAttributes()
        where attribute.AttributeClass is { Name: Declaration, ContainingNamespace.Name: "Backends" }
        let text = attribute.ConstructorArguments
        select new Declared((string)text[0].Value!, (string)text[1].Value!, (string)text[2].Value!, false, false);

    private static string Write(Declared[] ops)
    {
        var text = Text.File("the contract's operator declarations").Line("using Backends.Plugins;").Line().Line("namespace Backends;").Line();
        text.Open("public static unsafe partial class Ops");
        foreach (var op in ops) Static(text, op);
        text.Close().Line().Open("public sealed partial class Tensor");
        foreach (var op in ops.Where(o => o.Schema.Tensors.Count > 0 && !o.Schema.Tensors[0].IsList)) Member(text, op, "this", op.Schema.Tensors.Skip(1));
        text.Close().Line().Open("public sealed partial class Device");
        foreach (var op in ops.Where(o => o.Schema.Tensors.Count == 0)) Member(text, op, "this", []);
        return text.Close().ToString();
    }

    private static void Static(Text text, Declared op)
    {
        var tensors = op.Schema.Tensors;
        var parameters = tensors.Select(t => op.Parameter(t, "Tensor")).ToList();
        if (tensors.Count == 0) parameters.Add("Device device");
        parameters.AddRange(AttributeText.Parameters(op));
        // `into` follows required attributes only when nothing optional stands between.
        bool into = !op.Schema.IsView && op.Schema.Phases == 1 && op.Schema.Outputs.Count == 1;
        if (into) parameters.Add("Tensor? into = null");
        string result = op.Schema.Outputs.Count == 1 ? "Tensor" : $"({string.Join(", ", op.Schema.Outputs.Select(o => $"Tensor {Declared.Camel(o.Name)}"))})";
        text.Summary(op.Summary);
        if (into) text.Line("/// <param name=\"into\">Takes the result: equal to an input, or sharing no element with any. Without it a new tensor is made.</param>");
        text.Line("#pragma warning disable CS1573");
        text.Open($"public static {result} {op.Name}({string.Join(", ", parameters)})");
        foreach (string pin in AttributeText.Pins(op)) text.Line(pin);
        if (AttributeText.Pins(op).Any()) text.Open("");
        if (op.HasAttributes) text.Line($"var attributes = new {op.AttributesType}({AttributeText.Arguments(op)});");
        string attributes = op.HasAttributes ? "&attributes" : "null";
        // One or two tensors and one result may be a plain call.
        bool plain = tensors.Count is 1 or 2 && !op.Schema.IsVariadic && op.Schema.Outputs.Count == 1;
        string arguments = tensors.Count == 0 ? "device" : plain ? string.Join(", ", tensors.Select(t => Declared.Camel(t.Name))) : op.Inputs;
        text.Line(
            op.Schema.IsView ? $"return Dispatcher.View(CoreOperators.{op.Name}, {arguments}, {attributes});"
            : op.Schema.Outputs.Count > 1 ? $"return Dispatcher.InvokeMany{op.Schema.Outputs.Count}(CoreOperators.{op.Name}, {arguments}, {attributes});"
            : into ? $"return Dispatcher.Invoke(CoreOperators.{op.Name}, {arguments}, {attributes}, into);"
            : $"return Dispatcher.Invoke(CoreOperators.{op.Name}, {arguments}, {attributes}, null);");
        if (AttributeText.Pins(op).Any()) text.Close();
        text.Close().Line("#pragma warning restore CS1573").Line();
        if (TakesScalars(op)) Scalars(text, op);
    }

    // Two tensors of one type variable: either may be a number, which takes the other's dtype (KER-17).
    private static bool TakesScalars(Declared op) =>
        op.Schema.Tensors.Count == 2 && op.Schema.Tensors[0].Type == op.Schema.Tensors[1].Type && op.Schema.Shape.Name == "broadcast";

    private static void Scalars(Text text, Declared op)
    {
        string a = Declared.Camel(op.Schema.Tensors[0].Name), b = Declared.Camel(op.Schema.Tensors[1].Name);
        string more = string.Concat(AttributeText.Parameters(op).Select(p => $", {p}"));
        string names = string.Concat(op.Schema.Attributes.Select(p => $", {Declared.Camel(p.Name)}"));
        text.Summary(op.Summary).Line($"public static Tensor {op.Name}(Tensor {a}, Scalar {b}{more}, Tensor? into = null) => {op.Name}({a}, Dispatcher.Scalar({b}, {a}){names}, into);").Line();
        text.Summary(op.Summary).Line($"public static Tensor {op.Name}(Scalar {a}, Tensor {b}{more}, Tensor? into = null) => {op.Name}(Dispatcher.Scalar({a}, {b}), {b}{names}, into);").Line();
    }

    private static void Member(Text text, Declared op, string self, IEnumerable<TensorParameter> rest)
    {
        var others = rest.ToArray();
        var arguments = new[] { self }.Concat(others.Select(t => Declared.Camel(t.Name))).Concat(op.Schema.Attributes.Select(a => Declared.Camel(a.Name)));
        var parameters = others.Select(t => op.Parameter(t, "Tensor")).Concat(AttributeText.Parameters(op));
        string result = op.Schema.Outputs.Count == 1 ? "Tensor" : $"({string.Join(", ", op.Schema.Outputs.Select(o => $"Tensor {Declared.Camel(o.Name)}"))})";
        text.Summary(op.Summary).Line($"public {result} {op.Name}({string.Join(", ", parameters)}) => Ops.{op.Name}({string.Join(", ", arguments)});").Line();
        if (!TakesScalars(op)) return;
        string scalar = string.Join(", ", new[] { $"Scalar {Declared.Camel(others[0].Name)}" }.Concat(AttributeText.Parameters(op)));
        text.Summary(op.Summary).Line($"public Tensor {op.Name}({scalar}) => Ops.{op.Name}({string.Join(", ", arguments)});").Line();
    }
}
