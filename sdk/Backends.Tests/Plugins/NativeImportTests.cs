using System.Text;
using Backends.Plugins.Native;
using Backends.Tests.Generators;
using Backends.Tests.Native;
using CsCheck;

namespace Backends.Tests.Plugins;

/// <summary>Native libraries in plugins' folders: each plugin gets its own, and where Linux cannot give it, the host says so (ABI-11).</summary>
public sealed class NativeImportTests : IDisposable
{
    private readonly List<BuiltPlugin> _plugins = [];

    public void Dispose() => _plugins.ForEach(p => p.Dispose());

    // The runtime remembers a library by name for the whole process: left to it, the second plugin runs the first one's.
    [Theory]
    [InlineData("vendora", "libvendora.so", "")]
    [InlineData("libvendorb", "libvendorb.so", "")]
    [InlineData("libvendorc.so", "libvendorc.so", "")]
    [InlineData("vendord", "vendord.so", "")]
    [InlineData("libvendore.so.3", "libvendore.so.3", "")]
    [InlineData("vendorf", "runtimes/linux-x64/native/libvendorf.so", "")]
    [InlineData("vendorg", "libvendorg.so", "NativeLibrary.SetDllImportResolver(typeof(AcmeBackend).Assembly, (name, assembly, path) => 0);")]
    [InlineData("vendorh", "libvendorh.so", "NativeLibrary.SetDllImportResolver(typeof(AcmeBackend).Assembly, (name, assembly, path) => NativeLibrary.Load(name, assembly, path));")]
    public void Two_plugins_with_a_library_of_one_name_each_get_their_own(string import, string file, string first)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && (!file.StartsWith("runtimes", StringComparison.Ordinal) || Backends.Plugins.Platform.Full == "linux-x64"), "the names are linux-x64's");
        using var host = BackendHost.FromPlugins(Importing("one", import, file, 1, first).Folder, Importing("two", import, file, 2, first).Folder);
        Assert.Equal(["answer 1", "answer 2"], host.Devices.Select(d => d.Info.Name));
        Assert.Empty(host.Absences);
    }

    [Fact]
    public void An_assembly_that_the_plugin_brings_gets_its_library_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the names are Linux's");
        var folders = new List<string>();
        for (int answer = 1; answer <= 2; answer++)
        {
            var plugin = Add(BuiltPlugin.Empty($"dep{answer}"));
            Library(plugin, "libinner.so", Answer(answer));
            VendorCompiler.Emit("public static class Inner { [System.Runtime.InteropServices.DllImport(\"inner\")] public static extern int answer(); }", plugin.File("Inner.dll"));
            VendorCompiler.Emit(BuiltPlugin.Source.Replace("\"Acme\"", "$\"answer {Inner.answer()}\""), plugin.File("Acme.dll"), plugin.File("Inner.dll"));
            folders.Add(Complete(plugin).Folder);
        }
        using var host = BackendHost.FromPlugins(folders);
        Assert.Equal(["answer 1", "answer 2"], host.Devices.Select(d => d.Info.Name));
    }

    // Bound lazily, it would load, and end the process at the call.
    [Fact]
    public void A_library_that_lacks_a_symbol_is_a_note_and_an_exception_of_the_call()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "bound at once on Linux");
        var plugin = Add(BuiltPlugin.Empty("lacking"));
        Library(plugin, "liblacking.so", "int nowhere(void); int answer(void); __attribute__((visibility(\"default\"))) int answer(void) { return nowhere(); }");
        VendorCompiler.Emit(Importing("lacking").Replace("$\"answer {answer()}\"", "Try()")
            .Replace("static extern", "static string Try() { try { return $\"{answer()}\"; } catch (System.DllNotFoundException e) { return e.Message; } } [DllImport(\"lacking\")] static extern")
            .Replace("[DllImport(\"lacking\")] static string", "static string"), plugin.File("Acme.dll"));
        using var host = BackendHost.FromPlugins(Complete(plugin).Folder);
        Assert.Contains("liblacking.so does not load: ", Assert.Single(host.Devices).Info.Name);
        Assert.Contains("undefined symbol: nowhere", Assert.Single(host["lacking"].Notes));
    }

    [Fact]
    public void A_dependency_that_another_plugin_brought_first_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems tell libraries apart by path");
        var (one, two) = (Needing("first", "libdep.so.1", 1), Needing("second", "libdep.so.1", 2));
        using var host = BackendHost.FromPlugins(one.Folder, two.Folder);
        Assert.Equal(["answer 1", "answer 1"], host.Devices.Select(d => d.Info.Name));   // the fault itself: the second one runs with the first one's
        Assert.Empty(host["first"].Notes);
        string note = Assert.Single(host["second"].Notes);
        Assert.StartsWith($"libvendor.so needs libdep.so.1 and gets plugin first's copy, {one.File("libdep.so.1")}, not the plugin's own", note);
    }

    [Fact]
    public void A_dependency_of_a_plugin_in_C_that_another_brought_first_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems tell libraries apart by path");
        var (one, two) = (NeedingInC("cone", 1), NeedingInC("ctwo", 2));
        using var host = BackendHost.FromPlugins(one.Folder, two.Folder);
        Assert.Equal(["cone:0", "ctwo:0"], host.Devices.Select(d => d.Name));
        Assert.Empty(host["cone"].Notes);
        Assert.StartsWith($"libtest.so needs libcdep.so.2 and gets plugin cone's copy, {one.File("libcdep.so.2")}", Assert.Single(host["ctwo"].Notes));
    }

    [Fact]
    public void A_library_says_what_it_is_called_and_what_it_needs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a format of Linux");
        var plugin = Needing("elf", "libelfdep.so.7", 1);
        var image = ElfImage.Read(plugin.File("libvendor.so"))!;
        Assert.Equal("", image.Soname);
        Assert.Contains("libelfdep.so.7", image.Needed);
        Assert.Equal(["$ORIGIN"], image.RunPath);
        Assert.Equal("libelfdep.so.7", ElfImage.Read(plugin.File("libelfdep.so.7"))!.Soname);
        Assert.Null(ElfImage.Read(plugin.File("Acme.dll")));
    }

    [Fact]
    public void No_bytes_make_the_reader_of_libraries_do_more_than_refuse()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a format of Linux");
        byte[] right = File.ReadAllBytes(Needing("fuzz", "libfuzzdep.so.1", 1).File("libvendor.so"));
        // Most edits hit the headers and the dynamic section's few bytes: elsewhere nothing is read.
        Gen.Select(Gen.Frequency((4, Gen.Int[0, 1024]), (1, Gen.Int[0, right.Length - 1])), Gen.Byte).Array[1, 12].Holds(edits =>
        {
            byte[] bytes = [.. right];
            foreach ((int at, byte value) in edits) bytes[at] = value;
            _ = ElfImage.Read(new MemoryStream(bytes, 0, edits[0].Item1 % 3 == 0 ? edits[0].Item1 : bytes.Length))?.Needed.Count;
        });
    }

    private BuiltPlugin Add(BuiltPlugin plugin)
    {
        _plugins.Add(plugin);
        return plugin;
    }

    private static string Answer(int number) => $"int answer(void); __attribute__((visibility(\"default\"))) int answer(void) {{ return {number}; }}";

    private static string Importing(string import, string first = "") => "using System.Runtime.InteropServices; " + BuiltPlugin.Source
        .Replace("class AcmeBackend : Backend\n{", $"class AcmeBackend : Backend\n{{ [DllImport(\"{import}\")] static extern int answer(); public AcmeBackend() {{ {first} }}")
        .Replace("\"Acme\"", "$\"answer {answer()}\"");

    // A plugin whose device is called as its library answers.
    private BuiltPlugin Importing(string name, string import, string file, int answer, string first = "")
    {
        var plugin = Add(BuiltPlugin.Empty(name));
        Library(plugin, file, Answer(answer));
        VendorCompiler.Emit(Importing(import, first), plugin.File("Acme.dll"));
        return Complete(plugin);
    }

    // The same, its library asking another one that lies beside it.
    private BuiltPlugin Needing(string name, string soname, int answer)
    {
        var plugin = Add(BuiltPlugin.Empty(name));
        Library(plugin, soname, Answer(answer).Replace("answer", "inner"), $"-Wl,-soname,{soname}");
        Library(plugin, "libvendor.so", "int inner(void); int answer(void); __attribute__((visibility(\"default\"))) int answer(void) { return inner(); }",
            "-Wl,--no-as-needed", "-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN", plugin.File(soname));
        VendorCompiler.Emit(Importing("vendor"), plugin.File("Acme.dll"));
        return Complete(plugin);
    }

    private BuiltPlugin NeedingInC(string name, int answer)
    {
        var plugin = Add(BuiltPlugin.Empty(name));
        Library(plugin, "libcdep.so.2", Answer(answer).Replace("answer", "inner"), "-Wl,-soname,libcdep.so.2");
        Library(plugin, "libtest.so", NativePlugin.Right.Replace("\"test\"", $"\"{name}\"") + "int inner(void); int used(void); int used(void) { return inner(); }",
            "-Wl,--no-as-needed", "-Wl,-rpath,$ORIGIN", plugin.File("libcdep.so.2"));
        return plugin.WithManifest();
    }

    // As the build writes it: without one the runtime looks into the whole folder, and the fault does not show.
    private static BuiltPlugin Complete(BuiltPlugin plugin)
    {
        File.WriteAllText(plugin.File("Acme.deps.json"), """
            { "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
              "targets": { ".NETCoreApp,Version=v10.0": { "Acme/1.0.0": { "runtime": { "Acme.dll": {} } } } },
              "libraries": { "Acme/1.0.0": { "type": "project", "serviceable": false, "sha512": "" } } }
            """);
        return plugin.WithManifest();
    }

    private static void Library(BuiltPlugin plugin, string file, string source, params string[] options)
    {
        string text = Path.Combine(plugin.Beside, "library.c"), built = Path.Combine(plugin.Beside, "library.so");
        File.WriteAllText(text, source, Encoding.ASCII);
        CCompiler.CompileFile(text, built, options);
        Directory.CreateDirectory(Path.GetDirectoryName(plugin.File(file))!);
        File.Move(built, plugin.File(file));
    }
}
