using System.Collections.Concurrent;

namespace Backends.Plugins.Native;

/// <summary>
/// Finds out when a plugin's library will silently run with another's dependency (ABI-11). Linux takes a needed library by its soname, and one of
/// that name that is in the process already is taken, wherever it came from: two plugins with different <c>libdep.so.1</c> both get the first
/// one's. The host cannot prevent it; it says so. Other systems tell libraries apart by path.
/// </summary>
internal static class SharedNames
{
    // Plugin folders of this process: whose copy it is that is in use.
    private static readonly ConcurrentDictionary<string, string> s_plugins = new(StringComparer.Ordinal);

    /// <summary>Notes the folder of a plugin that is being loaded.</summary>
    public static void Loading(Manifest manifest) => s_plugins.TryAdd(manifest.Folder + Path.DirectorySeparatorChar, manifest.Name);

    /// <summary>Notes, in words, for a library that is about to be loaded: one for each need that something else will serve.</summary>
    /// <param name="library">The library, in the plugin's folder.</param>
    /// <param name="manifest">The plugin.</param>
    public static IReadOnlyList<string> Find(string library, Manifest manifest)
    {
        var notes = new List<string>();
        if (OperatingSystem.IsLinux()) Find(library, manifest, Mapped(), [], notes);
        return notes;
    }

    private static void Find(string library, Manifest manifest, IReadOnlyList<string> mapped, HashSet<string> seen, List<string> notes)
    {
        if (!seen.Add(library) || ElfImage.Read(library) is not { } image) return;
        string folder = manifest.Folder + Path.DirectorySeparatorChar;
        foreach (string name in image.Needed)
        {
            string? own = NativeFile.Beside(library, image).Append(Path.GetDirectoryName(library)!).Select(f => Path.GetFullPath(Path.Combine(f, name)))
                .FirstOrDefault(f => f.StartsWith(folder, StringComparison.Ordinal) && File.Exists(f));
            string? used = mapped.FirstOrDefault(m => Path.GetFileName(m) == name) ?? mapped.FirstOrDefault(m => ElfImage.Read(m)?.Soname == name);
            string? owner = used is null ? null : s_plugins.FirstOrDefault(p => used.StartsWith(p.Key, StringComparison.Ordinal)).Value;
            bool foreign = used is not null && used != own && (own is not null || owner is not null) && !used.StartsWith(folder, StringComparison.Ordinal);
            if (foreign)
                notes.Add($"{Path.GetFileName(library)} needs {name} and gets {(owner is null ? "the process's" : $"plugin {owner}'s")} copy, {used}"
                    + (own is null ? "" : $", not the plugin's own: give that one a soname of its own, or link it in"));
            else if (own is not null) Find(own, manifest, mapped, seen, notes);
        }
    }

    // What the process has mapped: the last column, where it is a file that may be a library.
    private static string[] Mapped()
    {
        try
        {
            return [.. File.ReadLines("/proc/self/maps").Select(l => l.IndexOf('/') is var at and >= 0 ? l[at..] : "")
                .Where(f => Path.GetFileName(f).Contains(".so", StringComparison.Ordinal)).Distinct()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];   // no /proc: nothing can be said
        }
    }
}
