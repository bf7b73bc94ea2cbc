using System.CommandLine;
using Backends.Plugins;

namespace Backends.Cli.Verbs;

/// <summary>The verb <c>manifest DIR --name N</c>: writes a plugin folder's backend.json, with the hash of every file.</summary>
internal static class ManifestVerb
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("dir") { Description = "The plugin's folder." };
        var name = new Option<string>("--name") { Description = "The backend's name, the head of its device strings.", Required = true };
        var command = new Command("manifest", "Writes backend.json with hashes.") { folder, name };
        command.SetAction(result => Run(result.GetRequiredValue(folder).FullName, result.GetRequiredValue(name)));
        return command;
    }

    // 4: the plugin cannot be used; 1: its folder cannot be read or written.
    private static int Run(string folder, string name)
    {
        try
        {
            var manifest = ManifestWriter.Write(folder, name);
            Console.WriteLine($"{manifest.Name} {manifest.Version}  {manifest.Entries[0].Kind.ToString().ToLowerInvariant()}, {string.Join(" ", manifest.Platforms)}  {manifest.Files.Count} {(manifest.Files.Count == 1 ? "file" : "files")}  {Path.Combine(folder, Manifest.FileName)}");
            return 0;
        }
        catch (PluginLoadException e)
        {
            Console.Error.WriteLine($"{e.Message}\n  remedy   {e.Remedy}");
            return 4;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
