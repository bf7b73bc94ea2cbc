using System.Reflection;

namespace Backends.Conformance;

/// <summary>The suite itself, as reports name it.</summary>
internal static class Suite
{
    /// <summary>Its version.</summary>
    public static string Version { get; } =
        typeof(Suite).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
