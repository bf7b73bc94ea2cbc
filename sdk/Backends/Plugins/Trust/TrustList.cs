using System.Text.Json;
using System.Text.RegularExpressions;

namespace Backends.Plugins.Trust;

/// <summary>
/// The plugins that somebody looked at and wants to run (MAN-6): the SHA-256 of each one's manifest, which pins all its files. Name and version
/// stand beside it for people. A file of its own, <c>backends.trust.json</c>, read as strictly as manifests are.
/// </summary>
internal sealed partial class TrustList
{
    /// <summary>The file's name beside the app.</summary>
    public const string FileName = "backends.trust.json";

    private const int LargestFile = 1 << 20, MostEntries = 1000;
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };
    private readonly List<TrustedPlugin> _plugins = [];

    /// <summary>What is pinned, in the order in which it was added.</summary>
    public IReadOnlyList<TrustedPlugin> Plugins => _plugins;

    // Without it, the tool would write the list where its user happens to be, and the app would look elsewhere.
    private string? _path;

    /// <summary>Where a configured trust file lies: relative to the app's folder, never to the current one.</summary>
    public static string PathOf(string? configured) => Path.GetFullPath(configured ?? FileName, AppContext.BaseDirectory);

    /// <summary>Reads a list.</summary>
    /// <param name="path">The file. There is none: an empty list.</param>
    /// <exception cref="PluginLoadException"><see cref="AbsenceCode.Untrusted"/>: the file cannot be read, or breaks its rules.</exception>
    public static TrustList Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return new TrustList { _path = path };
            if (file.Length > LargestFile) throw Invalid(path, $"it has {file.Length:N0} bytes, at most {LargestFile:N0} are allowed");
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), s_strict);
            return Parse(path, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, e.Message);
        }
    }

    /// <summary>Pins a plugin as it is now, in place of what was pinned under its name.</summary>
    /// <returns>What stands in the list.</returns>
    public TrustedPlugin Add(Manifest manifest)
    {
        Remove(manifest.Name);
        var plugin = new TrustedPlugin(manifest.Name, manifest.Version, manifest.Sha256);
        _plugins.Add(plugin);
        return plugin;
    }

    /// <summary>Takes a plugin out of the list; false: it was not in it.</summary>
    public bool Remove(string name) => _plugins.RemoveAll(p => p.Name == name) > 0;

    /// <summary>Whether a plugin is the one that is pinned.</summary>
    /// <returns>Null: it is. Else why not.</returns>
    public Absence? Check(Manifest manifest)
    {
        var known = _plugins.Find(p => p.Name == manifest.Name);
        if (known?.Sha256 == manifest.Sha256) return null;
        return new Absence(AbsenceCode.Untrusted, manifest.Name, known is null ? $"{manifest.Name} {manifest.Version} is not in the trust list"
            : $"{manifest.Name} {manifest.Version} is not the {known.Version} that is in the trust list: its manifest has changed",
            $"if you know where it comes from: backends trust add {manifest.Folder}{(_path is null ? "" : $" --file {_path}")}");
    }

    /// <summary>Writes the list, whole or not at all, readable by everyone and writable by its owner.</summary>
    public void Write(string path)
    {
        string fresh = $"{path}.{Environment.ProcessId}";
        using (var stream = File.Create(fresh))
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", 1);
            json.WriteStartArray("plugins");
            foreach (var plugin in _plugins)
            {
                json.WriteStartObject();
                json.WriteString("name", plugin.Name);
                json.WriteString("version", plugin.Version);
                json.WriteString("sha256", plugin.Sha256);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(fresh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(fresh, path, overwrite: true);
    }

    private static TrustList Parse(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.Number || !schema.TryGetInt32(out int number) || number != 1) throw Invalid(path, "$.schema must be 1");
        if (!root.TryGetProperty("plugins", out var plugins) || plugins.ValueKind != JsonValueKind.Array || plugins.GetArrayLength() > MostEntries)
            throw Invalid(path, $"$.plugins must be a list of at most {MostEntries}");
        var list = new TrustList { _path = path };
        foreach (var item in plugins.EnumerateArray())
        {
            string at = $"$.plugins[{list._plugins.Count}]";
            string Text(string name) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()! : throw Invalid(path, $"{at}.{name} must be a text");
            var plugin = new TrustedPlugin(Text("name"), Text("version"), Text("sha256"));
            if (!ManifestReader.IsPluginName(plugin.Name)) throw Invalid(path, $"{at}.name is no plugin's name");
            if (!Hash().IsMatch(plugin.Sha256)) throw Invalid(path, $"{at}.sha256 must be 64 small hexadecimal digits");
            if (list._plugins.Any(p => p.Name == plugin.Name)) throw Invalid(path, $"{at}.name: '{plugin.Name}' is listed twice");
            list._plugins.Add(plugin);
        }
        return list;
    }

    private static PluginLoadException Invalid(string path, string why) =>
        new(AbsenceCode.Untrusted, $"the trust list {path} cannot be used: {why}", $"correct it, or delete it and write it anew: backends trust add DIR --file {path}");

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")] private static partial Regex Hash();
}

/// <summary>One pinned plugin.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version when it was pinned.</param>
/// <param name="Sha256">The SHA-256 of its manifest's bytes.</param>
internal sealed record TrustedPlugin(string Name, string Version, string Sha256);
