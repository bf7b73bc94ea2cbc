using System.Text.Json.Nodes;
using Backends.Plugins;
using Backends.Tests.Generators;
using Backends.Tests.Native;

namespace Backends.Tests.Plugins;

/// <summary>
/// Plugins that are broken, each in one way and built for real: each is refused with its code, a text that names the culprit, and a remedy, and the
/// app goes on with its next device (DIS-3, DIS-4).
/// </summary>
public sealed class BrokenPluginTests
{
    [Fact]
    public void Built_for_another_contract_by_its_manifest() =>
        Refused(BuiltPlugin.Managed().WithManifest(m => m["contract"] = "2.0"), AbsenceCode.ContractMismatch, "contract 2.0, this host has 1.0");

    // The library that loads plugins swallows this one, loads on with types of the plugin's own, and a cast fails.
    [Fact]
    public void Built_for_another_contract_by_its_assembly()
    {
        using var plugin = BuiltPlugin.Empty();
        string contract = Path.Combine(plugin.Beside, "Backends.Abstractions.dll");
        VendorCompiler.Emit("""
            [assembly: System.Reflection.AssemblyVersion("2.0.0.0")]
            namespace Backends.Plugins { public class Backend; public class BackendPluginAttribute(System.Type type) : System.Attribute { public System.Type Type => type; } }
            """, contract);
        VendorCompiler.Emit("[assembly: Backends.Plugins.BackendPlugin(typeof(B))] public class B : Backends.Plugins.Backend;", plugin.File("Acme.dll"), contract);
        Refused(plugin.WithManifest(), AbsenceCode.ContractMismatch, "acme 1.0.0 (Acme.dll) was built for contract 2.0, this host has 1.0");
    }

    [Fact]
    public void Built_for_another_platform() =>
        Refused(BuiltPlugin.Managed().WithManifest(m => m["platforms"] = new JsonArray("openbsd-mips")), AbsenceCode.PlatformMissing, "openbsd-mips");

    [Fact]
    public void Built_for_a_newer_runtime()
    {
        using var plugin = BuiltPlugin.Empty();
        string runtime = Path.Combine(plugin.Beside, "System.Newer.dll");
        VendorCompiler.Emit("[assembly: System.Reflection.AssemblyVersion(\"99.0.0.0\")] public class Newer;", Path.Combine(plugin.Beside, "System.Linq.dll"));
        File.Move(Path.Combine(plugin.Beside, "System.Linq.dll"), runtime);
        VendorCompiler.Emit(BuiltPlugin.Source + " public class Uses : Newer;", plugin.File("Acme.dll"), runtime);
        Refused(plugin.WithManifest(), AbsenceCode.DependencyMissing, "Acme.dll needs System.Linq 99.0.0.0, this process runs on .NET");
    }

    [Fact]
    public void A_file_is_missing() => Refused(BuiltPlugin.Managed().WithManifest(m => m["files"]!["data.bin"] = "sha256:" + new string('0', 64)), AbsenceCode.FileMissing, "data.bin");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_is_not_what_the_manifest_says(bool managed)
    {
        using var plugin = managed ? BuiltPlugin.Managed() : BuiltPlugin.Native();
        string file = managed ? "Acme.dll" : "libtest.so";
        using (var stream = File.Open(plugin.File(file), FileMode.Append)) stream.WriteByte(0);
        Refused(plugin, AbsenceCode.HashMismatch, $"{file} is not what the manifest says");
    }

    [Fact]
    public void A_path_leads_outside()
    {
        using var plugin = BuiltPlugin.Managed();
        File.Move(plugin.File("Acme.dll"), Path.Combine(plugin.Beside, "Acme.dll"));
        Refused(plugin.WithManifest(m =>
        {
            m["entry"] = new JsonObject { ["kind"] = "managed", ["file"] = "../Acme.dll" };
            m["files"] = new JsonObject { ["../Acme.dll"] = "sha256:" + PluginFolder.Hash(Path.Combine(plugin.Beside, "Acme.dll")) };
        }), AbsenceCode.OutsideFolder, "../Acme.dll");
    }

