using System.CommandLine;
using Backends.Conformance;
using Backends.Plugins;
using Backends.Plugins.Trust;

namespace Backends.Cli.Verbs;

/// <summary>The verb <c>trust</c>: pins plugins as they are now, and says whether they still are (MAN-6).</summary>
internal static class TrustVerb
{
    /// <summary>The trust file's name, where nobody gives another.</summary>
    public const string FileName = TrustList.FileName;

    public static Command Create() => new("trust", "Pins plugins as they are now, and says whether they still are.") { Add(), List(), Check() };

    private static Command Add()
    {
        var folder = new Argument<string>("dir") { Description = "A plugin's folder, or a folder of them." };
        var file = File();
        return VerbOptions.On(new Command("add", "Pins a plugin as it is now.") { folder, file }, (parsed, answer) =>
        {
            string path = PathOf(parsed.GetValue(file), answer);
            var list = TrustList.Read(path);
            var added = new List<TrustEntry>();
            foreach (var manifest in Plugins([parsed.GetRequiredValue(folder)]).Select(Manifest.Read))
            {
                manifest.VerifyFiles();   // a plugin that is damaged now is not what anybody looked at
                var (name, version, sha256) = list.Add(manifest);
                added.Add(new TrustEntry(name, version, sha256));
                if (!answer.IsJson) answer.Text.Line($"{name} {version}  {manifest.Files.Count} {(manifest.Files.Count == 1 ? "file" : "files")}  {sha256[..8]}");
            }
            if (added.Count == 0) throw new ConformanceException("There is no plugin to pin.", $"searched: {Path.GetFullPath(parsed.GetRequiredValue(folder))}", "name a plugin's folder, or a folder of them");
            list.Write(path);
            if (answer.IsJson) answer.Write(new TrustReport(1, path, added));
            else answer.Text.Line($"written  {path}");
            return ExitCode.Yes;
        });
    }

    private static Command List()
    {
        var file = File();
        return VerbOptions.On(new Command("list", "Says what is pinned.") { file }, (parsed, answer) =>
        {
            string path = PathOf(parsed.GetValue(file), answer);
            TrustEntry[] plugins = [.. TrustList.Read(path).Plugins.Select(p => new TrustEntry(p.Name, p.Version, p.Sha256))];
            if (answer.IsJson) answer.Write(new TrustReport(1, path, plugins));
            else if (plugins.Length == 0) answer.Text.Line($"nothing is pinned in {path}");
            foreach (var plugin in answer.IsJson ? [] : plugins) answer.Text.Line($"{plugin.Name} {plugin.Version}  {plugin.Sha256}");
            return ExitCode.Yes;
        });
    }

    // 2: one of them is not what is pinned. 3: there is none.
    private static Command Check()
    {
        var folder = new Argument<string?>("dir") { Description = "A plugin's folder, or a folder of them; without one, those of --plugins and --config.", Arity = ArgumentArity.ZeroOrOne };
        var file = File();
        return VerbOptions.On(new Command("check", "Says whether plugins are what is pinned.") { folder, file }, (parsed, answer) =>
        {
            string path = PathOf(parsed.GetValue(file), answer);
            var list = TrustList.Read(path);
            string[] searched = parsed.GetValue(folder) is { } one ? [one] : [.. answer.Options.Plugins.Directories.Where(d => !d.StartsWith(VerbOptions.OwnFolder, StringComparison.Ordinal))];
            TrustCheckEntry[] plugins = [.. Plugins(searched).Select(f => Judge(f, list))];
            if (plugins.Length == 0) throw new ConformanceException("There is no plugin to check.", $"searched: {(searched.Length > 0 ? string.Join(", ", searched) : "nowhere")}", "name its folder: backends trust check DIR");
            if (answer.IsJson) answer.Write(new TrustCheckReport(1, path, plugins));
            foreach (var plugin in answer.IsJson ? [] : plugins)
            {
                answer.Text.Columns(plugin.Name, 2 + plugins.Max(p => p.Name.Length), plugin.Trusted ? answer.Text.Good("trusted") : answer.Text.Bad(plugin.Why));
                if (!plugin.Trusted) answer.Text.Field("remedy", plugin.Remedy);
            }
            return plugins.All(p => p.Trusted) ? ExitCode.Yes : ExitCode.No;
        });
    }

    private static TrustCheckEntry Judge(string folder, TrustList list)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        try
        {
            var manifest = Manifest.Read(folder);
            name = manifest.Name;
            if (list.Check(manifest) is { } distrust) return new(name, folder, false, distrust.Text, distrust.Remedy);
            var unlisted = manifest.VerifyFiles();
            return unlisted.Count == 0 ? new(name, folder, true, "", "") : new(name, folder, false, $"{unlisted[0]} is in the folder and not in the manifest", "take it away");
        }
        catch (PluginLoadException e)
        {
            return new(name, folder, false, e.Message, e.Remedy);
        }
    }

    private static IEnumerable<string> Plugins(IEnumerable<string> folders)
    {
        foreach (string folder in folders.Select(Path.GetFullPath))
        {
            if (!Directory.Exists(folder)) throw new PluginLoadException(AbsenceCode.FileMissing, $"there is no folder {folder}", "correct the name");
            if (System.IO.File.Exists(Path.Combine(folder, Manifest.FileName))) yield return folder;
            else
                foreach (string inner in Directory.EnumerateDirectories(folder).Where(d => System.IO.File.Exists(Path.Combine(d, Manifest.FileName))).Order(StringComparer.Ordinal)) yield return inner;
        }
    }

    private static Option<string?> File() => new("--file") { Description = $"The trust file; without it that of --config, else {FileName} in the current directory." };

    private static string PathOf(string? given, Answer answer) => Path.GetFullPath(given ?? answer.Options.Plugins.TrustFile ?? FileName);
}
