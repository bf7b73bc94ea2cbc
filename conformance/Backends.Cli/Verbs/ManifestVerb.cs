using System.CommandLine;
using Backends.Conformance;
using Backends.Plugins;

namespace Backends.Cli.Verbs;

/// <summary>The verb <c>manifest DIR --name N</c>: writes a plugin folder's backend.json, with the hash of every file.</summary>
internal static class ManifestVerb
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("dir") { Description = "The plugin's folder." };
        var name = new Option<string>("--name") { Description = "The backend's name, the head of its device strings.", Required = true };
        return VerbOptions.On(new Command("manifest", "Writes backend.json with hashes.") { folder, name },
            (parsed, answer) => Run(parsed.GetRequiredValue(folder).FullName, parsed.GetRequiredValue(name), answer), asksDevices: false);
    }

    private static ExitCode Run(string folder, string name, Answer answer)
    {
        var manifest = ManifestWriter.Write(folder, name);
        var report = new ManifestReport(1, manifest.Name, manifest.Version, manifest.Entries[0].Kind.ToString().ToLowerInvariant(), manifest.Platforms, manifest.Files.Count, Path.Combine(folder, Manifest.FileName));
        if (answer.IsJson) answer.Write(report);
        else answer.Text.Line($"{report.Name} {report.Version}  {report.Kind}, {string.Join(" ", report.Platforms)}  {report.Files} {(report.Files == 1 ? "file" : "files")}  {report.File}");
        return ExitCode.Yes;
    }
}
