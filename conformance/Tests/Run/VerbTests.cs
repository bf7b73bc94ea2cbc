using System.Text.Json;
using Backends.Plugins;
using Xunit;

namespace Backends.Conformance.Tests.Run;

/// <summary>The verbs that look at devices, operators and plugins, as their user meets them: a process, its output and its exit code.</summary>
public sealed class VerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("verbs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Devices_are_listed_with_the_default_and_what_is_absent_with_its_reason()
    {
        Write("app/appsettings.json", """{ "Backends": { "Preference": ["cuda", "cpu"] } }""");
        Write("app/backends/broken/backend.json", "{}");
        var (code, output, _) = await ConformCommandTests.ToolAsync("devices", "--config", Path.Combine(_folder, "app", "appsettings.json"));
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^cpu:0 +Host processor · .* · all dtypes  \(default: auto\)$", output);
        Assert.Matches(@"(?m)^reference:0 ", output);
        Assert.Matches(@"(?m)^cuda +not usable: no plugin of this name was found$", output);
        Assert.Matches(@"(?m)^broken +not usable: backend\.json: ", output);
        Assert.Matches(@"(?m)^ +remedy: ", output);
        Assert.DoesNotContain("\x1b", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_of_the_app_stands_for_the_one_beside_the_tool()
    {
        Copy(Path.Combine(AppContext.BaseDirectory, "backends", "cpu"), Path.Combine(_folder, "backends", "cpu"));
        string manifest = Path.Combine(_folder, "backends", "cpu", "backend.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest) + "\n");   // another build: the same files would be no second plugin
        Write("appsettings.json", "{}");
        var root = await DocumentAsync(0, "devices", "--config", Path.Combine(_folder, "appsettings.json"));
        Assert.DoesNotContain("cpu", root.GetProperty("rejected").EnumerateArray().Select(r => r.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Devices_as_a_document_have_the_fields_that_are_promised()
    {
        Write("backends/broken/backend.json", "{}");
        Write("appsettings.json", """{ "Backends": { "Preference": ["opencl", "sim", "cpu"], "Plugins": { "Disabled": ["kernels"] } } }""");
        var root = await DocumentAsync(0, "devices", "--config", Path.Combine(_folder, "appsettings.json"));
        Assert.Equal(["schema", "default", "devices", "rejected"], Fields(root));
        Assert.Equal(1, root.GetProperty("schema").GetInt32());
        Assert.Equal(("sim:0", "the first of opencl, sim, cpu that fits"), (Text(root, "default", "id"), Text(root, "default", "because")));
        var devices = root.GetProperty("devices").EnumerateArray().ToDictionary(d => d.GetProperty("id").GetString()!);
        Assert.Superset(new HashSet<string> { "cpu:0", "reference:0", "sim:0", "sim:1" }, devices.Keys.ToHashSet());
        var sim = devices["sim:1"];
        Assert.Equal(["id", "backend", "name", "memory", "dtypes", "features", "facts", "plugin"], Fields(sim));
        Assert.Equal(["name", "version", "contract", "kind", "sha256", "trusted"], Fields(sim.GetProperty("plugin")));
        Assert.Equal((256L << 20, "1.0", "managed", false), (sim.GetProperty("memory").GetInt64(), Text(sim, "plugin", "contract"), Text(sim, "plugin", "kind"), sim.GetProperty("plugin").GetProperty("trusted").GetBoolean()));
        Assert.Equal("0000051d-0000-0000-0000-000000000001", Text(sim, "facts", "uuid"));
        Assert.Contains("f32", sim.GetProperty("dtypes").EnumerateArray().Select(d => d.GetString()));
        var rejected = root.GetProperty("rejected").EnumerateArray().ToDictionary(r => r.GetProperty("id").GetString()!);
        Assert.All(rejected.Values, r => Assert.Equal(["id", "stage", "code", "why", "remedy"], Fields(r)));
        Assert.All(rejected.Values, r => Assert.NotEqual("", r.GetProperty("why").GetString()));
        Assert.Equal(("find", "ManifestInvalid"), (rejected["broken"].GetProperty("stage").GetString(), rejected["broken"].GetProperty("code").GetString()));
        Assert.Equal("Disabled", rejected["kernels"].GetProperty("code").GetString());
        Assert.Contains("opencl", rejected.Keys);
    }

    [Fact]
    public async Task A_configuration_with_an_unknown_key_exits_1_and_names_the_nearest()
    {
        Write("appsettings.json", """{ "Backends": { "Devcie": "cpu" } }""");
        var (code, output, errors) = await ConformCommandTests.ToolAsync("devices", "--json", "--config", Path.Combine(_folder, "appsettings.json"));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("BK1001", errors, StringComparison.Ordinal);
        Assert.Contains("Device", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_says_which_way_each_pair_takes_and_the_totals_add_up()
    {
        var root = await DocumentAsync(0, "explain", "sim");
        Assert.Equal(["schema", "device", "totals", "operators"], Fields(root));
        var entries = root.GetProperty("operators").EnumerateArray().ToArray();
        Assert.All(entries, e => Assert.Equal(["op", "dtype", "runs", "kernel", "when", "into", "because"], Fields(e)));
        Assert.Equal(["native", "decomposed", "fallback", "unsupported", "host"], Fields(root.GetProperty("totals")));
        foreach (var total in root.GetProperty("totals").EnumerateObject()) Assert.Equal(total.Value.GetInt32(), entries.Count(e => e.GetProperty("runs").GetString() == total.Name));
        var softmax = entries.First(e => e.GetProperty("op").GetString() == "softmax" && e.GetProperty("dtype").GetString() == "f32");
        Assert.Equal(("decomposed", "no kernel"), (softmax.GetProperty("runs").GetString(), softmax.GetProperty("because").GetString()));
        Assert.Equal(["amax", "sub", "exp", "sum", "div"], softmax.GetProperty("into").EnumerateArray().Select(p => p.GetString()));
    }

    [Fact]
    public async Task Explain_of_one_operator_and_dtype_is_a_line_with_the_kernel()
    {
        var (code, output, _) = await ConformCommandTests.ToolAsync("explain", "cpu", "relu", "--dtype", "f32");
        Assert.Equal(0, code);
        Assert.Equal("relu f32  native cpu.relu.f32", output.Split('\n')[0].TrimEnd());
        Assert.Contains("1 native, 0 decomposed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "BK1101", "explain", "nosuch")]
    [InlineData(3, "nearest: softmax", "explain", "cpu", "sotfmax")]
    [InlineData(3, "is not for f32", "explain", "cpu", "logical_and", "--dtype", "f32")]
    [InlineData(1, "is no dtype", "explain", "cpu", "--dtype", "f99")]
    [InlineData(3, "nearest: matmul", "ops", "matmull")]
    [InlineData(4, "there is no such folder", "devices", "--plugins", "/nosuch")]
    [InlineData(1, "nosuch.json", "devices", "--config", "/nosuch.json")]
    [InlineData(3, "no plugin to check", "trust", "check")]
    public async Task What_cannot_be_answered_says_why_by_its_exit_code(int expected, string text, params string[] arguments)
    {
        var (code, output, errors) = await ConformCommandTests.ToolAsync([.. arguments, "--json"]);
        Assert.Equal(expected, code);
        Assert.Contains(text, errors, StringComparison.Ordinal);
        Assert.Equal("", output);
    }

    [Fact]
    public async Task The_catalogue_has_every_operator()
    {
        var root = await DocumentAsync(0, "ops");
        var entries = root.GetProperty("operators").EnumerateArray().ToArray();
        Assert.Equal(CoreOperators.All.Select(o => o.Name).Order(StringComparer.Ordinal), entries.Select(e => e.GetProperty("name").GetString()));
        Assert.All(entries, e => Assert.Equal(["name", "kind", "signature", "dtypes", "profiles", "accuracy", "decomposition", "summary", "formula"], Fields(e)));
        var (_, output, _) = await ConformCommandTests.ToolAsync("ops", "softmax");
        Assert.Contains("softmax(T x, i64 dim = -1) -> T", output, StringComparison.Ordinal);
        Assert.Contains("decomposed: amax sub exp sum div", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_pinned_is_trusted_until_it_changes()
    {
        string plugin = Path.Combine(_folder, "plugins", "cpu"), file = Path.Combine(_folder, "trust.json");
        Copy(Path.Combine(AppContext.BaseDirectory, "backends", "cpu"), plugin);
        Assert.Equal(2, (await ConformCommandTests.ToolAsync("trust", "check", plugin, "--file", file)).Code);
        Assert.Equal(3, (await ConformCommandTests.ToolAsync("trust", "add", Path.Combine(plugin, "..", ".."), "--file", file)).Code);   // nothing to pin is no success
        Assert.False(File.Exists(file));
        var (code, output, _) = await ConformCommandTests.ToolAsync("trust", "add", Path.GetDirectoryName(plugin)!, "--file", file);
        Assert.Equal(0, code);
        Assert.Matches(@"^cpu \S+  [0-9]+ files?  [0-9a-f]{8}\n", output);
        var pinned = Assert.Single((await DocumentAsync(0, "trust", "list", "--file", file)).GetProperty("plugins").EnumerateArray());
        Assert.Equal(["name", "version", "sha256"], Fields(pinned));
        Assert.Equal("cpu  trusted", (await ConformCommandTests.ToolAsync("trust", "check", plugin, "--file", file)).Output.TrimEnd());
        File.AppendAllText(Path.Combine(plugin, "Backends.Cpu.dll"), " ");
        var judged = Assert.Single((await DocumentAsync(2, "trust", "check", plugin, "--file", file)).GetProperty("plugins").EnumerateArray());
        Assert.Equal(["name", "folder", "trusted", "why", "remedy"], Fields(judged));
        Assert.Contains("Backends.Cpu.dll", Text(judged, "why"), StringComparison.Ordinal);
        Assert.Equal(4, (await ConformCommandTests.ToolAsync("trust", "add", plugin, "--file", file)).Code);
        // With a configuration, the file that it names is the one.
        Write("plugins/appsettings.json", """{ "Backends": { "Plugins": { "Directories": ["."], "TrustFile": "../trust.json" } } }""");
        Assert.Equal(file, Text(await DocumentAsync(0, "trust", "list", "--config", Path.Combine(_folder, "plugins", "appsettings.json")), "file"));
    }

    [Fact]
    public async Task Include_and_manifest_answer_as_documents_too()
    {
        string folder = Text(await DocumentAsync(0, "include"), "folder");
        Assert.True(File.Exists(Path.Combine(folder, "backends", "backend.h")));
        string plugin = Path.Combine(_folder, "cpu");
        Copy(Path.Combine(AppContext.BaseDirectory, "backends", "cpu"), plugin);
        var root = await DocumentAsync(0, "manifest", plugin, "--name", "mine");
        Assert.Equal(("mine", "managed", Path.Combine(plugin, "backend.json")), (Text(root, "name"), Text(root, "kind"), Text(root, "file")));
        Assert.Equal("mine", Manifest.Read(plugin).Name);
        Assert.Equal(4, (await ConformCommandTests.ToolAsync("manifest", _folder, "--name", "mine")).Code);
    }

    // The document is all that stands on standard output.
    private static async Task<JsonElement> DocumentAsync(int expected, params string[] arguments)
    {
        var (code, output, errors) = await ConformCommandTests.ToolAsync([.. arguments, "--json"]);
        Assert.True(code == expected, $"exit {code}\n{errors}");
        return JsonDocument.Parse(output).RootElement;
    }

    private static IEnumerable<string> Fields(JsonElement element) => element.EnumerateObject().Select(p => p.Name);

    private static string Text(JsonElement element, params string[] path) => path.Aggregate(element, (e, name) => e.GetProperty(name)).GetString()!;

    private void Write(string path, string text)
    {
        string file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
