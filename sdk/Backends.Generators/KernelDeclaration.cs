using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Backends.Generators;

/// <summary>
/// One [Kernel] attribute with what its method and class look like, unjudged. Texts and numbers only, so that two readings of an unchanged
/// source are equal and the generator does nothing.
/// </summary>
internal sealed record KernelDeclaration(DeviceClass Device, KernelMethod Method, string Operator, string DTypes, string? Types,
    string? When, string WhenTakes, int Accepts, int MaxRank, int Determinism, int Priority, Place Where)
{
    /// <summary>The combinations named, each as words: <c>Types = "f32,f16;f16,f32"</c> gives two, every dtype gives one.</summary>
    public IEnumerable<string[]> Combinations()
    {
        foreach (string dtype in DTypes.Split([' '], StringSplitOptions.RemoveEmptyEntries)) yield return [dtype];
        foreach (string combination in (Types ?? "").Split([';'], StringSplitOptions.RemoveEmptyEntries))
            yield return combination.Split(',').Select(word => word.Trim()).ToArray();
    }

    public static ImmutableArray<KernelDeclaration> Read(GeneratorAttributeSyntaxContext context)
    {
        var method = (IMethodSymbol)context.TargetSymbol;
        var device = DeviceClass.Of(method.ContainingType);
        return [.. context.Attributes.Select(a => Read(device, method, a))];
    }

    private static KernelDeclaration Read(DeviceClass device, IMethodSymbol method, AttributeData attribute)
    {
        object? Named(string name) => attribute.NamedArguments.FirstOrDefault(a => a.Key == name).Value.Value;
        var arguments = attribute.ConstructorArguments;
        var dtypes = arguments.Length > 1 && arguments[1] is { Kind: TypedConstantKind.Array, IsNull: false } list ? list.Values : [];
        string? when = Named("When") as string;
        var takers = method.ContainingType.GetMembers(when ?? "").OfType<IMethodSymbol>()
            .Where(m => m is { IsStatic: true, IsGenericMethod: false, ReturnType.SpecialType: SpecialType.System_Boolean });
        return new KernelDeclaration(device, KernelMethod.Of(method),
            arguments.Length > 0 ? arguments[0].Value as string ?? "" : "",
            string.Join(" ", dtypes.Select(d => ((DType)(int)d.Value!).Name)),
            Named("Types") as string, when, $" {string.Join(" ", takers.Select(KernelMethod.TakenBy))} ",
            Named("Accepts") as int? ?? 0, Named("MaxRank") as int? ?? 8, Named("Determinism") as int? ?? 0, Named("Priority") as int? ?? 0,
            Place.Of(attribute.ApplicationSyntaxReference));
    }
}

/// <summary>A method with [Kernel].</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsStaticVoid">Static, and returns nothing.</param>
/// <param name="Parameters">The parameters' types as a reader writes them: <c>(in ReluArgs)</c>.</param>
/// <param name="Takes">The full name of the argument view that it takes by <c>in</c>, alone or before a queue; else empty.</param>
/// <param name="Queue">The queue's class, as code names it; empty where it takes none.</param>
internal sealed record KernelMethod(string Name, bool IsStaticVoid, string Parameters, string Takes, string Queue)
{
    public static KernelMethod Of(IMethodSymbol method)
    {
        var parameters = method.Parameters.Select(p => $"{Modifier(p.RefKind)}{p.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}");
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.TypeParameters.Select(t => t.Name))}>" : "";
        return new KernelMethod(method.Name, method is { IsStatic: true, ReturnsVoid: true }, $"{generic}({string.Join(", ", parameters)})",
            method.IsGenericMethod ? "" : TakesQueue(method) ? ByIn(method.Parameters[0]) : TakenBy(method),
            TakesQueue(method) ? method.Parameters[1].Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) : "");
    }

    public static string TakenBy(IMethodSymbol method) => method.Parameters.Length == 1 ? ByIn(method.Parameters[0]) : "";

    private static string ByIn(IParameterSymbol parameter) => parameter.RefKind == RefKind.In ? parameter.Type.ToDisplayString() : "";

    private static bool TakesQueue(IMethodSymbol method) =>
        method.Parameters.Length == 2 && method.Parameters[1] is { RefKind: RefKind.None, Type: INamedTypeSymbol type } && DeviceClass.Derives(type, "Backends.Plugins.BackendQueue");

    private static string Modifier(RefKind kind) => kind switch
    {
        RefKind.In => "in ",
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.RefReadOnlyParameter => "ref readonly ",
        _ => "",
    };
}

/// <summary>The class that holds kernels.</summary>
/// <param name="Name">Its plain name, for messages.</param>
/// <param name="Namespace">Empty for the global one.</param>
/// <param name="Headers">The opening lines of the class and of those around it, outermost first, separated by line feeds.</param>
/// <param name="IsDevice">Partial, and derives from BackendDevice.</param>
internal sealed record DeviceClass(string Name, string Namespace, string Headers, bool IsDevice)
{
    public static DeviceClass Of(INamedTypeSymbol type)
    {
        var headers = new List<string>();
        for (var t = type; t is not null; t = t.ContainingType)
        {
            string parameters = t.TypeParameters.IsEmpty ? "" : $"<{string.Join(", ", t.TypeParameters.Select(p => p.Name))}>";
            headers.Insert(0, $"partial {(t.IsRecord ? "record" : t.TypeKind == TypeKind.Struct ? "struct" : "class")} {t.Name}{parameters}");
        }
        bool partial = type.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is TypeDeclarationSyntax t && t.Modifiers.Any(SyntaxKind.PartialKeyword));
        string space = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();
        return new DeviceClass(type.Name, space, string.Join("\n", headers), partial && Derives(type, "Backends.Plugins.BackendDevice"));
    }

    /// <summary>Whether a class is another, or derives from it.</summary>
    public static bool Derives(INamedTypeSymbol type, string from)
    {
        for (var t = type; t is not null; t = t.BaseType)
            if (t.ToDisplayString() == from) return true;
        return false;
    }
}

/// <summary>A location that holds on to no syntax tree.</summary>
internal sealed record Place(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static Place Of(SyntaxReference? reference) =>
        reference is null ? new Place("", default, default) : new Place(reference.SyntaxTree.FilePath, reference.Span, reference.SyntaxTree.GetLineSpan(reference.Span).Span);

    public Location Location => Path.Length == 0 ? Location.None : Location.Create(Path, Span, Lines);
}
