extern alias generators;
using System.Reflection;
using generators::Backends.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backends.Tests.Generators;

/// <summary>Compiles a vendor's source as his project would: against the contract, with the plugin generator.</summary>
internal static class VendorCompiler
{
    private static readonly CSharpParseOptions s_options = new(LanguageVersion.CSharp14);
    // The contract comes last.
    private static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)).Append(typeof(Operator).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>The errors, the generator's and the compiler's, as a vendor reads them: <c>BK0001: There is no operator …</c></summary>
    public static string[] Errors(string source)
    {
        var (compilation, diagnostics) = Run(source);
        return [.. diagnostics.Concat(compilation.GetDiagnostics()).Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => $"{d.Id}: {d.GetMessage()}")];
    }

    /// <summary>The error's words in the source, for messages that should point at something.</summary>
    public static string FirstErrorIn(string source)
    {
        var span = Run(source).Diagnostics[0].Location.GetLineSpan().Span;
        return source.Split('\n')[span.Start.Line][span.Start.Character..span.End.Character];
    }

    /// <summary>The plugin's assembly, loaded.</summary>
    public static Assembly Load(string source)
    {
        using var image = new MemoryStream();
        var result = Run(source).Compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return Assembly.Load(image.ToArray());
    }

    /// <summary>Writes an assembly, named as its file, as a vendor's project builds it.</summary>
    /// <param name="source">The text.</param>
    /// <param name="file">Where to.</param>
    /// <param name="references">Assemblies that it is compiled against, beside the framework; one of the contract's name takes its place, as does the file itself.</param>
    public static void Emit(string source, string file, params string[] references)
    {
        bool replaced = references.Append(file).Any(f => Path.GetFileName(f) == Path.GetFileName(typeof(Operator).Assembly.Location));
        var compilation = Vendor(source).WithAssemblyName(Path.GetFileNameWithoutExtension(file))
            .WithReferences([.. replaced ? s_references[..^1] : s_references, .. references.Select(r => MetadataReference.CreateFromFile(r))]);
        var result = Generated(compilation).Compilation.Emit(file);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
    }

    /// <summary>What a generator writes, by file name.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="source">What it reads.</param>
    /// <param name="library">The source of an assembly that is referenced.</param>
    public static IReadOnlyDictionary<string, string> Generate(IIncrementalGenerator generator, string source, string library = "") =>
        CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: s_options)
            .RunGenerators(Vendor(source).AddReferences(Vendor(library).WithAssemblyName("Library").ToMetadataReference())).GetRunResult()
            .GeneratedTrees.ToDictionary(t => Path.GetFileName(t.FilePath), t => t.ToString());

    private static CSharpCompilation Vendor(string source) => CSharpCompilation.Create("Vendor", [CSharpSyntaxTree.ParseText(source, s_options, "Vendor.cs")], s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    private static (Compilation Compilation, IReadOnlyList<Diagnostic> Diagnostics) Run(string source) => Generated(Vendor(source));

    private static (Compilation Compilation, IReadOnlyList<Diagnostic> Diagnostics) Generated(Compilation compilation)
    {
        CSharpGeneratorDriver.Create([new PluginGenerator().AsSourceGenerator()], parseOptions: s_options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var complete, out var diagnostics);
        return (complete, diagnostics);
    }
}