    [Fact]
    public void A_file_is_a_link_to_outside()
    {
        using var plugin = BuiltPlugin.Managed();
        string real = Path.Combine(plugin.Beside, "real.dll");
        File.Move(plugin.File("Acme.dll"), real);
        File.CreateSymbolicLink(plugin.File("Acme.dll"), real);
        Refused(plugin, AbsenceCode.OutsideFolder, "Acme.dll is a link");
    }

    [Theory]
    [InlineData("Backends.Abstractions.dll")]
    [InlineData("lib/deep/backends.abstractions.DLL")]
    public void It_carries_the_contract(string path)
    {
        using var plugin = BuiltPlugin.Managed();
        Directory.CreateDirectory(Path.GetDirectoryName(plugin.File(path))!);
        File.Copy(typeof(Backend).Assembly.Location, plugin.File(path));
        Refused(plugin.WithManifest(), AbsenceCode.PrivateContract, path);
    }

    [Fact]
    public void An_assembly_that_it_needs_is_missing()
    {
        using var plugin = BuiltPlugin.Empty();
        string direct = Path.Combine(plugin.Folder, "Acme.Core.dll"), indirect = Path.Combine(plugin.Beside, "Acme.Math.dll");
        VendorCompiler.Emit("public static class M { public static string Name => \"Acme\"; }", indirect);
        VendorCompiler.Emit("public static class C { public static string Name => M.Name; }", direct, indirect);
        VendorCompiler.Emit(BuiltPlugin.Source.Replace("\"Acme\"", "C.Name"), plugin.File("Acme.dll"), direct);
        Refused(plugin.WithManifest(), AbsenceCode.DependencyMissing, "Acme.Core.dll needs Acme.Math 0.0.0.0");
    }

    [Fact]
    public void An_assembly_of_the_app_is_none_of_the_plugins() =>
        Refused(BuiltPlugin.Managed(BuiltPlugin.Source.Replace("\"Acme\"", "typeof(CsCheck.PCG).Name"), references: typeof(CsCheck.PCG).Assembly.Location),
            AbsenceCode.DependencyMissing, "Acme.dll needs CsCheck");

    [Fact]
    public void A_library_that_its_library_needs_is_missing()
    {
        using var plugin = BuiltPlugin.Native();
        string source = Path.Combine(plugin.Beside, "needed.c"), needed = Path.Combine(plugin.Beside, "libneeded.so");
        File.WriteAllText(source, "__attribute__((visibility(\"default\"))) int needed(void); int needed(void) { return 1; }");
        CCompiler.CompileFile(source, needed, "-Wl,-soname,libneeded.so.4");
        CompileNative(plugin, "int needed(void); int used(void); int used(void) { return needed(); }", "-Wl,--no-as-needed", needed);
        Refused(plugin.WithManifest(), AbsenceCode.DependencyMissing, "libtest.so needs libneeded.so.4, which is not found");
    }

    [Fact]
    public void A_library_that_its_manifest_asks_for_is_missing() =>
        Refused(BuiltPlugin.Managed().WithManifest(m => m["libraries"] = JsonNode.Parse("""["libc.so.6", {"name": "libnothere.so.3", "rid": "any"}]""")),
            AbsenceCode.DependencyMissing, "acme 1.0.0 needs libnothere.so.3, which is not found");

    [Fact]
    public void Its_library_has_no_entry() =>
        Refused(BuiltPlugin.Native(("bk_get_backend(const", "other(const")), AbsenceCode.MissingSymbol, "libtest.so exports no bk_get_backend");

    [Fact]
    public void Its_assembly_names_no_backend() =>
        Refused(BuiltPlugin.Managed(BuiltPlugin.Source.Replace("[assembly: BackendPlugin(typeof(Acme.AcmeBackend))]", "")), AbsenceCode.MissingSymbol, "Acme.dll names no backend");

