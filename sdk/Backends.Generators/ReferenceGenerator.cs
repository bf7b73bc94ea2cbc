using Microsoft.CodeAnalysis;

namespace Backends.Generators;

/// <summary>
/// For the reference device alone: from each generic method with [Reference] its case in <c>ReferenceKernels.Run</c> and its record, so that a new
/// operator is its declaration and its kernel, and nothing else is written by hand. Parameters are matched by name.
/// </summary>
[Generator]
public sealed class ReferenceGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var kernels = context.SyntaxProvider.ForAttributeWithMetadataName("Backends.Reference.ReferenceAttribute",
            (_, _) => true, (c, _) => Read((IMethodSymbol)c.TargetSymbol, c.Attributes[0])).Collect();
        context.RegisterSourceOutput(kernels.Combine(context.CompilationProvider), (output, input) =>
        {
            if (input.Left.IsEmpty) return;
            var declared = HostGenerator.Declarations(input.Right).ToDictionary(d => d.Schema.Name);
            foreach (var kernel in input.Left.Where(k => !declared.ContainsKey(k.Operator)))
                output.ReportDiagnostic(Diagnostic.Create(Diagnostics.UnknownOperator, null, kernel.Operator, ""));
            output.AddSource("ReferenceKernels.g.cs", Write([.. input.Left.Where(k => declared.ContainsKey(k.Operator))], declared));
        });
    }

    private static ReferenceKernel Read(IMethodSymbol method, AttributeData attribute) => new(
        (string)attribute.ConstructorArguments[0].Value!,
        $"global::{method.ContainingType.ToDisplayString()}.{method.Name}",
        string.Join(",", method.Parameters.Select(p => p.Name)),
        attribute.NamedArguments.Any(a => a.Key == "OwnEntry" && a.Value.Value is true));

    private static string Write(ReferenceKernel[] kernels, Dictionary<string, Declared> declared)
    {
        var text = Text.File("the methods with [Reference]").Line("using Backends.Plugins;").Line().Line("namespace Backends.Reference;").Line();
        text.Open("internal static unsafe partial class ReferenceKernels");
        text.Open("public static partial void Run<N>(Operator op, global::System.ReadOnlySpan<View<N>> inputs, void* attributes, global::System.Span<View<N>> outputs) where N : struct, IReferenceNumber<N>");
        text.Open("switch (op.Name)");
        foreach (var kernel in kernels)
        {
            var op = declared[kernel.Operator];
            text.Line($"case {Text.Literal(kernel.Operator)}: {kernel.Method}({string.Join(", ", kernel.Parameters.Split(',').Select(p => Argument(op, p)))}); return;");
        }
        text.Line("default: throw new BackendException(BackendStatus.Unsupported, $\"'{op.Name}' has no reference kernel over numbers\");").Close().Close().Close().Line();
        text.Open("internal sealed unsafe partial class ReferenceDevice");
        var own = kernels.Where(k => !k.OwnEntry).Select(k => declared[k.Operator]).ToArray();
        text.Open("private static void AddReferenceKernels(KernelList kernels)");
        foreach (var op in own) text.Line($"Add(kernels, CoreOperators.{op.Name}, &{op.Name});");
        text.Close();
        foreach (var op in own) text.Line().Line($"private static void {op.Name}(CallFrame* frame) => Run(CoreOperators.{op.Name}, frame);");
        return text.Close().ToString();
    }

    // A parameter is a tensor, an attribute or an output of the schema, by name.
    private static string Argument(Declared op, string parameter)
    {
        for (int i = 0; i < op.Schema.Tensors.Count; i++)
            if (Declared.Camel(op.Schema.Tensors[i].Name) == parameter)
                return op.Schema.Tensors[i].IsList ? $"inputs.Slice({i}, {op.ListLength("inputs.Length")})" : $"inputs[{op.Place(i, "inputs.Length")}]";
        for (int i = 0; i < op.Schema.Outputs.Count; i++)
            if (Declared.Camel(op.Schema.Outputs[i].Name) == parameter) return $"outputs[{i}]";
        return $"(({op.AttributesType}*)attributes)->{Declared.Pascal(parameter)}";
    }

    /// <param name="Operator">The operator's name.</param>
    /// <param name="Method">The method, fully named.</param>
    /// <param name="Parameters">Its parameters' names with commas between: text, so that equal kernels are equal.</param>
    /// <param name="OwnEntry">Whether the device has an entry of its own.</param>
    private sealed record ReferenceKernel(string Operator, string Method, string Parameters, bool OwnEntry);
}
