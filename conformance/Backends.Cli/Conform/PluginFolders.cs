using Backends.Plugins;

namespace Backends.Cli.Conform;

/// <summary>Looks at the folders of --plugins before anything runs: one in which no plugin lies would only show as a device that is not there.</summary>
internal static class PluginFolders
{
    /// <summary>The first folder without a plugin, with the remedy; null when there is none such.</summary>
    public static string? Fault(IEnumerable<string> folders) => folders.Select(Fault).FirstOrDefault(f => f is not null);

    private static string? Fault(string folder)
    {
        if (!Directory.Exists(folder)) return $"--plugins {folder}: there is no such folder.\n  searched {Path.GetFullPath(folder)}";
        if (Holds(folder) || Directory.EnumerateDirectories(folder).Any(Holds)) return null;
        return $"--plugins {folder}: no {Manifest.FileName} in it, nor one level down, so no plugin.\n"
            + "  remedy   C#: name the folder backends/ of the plugin's build output. C: backends manifest DIR --name N";
    }

    private static bool Holds(string folder) => File.Exists(Path.Combine(folder, Manifest.FileName));
}
