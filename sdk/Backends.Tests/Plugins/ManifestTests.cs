using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Backends.Plugins;
using CsCheck;

namespace Backends.Tests.Plugins;

/// <summary>Manifests are read strictly, every fault is named by its JSON path, and a folder is what its manifest says, or refused.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backends-manifest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_right_manifest_gives_what_it_says()
    {
        var manifest = Read(Valid());
        Assert.Equal(("acme", "1.2.0-rc.1+b2", new ContractVersion(1, 0)), (manifest.Name, manifest.Version, manifest.Contract));
        Assert.Equal(new ManifestEntry("any", EntryKind.Managed, "Acme.dll", null), manifest.ChooseEntry());
        Assert.Empty(manifest.VerifyFiles());
    }

    [Theory]
    [InlineData("schema", "2", "$.schema: must be 1")]
    [InlineData("name", "\"Acme\"", "$.name: must be")]
    [InlineData("name", "\"acme\\n\"", "$.name: must be")]
    [InlineData("name", "\"a0123456789012345678901234567890123\"", "$.name: must be")]
    [InlineData("version", "\"1.2\"", "$.version: must be")]
    [InlineData("version", "\"1.02.0\"", "$.version: must be")]
    [InlineData("contract", "\"1\"", "$.contract: must be")]
    [InlineData("contract", "1.0", "$.contract: must be")]
    [InlineData("platforms", "[]", "$.platforms: must be a list")]
    [InlineData("platforms", "[\"any\", 3]", "$.platforms[1]: must be a RID")]
    [InlineData("platforms", "[\"any\", \"any\"]", "$.platforms[1]: 'any' is listed twice")]
    [InlineData("entry", "[]", "$.entry: must be")]
    [InlineData("entry", "{\"kind\": \"java\", \"file\": \"Acme.dll\"}", "$.entry.kind: must be")]
    [InlineData("entry", "{\"kind\": \"managed\", \"file\": \"Other.dll\"}", "$.entry.file: 'Other.dll' is not among files")]
    [InlineData("entry", "{\"kind\": \"native\", \"file\": \"Acme.dll\"}", "$.entry: native code needs a full RID, not 'any'")]
    [InlineData("entry", "[{\"kind\": \"managed\", \"file\": \"Acme.dll\", \"rid\": \"win-x64\"}]", "$.entry[0].rid: 'win-x64' is not among platforms")]
    [InlineData("files", "{\"Acme.dll\": \"sha256:12\"}", "$.files['Acme.dll']: must be")]
    [InlineData("files", "{\"a\\\\b\": \"\"}", "$.files['a\\b']: 'a\\b' has a backslash")]
    [InlineData("files", "{\"a//b\": \"\"}", "'a//b' has an empty or . part")]
    [InlineData("files", "{\"lib/NUL.dll\": \"\"}", "'lib/NUL.dll' names a device")]
    [InlineData("files", "{\"backend.json\": \"\"}", "the manifest cannot hold its own hash")]
    [InlineData("operators", "{}", "$.operators: must be a list")]
    [InlineData("requires", "[\"avx9\"]", "$.requires[0]: this host does not know the rule \"avx9\"")]
    [InlineData("requires", "\"avx9\"", "$.requires: must be a list")]
    [InlineData("license", "3", "$.license: must be a text")]
    [InlineData("space", "\"Acme.\"", "$.space: must be")]
    [InlineData("kinds", "[\"gpu\", 1]", "$.kinds[1]: must be")]
    [InlineData("libraries", "[\"libc.so.6\", \"/lib/libc.so.6\"]", "$.libraries[1]: must be a library's file name")]
    [InlineData("libraries", "[{\"name\": \"..\", \"rid\": \"linux\"}]", "$.libraries[0].name: must be a library's file name")]
    [InlineData("options", "[]", "$.options: must be an object")]
    [InlineData("options", "{\"Profiling\": {\"type\": \"bool\"}}", "$.options['Profiling']: must be")]
    [InlineData("options", "{\"profiling\": {\"type\": \"flag\"}}", "$.options['profiling'].type: must be")]
    [InlineData("options", "{\"profiling\": {\"type\": \"bool\", \"default\": 1}}", "$.options['profiling'].default: must be of type bool")]
    [InlineData("options", "{\"seed\": {\"type\": \"int\", \"default\": 1.5}}", "$.options['seed'].default: must be of type int")]
    public void A_fault_is_named_by_its_path(string field, string value, string expected)
    {
        var manifest = Valid();
        manifest[field] = JsonNode.Parse(value);
        Refused(AbsenceCode.ManifestInvalid, expected, () => Read(manifest));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../other/Acme.dll")]
    [InlineData("lib/../../Acme.dll")]
    [InlineData("C:/Acme.dll")]
    [InlineData("Acme.dll:stream")]
    public void A_path_that_leads_outside_is_refused(string path)
    {
        var manifest = Valid();
        manifest["files"]![path] = Hash("");
        Refused(AbsenceCode.OutsideFolder, $"'{path}' leads outside", () => Read(manifest));
    }

    [Theory]
    [InlineData("schema")]
    [InlineData("name")]
    [InlineData("version")]
    [InlineData("contract")]
    [InlineData("platforms")]
    [InlineData("entry")]
    [InlineData("files")]
    public void Every_required_field_is_required(string field)
    {
        var manifest = Valid();
        manifest.Remove(field);
        Refused(AbsenceCode.ManifestInvalid, $"$.{field}: must be", () => Read(manifest));
    }

    [Fact]
    public void What_a_manifest_may_say_is_read()
    {
        var manifest = Read(Full());
        Assert.Equal(("Acme", "MIT", "acme"), (manifest.Vendor, manifest.License, manifest.Space));
        Assert.Equal(["gpu"], manifest.Kinds);
        Assert.Equal([new ManifestLibrary("libcuda.so.1", "linux"), new ManifestLibrary("libc.so.6", null)], manifest.Libraries);
        Assert.Equal(new ManifestOption("bool", "false", "Time every kernel"), manifest.Options["profiling"]);
        Assert.Equal(new ManifestOption("text", "pocl", null), manifest.Options["platform"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_folder, Manifest.FileName)))), manifest.Sha256);
    }

    [Fact]
    public void Written_anew_it_keeps_what_its_vendor_wrote()
    {
        using var plugin = BuiltPlugin.Managed();
        plugin.WithManifest(m => (m["version"], m["options"], m["libraries"]) = ("0.0.1", JsonNode.Parse("""{ "seed": { "type": "int" } }"""), JsonNode.Parse("""["libc.so.6"]""")));
        var manifest = ManifestWriter.Write(plugin.Folder, "acme");
        Assert.Equal("0.0.0", manifest.Version);   // the assembly's
        Assert.Equal("int", manifest.Options["seed"].Type);
        Assert.Equal("libc.so.6", Assert.Single(manifest.Libraries).Name);
    }

    [Fact]
    public void No_path_that_a_manifest_may_hold_leads_outside()
    {
        Gen.OneOf(Gen.OneOfConst("..", ".", "", "/", "//", "\\", ":", "a", "CON", "lib", "Acme.dll", "~", "*"), Gen.Char.Select(c => c.ToString())).Array[1, 8].Holds(parts =>
        {
            string path = string.Join(parts.Length % 2 == 0 ? "/" : "", parts);
            if (PluginFolder.IsPath(path, out _, out _)) Assert.StartsWith(_folder + Path.DirectorySeparatorChar, Path.GetFullPath(Path.Combine(_folder, path)));
        }, count: 20_000);
    }

    [Fact]
    public void An_unknown_field_is_ignored()
    {
        var manifest = Valid();
        manifest["colour"] = "red";
        Assert.Equal("acme", Read(manifest).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"schema\": 1,}")]
    [InlineData("{\"schema\": 1, \"schema\": 1}")]
    [InlineData("{\"name\": \"\\ud800\"}")]
    [InlineData("// no comments\n{}")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}")]
    public void What_is_not_strict_JSON_is_refused(string text)
    {
        File.WriteAllText(Path.Combine(_folder, Manifest.FileName), text);
        Assert.Equal(AbsenceCode.ManifestInvalid, Assert.Throws<PluginLoadException>(() => Manifest.Read(_folder)).Code);
    }

    [Fact]
    public void No_bytes_do_more_than_be_refused()
    {
        byte[] valid = Encoding.UTF8.GetBytes(Full().ToJsonString());
        Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte, Gen.Int[0, 3]).Array[1, 8].Holds(edits =>
        {
            var bytes = valid.ToList();
            foreach ((int at, byte value, int kind) in edits)
                if (at >= bytes.Count) bytes.Add(value);
                else if (kind == 0) bytes.RemoveAt(at);
                else if (kind == 1) bytes.Insert(at, value);
                else bytes[at] = value;
            try
            {
                ManifestReader.Parse(_folder, bytes.ToArray());
            }
            catch (PluginLoadException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }, count: 20_000);
    }

    [Fact]
    public void The_most_specific_entry_that_fits_is_taken()
    {
        var manifest = Valid();
        string[] platforms = ["any", "linux", "linux-x64", "linux-musl-x64"];
        manifest["platforms"] = new JsonArray([.. platforms.Select(p => (JsonNode)p)]);
        manifest["entry"] = new JsonArray([.. platforms.Select(p => new JsonObject { ["kind"] = "managed", ["file"] = "Acme.dll", ["rid"] = p })]);
        var read = Read(manifest);
        Assert.Equal("linux-x64", read.ChooseEntry(Platform.NamesOf("linux", false, "x64")).Platform);
        Assert.Equal("linux", read.ChooseEntry(Platform.NamesOf("linux", false, "arm64")).Platform);
        Assert.Equal("linux-musl-x64", read.ChooseEntry(Platform.NamesOf("linux", true, "x64")).Platform);
        Assert.Equal("any", read.ChooseEntry(Platform.NamesOf("osx", false, "arm64")).Platform);
    }

    [Fact]
    public void A_plugin_of_other_platforms_says_which()
    {
        var manifest = Valid();
        manifest["platforms"] = JsonNode.Parse("[\"win-x64\", \"linux-musl-x64\"]");
        manifest["entry"]!["kind"] = "native";
        Refused(AbsenceCode.PlatformMissing, "no entry for linux-x64; it has: win-x64, linux-musl-x64", () => Read(manifest).ChooseEntry(Platform.NamesOf("linux", false, "x64")));
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.9")]
    public void A_contract_that_the_host_lacks_is_refused(string contract)
    {
        var manifest = Valid();
        manifest["contract"] = contract;
        Refused(AbsenceCode.ContractMismatch, $"built for contract {contract}, this host has 1.0", () => Read(manifest).CheckContract());
    }

    [Fact]
    public void A_changed_file_is_refused()
    {
        var manifest = Read(Valid());
        File.WriteAllText(Path.Combine(_folder, "Acme.dll"), "changed");
        Refused(AbsenceCode.HashMismatch, "Acme.dll is not what the manifest says", () => manifest.VerifyFiles());
    }

    [Fact]
    public void A_missing_file_is_refused()
    {
        var manifest = Read(Valid());
        File.Delete(Path.Combine(_folder, "Acme.dll"));
        Refused(AbsenceCode.FileMissing, "Acme.dll", () => manifest.VerifyFiles());
    }

    [Fact]
    public void A_link_is_refused_even_to_the_same_bytes()
    {
        var manifest = Read(Valid());
        File.Move(Path.Combine(_folder, "Acme.dll"), Path.Combine(_folder, "real"));
        File.CreateSymbolicLink(Path.Combine(_folder, "Acme.dll"), Path.Combine(_folder, "real"));
        Refused(AbsenceCode.OutsideFolder, "Acme.dll is a link", () => manifest.VerifyFiles());
    }

    [Fact]
    public void A_pipe_is_never_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in folders");
        var manifest = Read(Valid());
        File.Delete(Path.Combine(_folder, "Acme.dll"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", Path.Combine(_folder, "Acme.dll"))) mkfifo.WaitForExit();
        Refused(AbsenceCode.HashMismatch, "Acme.dll", () => manifest.VerifyFiles());
    }

    [Fact]
    public void A_name_in_another_case_is_another_file()
    {
        var json = Valid();
        File.Move(Path.Combine(_folder, "Acme.dll"), Path.Combine(_folder, "acme.DLL"));
        Refused(AbsenceCode.FileMissing, "Acme.dll", () => Read(json).VerifyFiles());
    }

    [Fact]
    public void An_unlisted_file_is_a_note()
    {
        var manifest = Read(Valid());
        Directory.CreateDirectory(Path.Combine(_folder, "lib"));
        File.WriteAllText(Path.Combine(_folder, "lib", "extra.txt"), "");
        Assert.Equal(["lib/extra.txt"], manifest.VerifyFiles());
    }

    private JsonObject Valid()
    {
        File.WriteAllText(Path.Combine(_folder, "Acme.dll"), "code");
        return new JsonObject
        {
            ["schema"] = 1, ["name"] = "acme", ["version"] = "1.2.0-rc.1+b2", ["contract"] = "1.0", ["platforms"] = new JsonArray("any"),
            ["entry"] = new JsonObject { ["kind"] = "managed", ["file"] = "Acme.dll" }, ["files"] = new JsonObject { ["Acme.dll"] = Hash("code") },
        };
    }

    private JsonObject Full()
    {
        var manifest = Valid();
        foreach (var (field, value) in JsonNode.Parse("""
            { "vendor": "Acme", "license": "MIT", "link": "https://acme.example", "space": "acme", "operators": ["acme.twice(T x) -> T"], "kinds": ["gpu"], "requires": [],
              "libraries": [{ "name": "libcuda.so.1", "rid": "linux" }, "libc.so.6"],
              "options": { "profiling": { "type": "bool", "default": false, "help": "Time every kernel" }, "platform": { "type": "text", "default": "pocl" } } }
            """)!.AsObject()) manifest[field] = value!.DeepClone();
        return manifest;
    }

    private Manifest Read(JsonObject manifest)
    {
        File.WriteAllText(Path.Combine(_folder, Manifest.FileName), manifest.ToJsonString());
        return Manifest.Read(_folder);
    }

    private static string Hash(string text) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static void Refused(AbsenceCode code, string text, Action act)
    {
        var refusal = Assert.Throws<PluginLoadException>(act);
        Assert.Contains(text, refusal.Message);
        Assert.Equal(code, refusal.Code);
    }
}
