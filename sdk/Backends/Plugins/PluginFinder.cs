namespace Backends.Plugins;

/// <summary>Finds plugins by their manifests, in the order of the folders given. The first of a name wins (MAN-7); whatever is refused has a reason.</summary>
internal static class PluginFinder
{
    /// <summary>Where plugins lie when nobody says: beside the app.</summary>
    public static string DefaultFolder { get; } = PluginSettings.FromApp("backends");

    public static void Find(IEnumerable<string> folders, List<FoundPlugin> plugins, List<Absence> absences, PluginRules? rules = null)
    {
        rules ??= PluginRules.Default;
        foreach (string folder in folders.SelectMany(f => PluginFolders(f, absences)))
        {
            string subject = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
            try
            {
                var found = new FoundPlugin(Manifest.Read(folder)) { Rules = rules };
                var first = plugins.Find(p => p.Name == found.Name);
                if (rules.Disabled.Contains(found.Name, StringComparer.OrdinalIgnoreCase))
                    absences.Add(Disabled(found.Name));
                else if (first is null) plugins.Add(found);
                else if (first.Info.Sha256 != found.Info.Sha256)
                    absences.Add(new Absence(AbsenceCode.Duplicate, found.Name, $"{folder} is a second plugin of this name; {first.Manifest?.Folder ?? "one given in code"} was found first", "remove one of them"));
            }
            catch (PluginLoadException e)
            {
                absences.Add(e.ToAbsence(subject));
            }
        }
    }

    /// <summary>The reason for a backend that is not wanted, wherever it comes from.</summary>
    public static Absence Disabled(string name) => new(AbsenceCode.Disabled, name, "the configuration disables it", "take it out of Backends:Plugins:Disabled");

    // A folder with a manifest is a plugin's own; any other is searched one level down.
    private static IEnumerable<string> PluginFolders(string folder, List<Absence> absences)
    {
        string path = Path.GetFullPath(folder);
        try
        {
            if (File.Exists(Path.Combine(path, Manifest.FileName))) return [path];
            if (Directory.Exists(path)) return [.. Directory.EnumerateDirectories(path).Where(d => File.Exists(Path.Combine(d, Manifest.FileName))).Order(StringComparer.Ordinal)];
            // An app without plugins has no folder for them: who names one expects it.
            if (path != DefaultFolder) absences.Add(new Absence(AbsenceCode.FileMissing, path, "there is no such folder of plugins", "make it, or correct Backends:Plugins:Directories"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            absences.Add(new Absence(AbsenceCode.LoadFailed, path, $"the folder cannot be read: {e.Message}", "make it readable"));
        }
        return [];
    }
}
