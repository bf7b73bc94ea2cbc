using System.Text.Json.Nodes;
using Backends.Plugins;
using Backends.Tests.Generators;
using Backends.Tests.Native;

namespace Backends.Tests.Plugins;

/// <summary>A plugin's folder for one test, built for real: a right one, which the test then spoils. The manifest is written last.</summary>
internal sealed class BuiltPlugin : IDisposable
{
    /// <summary>A backend with one device and one kernel.</summary>
    public const string Source = """
        using Backends; using Backends.Plugins;
        [assembly: BackendPlugin(typeof(Acme.AcmeBackend))]
        namespace Acme;
        public sealed class AcmeBackend : Backend
        {
            public override void Discover(Discovery discovery) => discovery.Offer(new AcmeDevice("Acme"));
        }
        public sealed partial class AcmeDevice(string name) : HostMemoryDevice(new DeviceInfo { Name = name })
        {
            [Kernel("relu", DType.F32)]
            private static void Relu(in ReluArgs args)
            {
                var x = args.X.AsReadOnlySpan<float>();
                var y = args.Y.AsSpan<float>();
                for (int i = 0; i < y.Length; i++) y[i] = x[i] <= 0 ? 0 : x[i];
            }
        }
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("backends-built-").FullName;

    private BuiltPlugin(string name)
    {
        (Name, Folder) = (name, Path.Combine(_root, name));
        Directory.CreateDirectory(Folder);
    }

    /// <summary>The plugin's name.</summary>
    public string Name { get; }

    /// <summary>Its folder.</summary>
    public string Folder { get; }

    /// <summary>A folder beside it, for what is compiled and not shipped.</summary>
    public string Beside => _root;

    /// <summary>A file of it.</summary>
    public string File(string path) => Path.Combine(Folder, path);

    /// <summary>A plugin in C#, compiled to Acme.dll.</summary>
    public static BuiltPlugin Managed(string source = Source, string name = "acme", params string[] references)
    {
        var plugin = new BuiltPlugin(name);
        VendorCompiler.Emit(source, plugin.File("Acme.dll"), references);
        return plugin.WithManifest();
    }

    /// <summary>A folder without anything in it.</summary>
    public static BuiltPlugin Empty(string name = "acme") => new(name);

    /// <summary>A plugin in C, compiled to libtest.so; changes as in <see cref="NativePlugin"/>.</summary>
    public static BuiltPlugin Native(params (string Old, string New)[] changes)
    {
        using var built = new NativePlugin(changes);
        var plugin = new BuiltPlugin("test");
        System.IO.File.Copy(built.Library, plugin.File("libtest.so"));
        return plugin.WithManifest();
    }

    /// <summary>Writes the manifest of what is there now.</summary>
    /// <param name="change">Makes it say something else.</param>
    public BuiltPlugin WithManifest(Action<JsonObject>? change = null)
    {
        bool managed = System.IO.File.Exists(File("Acme.dll"));
        var files = PluginFolder.Walk(Folder).Keys.Where(f => f != Manifest.FileName).Order(StringComparer.Ordinal);
        var manifest = new JsonObject
        {
            ["schema"] = 1, ["name"] = Name, ["version"] = "1.0.0", ["contract"] = "1.0", ["platforms"] = new JsonArray(managed ? "any" : Platform.Full),
            ["entry"] = new JsonObject { ["kind"] = managed ? "managed" : "native", ["file"] = managed ? "Acme.dll" : "libtest.so" },
            ["files"] = new JsonObject(files.Select(f => KeyValuePair.Create(f, (JsonNode?)$"sha256:{PluginFolder.Hash(File(f))}"))),
        };
        change?.Invoke(manifest);
        System.IO.File.WriteAllText(File(Manifest.FileName), manifest.ToJsonString());
        return this;
    }

    public LoadedPlugin Load(PluginRules? rules = null) => PluginLoader.Load(Manifest.Read(Folder), rules);

    public void Dispose()
    {
        if (Directory.Exists(_root)) Directory.Delete(_root, recursive: true);
    }
}
