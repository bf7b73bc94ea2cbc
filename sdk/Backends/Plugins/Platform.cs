using System.Runtime.InteropServices;

namespace Backends.Plugins;

/// <summary>The platform that the process runs on, in the words of manifests (MAN-2).</summary>
internal static class Platform
{
    /// <summary>The names that fit here, the most specific first: <c>linux-musl-x64</c>, <c>linux-musl</c>, <c>linux</c>, <c>any</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = NamesOf(
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux",
        RuntimeInformation.RuntimeIdentifier.Contains("musl") || RuntimeInformation.RuntimeIdentifier.Contains("alpine"),
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());

    /// <summary>The full one, for example <c>linux-x64</c>.</summary>
    public static string Full => Names[0];

    /// <summary>glibc and musl never cross in native code, so a full name says which; managed code may leave it open.</summary>
    public static IReadOnlyList<string> NamesOf(string system, bool musl, string architecture) => musl
        ? [$"{system}-musl-{architecture}", $"{system}-musl", system, "any"]
        : [$"{system}-{architecture}", system, "any"];

    /// <summary>Whether a name says system and architecture, as native entries must.</summary>
    public static bool IsFull(string name) => name is not ("any" or "linux" or "linux-musl" or "win" or "osx");
}
