using Microsoft.CodeAnalysis;

namespace Backends.Generators;

/// <summary>Everything the generators can find wrong; each id has a page in docs/diagnostics.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor BadDeclaration = Error("BK0009", "Operator declaration is wrong", "Operator '{0}' is not declared: {1}");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Backends", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
