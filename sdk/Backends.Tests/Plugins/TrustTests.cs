using Backends.Plugins;
using Backends.Plugins.Native;
using Backends.Plugins.Trust;
using Backends.Tests.Generators;
using Backends.Tests.Native;

namespace Backends.Tests.Plugins;

/// <summary>With trust required, only what the list pins is loaded, from folders that nobody else can write, and what was hashed is what is loaded (MAN-6).</summary>
public sealed class TrustTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backends-trust-").FullName;
    private readonly List<BuiltPlugin> _plugins = [];

    public void Dispose()
    {
        Staging.Done = null;
        _plugins.ForEach(p => p.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private string List => Path.Combine(_folder, "trust.json");

    private PluginRules Required => new() { Trust = TrustMode.Required, TrustFile = List, StagingFolder = Path.Combine(_folder, "staged") };

    [Fact]
    public void A_pinned_plugin_loads_from_its_staged_copy()
    {
        var plugin = Pinned(BuiltPlugin.Managed());
        Assert.Equal("Acme", Ask(plugin));
        string staged = Assert.Single(Directory.GetDirectories(Required.StagingFolder!));
        Assert.Equal(Manifest.Read(plugin.Folder).Sha256, Path.GetFileName(staged));
        Assert.Equal(["Acme.dll"], Directory.GetFiles(staged).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(TrustMode.Off)]
    [InlineData(TrustMode.Required)]
    public void What_is_not_pinned_loads_only_where_trust_is_off(TrustMode mode)
    {
        var plugin = Add(BuiltPlugin.Managed());
        if (mode == TrustMode.Off) Assert.NotNull(plugin.Load(Required with { Trust = mode }));
        else Refused(plugin, "acme 1.0.0 is not in the trust list", $"backends trust add {plugin.Folder} --file {List}");
    }

    [Fact]
    public void One_that_changed_since_it_was_pinned_is_refused()
    {
        var plugin = Pinned(BuiltPlugin.Managed());
        plugin.WithManifest(m => m["version"] = "1.0.1");
        Refused(plugin, "acme 1.0.1 is not the 1.0.0 that is in the trust list", "backends trust add");
    }

    [Fact]
    public void A_changed_file_of_a_pinned_plugin_is_refused()
    {
        var plugin = Pinned(BuiltPlugin.Managed());
        using (var stream = File.Open(plugin.File("Acme.dll"), FileMode.Append)) stream.WriteByte(0);
        Refused(plugin, "Acme.dll is not what the manifest says", "reinstall", AbsenceCode.HashMismatch);
    }

    [Fact]
    public void A_file_that_the_manifest_does_not_list_is_refused()
    {
        var plugin = Pinned(BuiltPlugin.Managed());
        File.WriteAllText(plugin.File("Newtonsoft.Json.dll"), "");
        Refused(plugin, "Newtonsoft.Json.dll lies in the plugin's folder and is not in its manifest", "delete it");
    }

    // The loaders of assemblies and of libraries take paths: whoever swaps the file between check and load must not win.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_is_swapped_after_the_check_is_not_what_is_loaded(bool managed)
    {
        var (right, wrong) = managed
            ? (Pinned(BuiltPlugin.Managed()), Add(BuiltPlugin.Managed(BuiltPlugin.Source.Replace("\"Acme\"", "\"Evil\""))))
            : (Pinned(BuiltPlugin.Native((".name = \"Test\"", ".name = \"Acme\""))), Add(BuiltPlugin.Native((".name = \"Test\"", ".name = \"Evil\""))));
        string file = managed ? "Acme.dll" : "libtest.so";
        Swap("staged", right, () => File.Copy(wrong.File(file), right.File(file), overwrite: true));
        Assert.Equal("Acme", Ask(right));
        Assert.NotEqual(Manifest.Read(right.Folder).Files[file], PluginFolder.Hash(right.File(file)));   // it was swapped
    }

    [Fact]
    public void A_file_that_is_swapped_before_it_is_copied_is_refused()
    {
        var plugin = Pinned(BuiltPlugin.Managed());
        Swap("verified", plugin, () => File.WriteAllText(plugin.File("Acme.dll"), "evil"));
        Refused(plugin, "Acme.dll is not what the manifest says", "reinstall", AbsenceCode.HashMismatch);
        Assert.Empty(Directory.GetFileSystemEntries(Required.StagingFolder!));
    }

    [Fact]
    public void A_dependency_that_is_swapped_after_the_check_is_not_what_is_loaded()
    {
        var plugin = Add(BuiltPlugin.Empty());
        string inner = plugin.File("Inner.dll"), evil = Path.Combine(plugin.Beside, "Inner.dll");
        VendorCompiler.Emit("public static class Inner { public static string Name => \"right\"; }", inner);
        VendorCompiler.Emit("public static class Inner { public static string Name => \"evil\"; }", evil);
        VendorCompiler.Emit(BuiltPlugin.Source.Replace("\"Acme\"", "Inner.Name"), plugin.File("Acme.dll"), inner);
        Pinned(plugin.WithManifest());
        Swap("staged", plugin, () => File.Copy(evil, inner, overwrite: true));
        Assert.Equal("right", Ask(plugin));
    }

    [Fact]
    public void A_damaged_staged_copy_is_not_loaded()
    {
        var plugin = Pinned(BuiltPlugin.Managed());
        plugin.Load(Required);
        string staged = Path.Combine(Assert.Single(Directory.GetDirectories(Required.StagingFolder!)), "Acme.dll");
        File.Delete(staged);
        File.WriteAllText(staged, "damaged");
        Assert.Equal("Acme", Ask(plugin));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("parent")]
    [InlineData("list")]
    public void What_others_can_write_is_not_trusted(string where)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "rights of another kind");
        var plugin = Pinned(BuiltPlugin.Managed());
        string path = where == "folder" ? plugin.Folder : where == "parent" ? plugin.Beside : List;
#pragma warning disable CA1416 // skipped on Windows
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupWrite);
#pragma warning restore CA1416
        Refused(plugin, $"{path} is writable by others than its owner", "chmod go-w");
    }

    [Theory]
    [InlineData("[]", "$.schema must be 1")]
    [InlineData("{\"schema\":1}", "$.plugins must be a list")]
    [InlineData("{\"schema\":1,\"plugins\":[{\"name\":\"acme\"}]}", "$.plugins[0].version must be a text")]
    [InlineData("{\"schema\":1,\"plugins\":[{\"name\":\"acme\",\"version\":\"1\",\"sha256\":\"12\"}]}", "$.plugins[0].sha256 must be")]
    [InlineData("{\"schema\":1,\"schema\":1,\"plugins\":[]}", "Duplicate")]
    [InlineData("{\"schema\":1,\"plugins\":[],}", "trailing")]
    public void A_trust_list_that_breaks_its_rules_trusts_nobody(string text, string why)
    {
        var plugin = Add(BuiltPlugin.Managed());
        File.WriteAllText(List, text);
        var refusal = Assert.Throws<PluginLoadException>(() => plugin.Load(Required));
        Assert.Equal(AbsenceCode.Untrusted, refusal.Code);
        Assert.Contains(why, refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_list_is_read_as_it_was_written_and_forgets_what_is_removed()
    {
        var plugin = Pinned(BuiltPlugin.Managed());
        var list = TrustList.Read(List);
        var manifest = Manifest.Read(plugin.Folder);
        Assert.Equal(new TrustedPlugin("acme", "1.0.0", manifest.Sha256), Assert.Single(list.Plugins));
        Assert.Null(list.Check(manifest));
        Assert.True(list.Remove("acme"));
        Assert.False(list.Remove("acme"));
        Assert.Equal(AbsenceCode.Untrusted, list.Check(manifest)!.Code);
    }

    private BuiltPlugin Add(BuiltPlugin plugin)
    {
        _plugins.Add(plugin);
        return plugin;
    }

    private BuiltPlugin Pinned(BuiltPlugin plugin)
    {
        var list = TrustList.Read(List);
        list.Add(Manifest.Read(plugin.Folder));
        list.Write(List);
        return _plugins.Contains(plugin) ? plugin : Add(plugin);
    }

    private static void Swap(string after, BuiltPlugin plugin, Action swap) => Staging.Done = (done, folder) =>
    {
        if (done == after && folder == plugin.Folder) swap();
    };

    // What the loaded code calls its device.
    private string Ask(BuiltPlugin plugin)
    {
        var discovery = new Discovery();
        using var backend = plugin.Load(Required).Begin(new PluginServices(new LivePlugin(plugin.Name, new Nobody())));
        backend.Discover(discovery);
        return Assert.Single(discovery.Offers).Info.Name;
    }

    private void Refused(BuiltPlugin plugin, string text, string remedy, AbsenceCode code = AbsenceCode.Untrusted)
    {
        var refusal = Assert.Throws<PluginLoadException>(() => plugin.Load(Required));
        Assert.True(refusal.Code == code, $"{refusal.Code}: {refusal.Message}");
        Assert.Contains(text, refusal.Message);
        Assert.Contains(remedy, refusal.Remedy);
    }

    private sealed class Nobody : Backend
    {
        public override void Discover(Discovery discovery) { }
    }
}