    // Bound at the first call, it would end the process there.
    [Fact]
    public void Its_library_lacks_a_symbol()
    {
        using var plugin = BuiltPlugin.Native();
        CompileNative(plugin, "int nowhere(void); int used(void); int used(void) { return nowhere(); }");
        Refused(plugin.WithManifest(), AbsenceCode.LoadFailed, "undefined symbol: nowhere");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_entry_is_no_code(bool managed)
    {
        using var plugin = managed ? BuiltPlugin.Managed() : BuiltPlugin.Native();
        File.WriteAllText(plugin.File(managed ? "Acme.dll" : "libtest.so"), "not code");
        Refused(plugin.WithManifest(), AbsenceCode.LoadFailed, managed ? "Acme.dll is no .NET assembly" : "libtest.so does not load");
    }

    [Fact]
    public void Its_table_lacks_a_slot() => Refused(BuiltPlugin.Native((".name = \"test\", ", "")), AbsenceCode.InvalidTable, "slot name is NULL");

    [Fact]
    public void Its_library_is_another_plugins() => Refused(BuiltPlugin.Native((".name = \"test\"", ".name = \"other\"")), AbsenceCode.ManifestMismatch, "the library is other 1.0.0");

    [Fact]
    public void Its_backend_cannot_be_made() =>
        Refused(BuiltPlugin.Managed(BuiltPlugin.Source.Replace("class AcmeBackend : Backend\n{", "class AcmeBackend : Backend\n{ public AcmeBackend() => throw new System.Exception(\"no licence\");")),
            AbsenceCode.EntryFailed, "no licence");

    [Fact]
    public void Its_manifest_asks_for_a_rule_that_this_host_does_not_know() =>
        Refused(BuiltPlugin.Managed().WithManifest(m => m["requires"] = new JsonArray("avx9")), AbsenceCode.ManifestInvalid, "$.requires[0]");

    [Fact]
    public void Another_of_its_name_was_found_first()
    {
        using var first = BuiltPlugin.Managed();
        using var second = BuiltPlugin.Managed(BuiltPlugin.Source + " // another");
        second.WithManifest(m => m["version"] = "9.0.0");
        using var host = BackendHost.FromPlugins(first.Folder, second.Folder);
        var absence = Assert.Single(host.Absences);
        Assert.Equal((AbsenceCode.Duplicate, "acme"), (absence.Code, absence.Subject));
        Assert.Contains(second.Folder, absence.Text);
        Assert.Equal([0f, 2f], Relu(host["acme"]));
    }

    [Fact]
    public void Right_ones_are_not_refused()
    {
        using var managed = BuiltPlugin.Managed();
        using var native = BuiltPlugin.Native();
        using var host = BackendHost.FromPlugins(managed.Folder, native.Folder);
        Assert.Empty(host.Absences);
        Assert.Equal(Relu(host["acme"]), Relu(host["test"]));
    }

    private static void CompileNative(BuiltPlugin plugin, string more, params string[] options)
    {
        string source = Path.Combine(plugin.Beside, "test.c");
        File.WriteAllText(source, NativePlugin.Right + more);
        CCompiler.CompileFile(source, plugin.File("libtest.so"), options);
    }

    private static void Refused(BuiltPlugin plugin, AbsenceCode code, string text)
    {
        using (plugin)
        {
            using var host = BackendHost.FromPlugins(plugin.Folder, Path.Combine(AppContext.BaseDirectory, "backends", "reference"));
            var absence = Assert.Single(host.Absences);
            Assert.True((code, plugin.Name) == (absence.Code, absence.Subject), absence.ToString());
            Assert.Contains(text, absence.Text);
            Assert.NotEmpty(absence.Remedy);
            Assert.Contains(text, Assert.Throws<DeviceNotUsableException>(() => host[plugin.Name]).Message);
            Assert.Equal([0f, 2f], Relu(host["reference"]));
        }
    }

    private static float[] Relu(Device device) => device.Tensor([-1f, 2f], [2]).Relu().ToArray<float>();
}
