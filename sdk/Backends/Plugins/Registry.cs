namespace Backends.Plugins;

/// <summary>
/// The plugins of the process: however many hosts there are, one plugin brings one backend (OBJ-1). A plugin is its manifest, byte for byte, in
/// its folder. The same files in another folder are another one: native code mapped from there has a state of its own, and nobody has looked
/// into that folder yet. What is here stays for the life of the process, for code stays loaded and ordinals stay what they were (OBJ-12, DIS-7).
/// </summary>
internal static class Registry
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<(string Folder, string Sha256), LivePlugin> s_plugins = [];

    /// <summary>The live side of a plugin that was found.</summary>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="sha256">The manifest's hash.</param>
    public static LivePlugin Of(Manifest manifest, string sha256)
    {
        var key = (RealPath(manifest.Folder), sha256);
        lock (s_lock)
        {
            if (s_plugins.TryGetValue(key, out var known)) return known;
            return s_plugins[key] = new LivePlugin(manifest.Name, rules =>
            {
                ThrowIfReplaced(manifest, key);
                return PluginLoader.Load(manifest, rules);
            });
        }
    }

    // The system's loader knows a library by its path: a changed file under it would run the old code (OBJ-12).
    private static void ThrowIfReplaced(Manifest manifest, (string Folder, string Sha256) key)
    {
        lock (s_lock)
            if (manifest.Entries.All(e => e.Kind == EntryKind.Managed) || !s_plugins.Any(p => p.Key.Folder == key.Folder && p.Key.Sha256 != key.Sha256 && p.Value.IsLoaded)) return;
        throw new PluginLoadException(AbsenceCode.LoadFailed, $"{key.Folder} has changed since this process loaded it, and native code stays", "restart the process");
    }

    // One folder under two names is one plugin, whichever of the folders above it is the link.
    private static string RealPath(string folder)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            if (Path.GetDirectoryName(path) is not { } above) return path;
            string real = Path.Combine(RealPath(above), Path.GetFileName(path));
            return Directory.ResolveLinkTarget(real, returnFinalTarget: true) is { } target ? RealPath(target.FullName) : real;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)   // a ring of links: finding it has said so
        {
            return path;
        }
    }
}
