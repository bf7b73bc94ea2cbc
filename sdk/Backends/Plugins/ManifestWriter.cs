using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backends.Plugins.Native;

namespace Backends.Plugins;

/// <summary>
/// Writes <c>backend.json</c> for a folder that a vendor has built: finds the one entry, takes version and contract from it, and the hash of
/// every file. A native entry is loaded and asked, so it is written on the platform that it is for; an assembly is only read. A manifest that is there
/// keeps what its vendor wrote by hand: vendor, options, libraries and the like.
/// </summary>
internal static class ManifestWriter
{
    private sealed record Found(string File, EntryKind Kind, string Version, string Contract, string Platform);

    /// <summary>Writes the manifest, reads it back and verifies it.</summary>
    /// <exception cref="PluginLoadException">Why the folder is no plugin.</exception>
    public static Manifest Write(string folder, string name)
    {
        folder = Path.GetFullPath(folder);
        var files = PluginFolder.Walk(folder).Keys.Where(f => f != Manifest.FileName).Order(StringComparer.Ordinal).ToArray();
        var entry = FindEntry(folder, name, files);
        var kept = Kept(Path.Combine(folder, Manifest.FileName));
        using (var stream = File.Create(Path.Combine(folder, Manifest.FileName)))
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
            Write(json, name, entry, kept, files.Select(f => (f, PluginFolder.Hash(Path.Combine(folder, f)))));
        var manifest = Manifest.Read(folder);
        manifest.VerifyFiles();
        return manifest;
    }

    private static void Write(Utf8JsonWriter json, string name, Found entry, JsonObject kept, IEnumerable<(string File, string Hash)> files)
    {
        json.WriteStartObject();
        json.WriteNumber("schema", 1);
        json.WriteString("name", name);
        json.WriteString("version", entry.Version);
        json.WriteString("contract", entry.Contract);
        json.WriteStartArray("platforms");
        json.WriteStringValue(entry.Platform);
        json.WriteEndArray();
        json.WriteStartObject("entry");
        json.WriteString("kind", entry.Kind == EntryKind.Native ? "native" : "managed");
        json.WriteString("file", entry.File);
        json.WriteEndObject();
        foreach (var (field, value) in kept)
        {
            json.WritePropertyName(field);
            if (value is null) json.WriteNullValue();
            else value.WriteTo(json);
        }
        json.WriteStartObject("files");
        foreach ((string file, string hash) in files) json.WriteString(file, $"sha256:{hash}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // What the vendor wrote by hand and no file can tell stays as he wrote it; reading the new manifest says if it is wrong.
    private static JsonObject Kept(string file)
    {
        string[] own = ["vendor", "description", "license", "link", "space", "operators", "kinds", "options", "libraries", "requires"];
        try
        {
            if (!File.Exists(file) || JsonNode.Parse(File.ReadAllBytes(file)) is not JsonObject old) return [];
            return new JsonObject(own.Where(old.ContainsKey).Select(f => KeyValuePair.Create(f, old[f]?.DeepClone())));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)   // no JSON, or a name twice: nothing in it can be kept
        {
            return [];
        }
    }

    private static Found FindEntry(string folder, string name, string[] files)
    {
        var libraries = files.Where(f => Path.GetExtension(f) is ".so" or ".dylib" or ".dll" && !f.Contains('/')).ToArray();
        var found = libraries.Select(f => Native(folder, name, f) ?? Managed(folder, f)).OfType<Found>().ToArray();
        if (found.Length == 1) return found[0];
        throw new PluginLoadException(AbsenceCode.MissingSymbol,
            found.Length == 0 ? $"{folder} holds no library that exports bk_get_backend here, and no assembly that names its backend" : $"{folder} holds several entries: {string.Join(", ", found.Select(f => f.File))}",
            found.Length == 0 ? "in C mark bk_get_backend BK_EXPORT; in C# write [assembly: BackendPlugin(typeof(...))]" : "give each plugin a folder of its own");
    }

    private static Found? Native(string folder, string name, string file)
    {
        string path = Path.Combine(folder, file);
        if (!NativeBackend.HasEntry(path)) return null;
        var library = NativeBackend.Identify(path);
        if (library.Name != name)
            throw new PluginLoadException(AbsenceCode.ManifestMismatch, $"{file} calls itself '{library.Name}', not '{name}'", "give --name the name in the table bk_backend");
        return new Found(file, EntryKind.Native, library.Version, library.Needed.ToString(), Platform.Full);
    }

    private static Found? Managed(string folder, string file)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(folder, file)));
        try
        {
            if (!image.HasMetadata) return null;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
        var metadata = image.GetMetadataReader();
        if (!metadata.IsAssembly) return null;
        var attributes = metadata.GetAssemblyDefinition().GetCustomAttributes().Select(metadata.GetCustomAttribute).ToArray();
        if (!attributes.Any(a => TypeName(metadata, a) == nameof(BackendPluginAttribute))) return null;
        var informational = attributes.Where(a => TypeName(metadata, a) == nameof(AssemblyInformationalVersionAttribute)).Select(a => Text(metadata, a));
        string version = informational.FirstOrDefault()?.Split('+')[0] ?? metadata.GetAssemblyDefinition().Version.ToString(3);
        return new Found(file, EntryKind.Managed, version, ContractVersion.Host.ToString(), "any");
    }

    private static string TypeName(MetadataReader metadata, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } type
            ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type).Name) : "";

    // An attribute's blob: a prolog of two bytes, then its text.
    private static string? Text(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Value.IsNil) return null;
        var blob = metadata.GetBlobReader(attribute.Value);
        blob.ReadUInt16();
        return blob.ReadSerializedString();
    }
}
