using Microsoft.CodeAnalysis;

namespace Backends.Generators;

/// <summary>
/// Role three, in a plugin: for each class that holds methods with [Kernel], <c>AddDeclaredKernels</c> with one record for every combination of
/// dtypes, and a thunk from the frame to the method. What is wrong with a kernel is an error of the vendor's compiler (BK0001 to BK0008).
/// </summary>
[Generator]
public sealed class PluginGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var kernels = context.SyntaxProvider.ForAttributeWithMetadataName("Backends.Plugins.KernelAttribute",
            (_, _) => true, (c, _) => KernelDeclaration.Read(c)).SelectMany((found, _) => found).Collect();
        var operators = context.CompilationProvider.Select((c, _) => HostGenerator.Declarations(c).ToArray()).WithComparer(SameOperators.Instance);
        var backend = context.AnalyzerConfigOptionsProvider.Select((o, _) =>
            o.GlobalOptions.TryGetValue("build_property.BackendName", out string? name) ? name : "");
        context.RegisterSourceOutput(kernels.Combine(operators).Combine(backend), (output, input) =>
        {
            var ((found, declared), name) = input;
            var rules = new KernelRules(output.ReportDiagnostic, declared.ToDictionary(d => d.Schema.Name));
            foreach (var kernelsOfClass in found.GroupBy(k => k.Device))
            {
                var device = kernelsOfClass.Key;
                if (!device.IsDevice)
                    output.ReportDiagnostic(Diagnostic.Create(Diagnostics.NotADevice, kernelsOfClass.First().Where.Location, device.Name));
                else if (rules.Records(kernelsOfClass) is { Count: > 0 } records)
                    output.AddSource($"{FileName(device)}.Kernels.g.cs", Registration.Write(device, records, name));
            }
        });
    }

    private static string FileName(DeviceClass device) =>
        new string([.. $"{device.Namespace}.{device.Headers.Replace("partial class ", "")}".Select(c => char.IsLetterOrDigit(c) || c == '_' ? c : '.')]).Trim('.');

    private sealed class SameOperators : IEqualityComparer<Declared[]>
    {
        public static readonly SameOperators Instance = new();

        public bool Equals(Declared[] x, Declared[] y) => x.Select(Text).SequenceEqual(y.Select(Text));

        public int GetHashCode(Declared[] declared) => declared.Length;

        private static string Text(Declared declared) => $"{declared.Name} {declared.Text}";
    }
}
