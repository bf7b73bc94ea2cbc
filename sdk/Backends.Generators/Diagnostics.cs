using Microsoft.CodeAnalysis;

namespace Backends.Generators;

/// <summary>Everything the generators can find wrong; each id has a page in docs/diagnostics.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor UnknownOperator = Error("BK0001", "Kernel of an unknown operator", "There is no operator '{0}'. {1}");

    public static readonly DiagnosticDescriptor NotStaticVoid = Error("BK0002", "Kernel is not static or returns something",
        "Kernel '{0}' must be static and return void; state lives in the device, which args.Device gives; errors are thrown.");

    public static readonly DiagnosticDescriptor WrongParameters = Error("BK0003", "Kernel takes the wrong parameters",
        "Kernel '{0}' of operator '{1}' takes {2}. Expected: (in {3} args), or (in {3} args, YourQueue queue) on a device with queues.");

    public static readonly DiagnosticDescriptor NoSuchDType = Error("BK0004", "Kernel for a dtype that the operator lacks",
        "Operator '{0}' has no dtype {1}. It has: {2}.");

    public static readonly DiagnosticDescriptor SameClaimTwice = Error("BK0005", "Two kernels claim the same calls",
        "'{0}' for {1} has two kernels without a When: '{2}' and '{3}'. Give one a When, or remove it.");

    public static readonly DiagnosticDescriptor HostOperator = Error("BK0006", "Kernel of an operator that no device sees",
        "'{0}' is done by the host and never reaches a device. Remove the kernel.");

    public static readonly DiagnosticDescriptor NotADevice = Error("BK0007", "Kernels outside a device",
        "'{0}' holds kernels and must be partial and derive from BackendDevice.");

    public static readonly DiagnosticDescriptor WrongWhen = Error("BK0008", "When names no fitting method",
        "When = \"{0}\" must name a method: static bool {0}(in {1} args).");

    public static readonly DiagnosticDescriptor BadDeclaration = Error("BK0009", "Operator declaration is wrong", "Operator '{0}' is not declared: {1}");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Backends", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
