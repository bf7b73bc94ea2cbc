using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Backends.Plugins;

/// <summary>
/// Parses manifests strictly (MAN-1, MAN-2, MAN-4, MAN-5). Every fault is found in one pass and named by its JSON path; unknown fields are
/// ignored, so that later schemas can add some.
/// </summary>
internal sealed partial class ManifestReader
{
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };
    private const int LongestList = 64;
    private const int MostFaults = 20;
    private readonly List<string> _faults = [];
    private bool _leadsOutside;

    /// <summary>Parses a manifest's bytes.</summary>
    public static Manifest Parse(string folder, ReadOnlyMemory<byte> json)
    {
        var reader = new ManifestReader();
        Manifest? manifest = null;
        try
        {
            if (!Utf8.IsValid(json.Span)) throw new JsonException("it is not UTF-8");
            using var document = JsonDocument.Parse(json, s_strict);
            manifest = reader.Read(folder, json, document.RootElement);
        }
        catch (JsonException e)
        {
            reader.Fault("$", e.Message);
        }
        catch (InvalidOperationException)
        {
            reader.Fault("$", "a text in it escapes half of a surrogate pair");   // which only shows when the text is taken
        }
        if (reader._faults.Count == 0) return manifest!;
        throw new PluginLoadException(reader._leadsOutside ? AbsenceCode.OutsideFolder : AbsenceCode.ManifestInvalid,
            $"{Manifest.FileName}: {string.Join("; ", reader._faults)}", "correct the manifest, or write it with: backends manifest DIR --name N");
    }

    /// <summary>Whether a text may be a plugin's name, the head of its device strings.</summary>
    public static bool IsPluginName(string text) => PluginName().IsMatch(text);

    private Manifest? Read(string folder, ReadOnlyMemory<byte> json, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Fault("$", "must be an object");
            return null;
        }
        if (!root.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.Number || !schema.TryGetInt32(out int number) || number != 1)
            Fault("$.schema", "must be 1");
        string contract = Text(root, "$", "contract", Contract(), "must be \"major.minor\", for example \"1.0\"");
        var platforms = Texts(root, "platforms", PlatformName(), "must be a RID such as linux-x64, or any");
        var files = Files(root);
        CheckRequires(root);
        return new Manifest
        {
            Folder = folder,
            Name = Text(root, "$", "name", PluginName(), "must be a small letter and at most 31 small letters, digits and -"),
            Version = Text(root, "$", "version", SemVer(), "must be a SemVer version, for example 1.2.0"),
            Contract = ParseContract(contract),
            Platforms = platforms,
            Entries = Entries(root, platforms, files),
            Files = files,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(json.Span)),
            Vendor = OptionalText(root, "vendor", Anything(), "must be a text"),
            Description = OptionalText(root, "description", Anything(), "must be a text"),
            License = OptionalText(root, "license", Anything(), "must be a text"),
            Link = OptionalText(root, "link", Anything(), "must be a text"),
            Space = OptionalText(root, "space", PluginName(), "must be a small letter and at most 31 small letters, digits and -"),
            Operators = OptionalTexts(root, "operators", Anything(), "must be a schema"),
            Kinds = OptionalTexts(root, "kinds", PluginName(), "must be a small letter and at most 31 small letters, digits and -"),
            Libraries = Libraries(root),
            Options = Options(root),
        };
    }

    private Dictionary<string, string> Files(JsonElement root)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!root.TryGetProperty("files", out var list) || list.ValueKind != JsonValueKind.Object)
        {
            Fault("$.files", "must be an object of path and hash");
            return files;
        }
        foreach (var file in list.EnumerateObject())
        {
            string at = $"$.files['{file.Name}']";
            CheckPath(at, file.Name);
            if (file.Name == Manifest.FileName) Fault(at, "the manifest cannot hold its own hash");
            string hash = file.Value.ValueKind == JsonValueKind.String ? file.Value.GetString()! : "";
            if (Sha256().IsMatch(hash)) files[file.Name] = hash["sha256:".Length..];
            else Fault(at, "must be \"sha256:\" and 64 small hexadecimal digits");
        }
        return files;
    }

    // One entry serves all platforms, or a list has one for each.
    private List<ManifestEntry> Entries(JsonElement root, IReadOnlyList<string> platforms, Dictionary<string, string> files)
    {
        var entries = new List<ManifestEntry>();
        root.TryGetProperty("entry", out var entry);
        if (entry.ValueKind == JsonValueKind.Object)
        {
            if (Entry(entry, "$.entry", platforms, files) is { } one) entries.AddRange(platforms.Select(p => one with { Platform = p }));
        }
        else if (entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() is > 0 and <= LongestList)
        {
            int index = 0;
            foreach (var item in entry.EnumerateArray())
            {
                string at = $"$.entry[{index++}]";
                string rid = item.ValueKind == JsonValueKind.Object ? Text(item, at, "rid", PlatformName(), "must be a RID such as linux-x64, or any") : "";
                if (rid.Length > 0 && !platforms.Contains(rid)) Fault($"{at}.rid", $"'{rid}' is not among platforms");
                if (entries.Any(e => e.Platform == rid)) Fault($"{at}.rid", $"'{rid}' has two entries");
                if (Entry(item, at, [rid], files) is { } one) entries.Add(one with { Platform = rid });
            }
        }
        else Fault("$.entry", "must be an object, or a list with a rid in each");
        return entries;
    }

    private ManifestEntry? Entry(JsonElement entry, string at, IReadOnlyList<string> platforms, Dictionary<string, string> files)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            Fault(at, "must be an object");
            return null;
        }
        string kind = Text(entry, at, "kind", Kind(), "must be \"managed\" or \"native\""), file = Text(entry, at, "file", Anything(), "must be a path");
        if (file.Length > 0 && CheckPath($"{at}.file", file) && !files.ContainsKey(file)) Fault($"{at}.file", $"'{file}' is not among files");
        if (kind == "native")
            foreach (string platform in platforms.Where(p => p.Length > 0 && !Platform.IsFull(p)))
                Fault(at, $"native code needs a full RID, not '{platform}'");
        string? type = entry.TryGetProperty("type", out _) ? Text(entry, at, "type", Anything(), "must be a text") : null;
        return new ManifestEntry("", kind == "native" ? EntryKind.Native : EntryKind.Managed, file, type);
    }

    private string Text(JsonElement parent, string at, string name, Regex form, string rule)
    {
        if (parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && form.IsMatch(value.GetString()!)) return value.GetString()!;
        Fault($"{at}.{name}", rule);
        return "";
    }

    private List<string> Texts(JsonElement parent, string name, Regex form, string rule, int least = 1)
    {
        var texts = new List<string>();
        if (!parent.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() < least || list.GetArrayLength() > LongestList)
        {
            Fault($"$.{name}", $"must be a list of {least} to {LongestList}");
            return texts;
        }
        int index = 0;
        foreach (var item in list.EnumerateArray())
        {
            string text = item.ValueKind == JsonValueKind.String ? item.GetString()! : "";
            if (!form.IsMatch(text)) Fault($"$.{name}[{index}]", rule);
            else if (texts.Contains(text)) Fault($"$.{name}[{index}]", $"'{text}' is listed twice");
            else texts.Add(text);
            index++;
        }
        return texts;
    }

    private bool CheckPath(string at, string path)
    {
        if (PluginFolder.IsPath(path, out string fault, out bool outside)) return true;
        _leadsOutside |= outside;
        Fault(at, $"'{path}' {fault}");
        return false;
    }

    private static ContractVersion ParseContract(string text)
    {
        string[] parts = text.Split('.');
        return parts.Length == 2 ? new ContractVersion(int.Parse(parts[0]), int.Parse(parts[1])) : default;
    }

    private void Fault(string path, string text)
    {
        if (_faults.Count < MostFaults) _faults.Add($"{path}: {text}");
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,31}\z")] private static partial Regex PluginName();
    [GeneratedRegex(@"\A(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})\z")] private static partial Regex Contract();
    [GeneratedRegex(@"\A[a-z0-9]{1,16}(-[a-z0-9]{1,16}){0,3}\z")] private static partial Regex PlatformName();
    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")] private static partial Regex Sha256();
    [GeneratedRegex(@"\A(managed|native)\z")] private static partial Regex Kind();
    [GeneratedRegex(@"\A[^\0]{1,4096}\z")] private static partial Regex Anything();
    [GeneratedRegex(@"\A(?=.{5,128}\z)(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})(-(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?\z")]
    private static partial Regex SemVer();
}
