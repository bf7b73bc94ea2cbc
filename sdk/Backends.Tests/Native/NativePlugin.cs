using Backends.Plugins;
using Backends.Plugins.Native;

namespace Backends.Tests.Native;

/// <summary>A plugin in C for one test: a right one, but for what the test replaces in its text.</summary>
internal sealed class NativePlugin : IDisposable
{
    /// <summary>Right in every clause; each test changes one place of it.</summary>
    public const string Right = """
        #include <backends/backend.h>
        static bk_status run(const bk_frame* f) {
            const float* x = bk_in_f32(f, 0);
            float* y = bk_out_f32(f, 0);
            for (int64_t i = 0; i < bk_elements(f->outputs[0]); i++) y[i] = x[i] <= 0 ? 0 : x[i];
            return BK_OK;
        }
        static const bk_kernel kernels[] = {
            { BK_SIZED(bk_kernel), .op = "relu", .dtype = BK_F32, .run = run },
        };
        static const bk_device device = {
            BK_SIZED(bk_device), .name = "Test", .memory = BK_HOST_MEMORY, .kernels = kernels, .kernel_count = BK_COUNT(kernels),
        };
        static bk_status discover(const bk_discovery* d) { return d->offer(d, &device); }
        static const bk_backend backend = {
            BK_SIZED(bk_backend), .contract = BK_CONTRACT, .name = "test", .version = "1.0.0", .discover = discover,
        };
        BK_EXPORT const bk_backend* bk_get_backend(const bk_host* host) { return host ? &backend : 0; }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("backends-native-").FullName;

    /// <summary>Compiles the right plugin with replacements: each old text occurs in it once.</summary>
    public NativePlugin(params (string Old, string New)[] changes)
    {
        string source = Right;
        foreach ((string old, string text) in changes)
        {
            Assert.Equal(2, source.Split(old).Length);
            source = source.Replace(old, text);
        }
        CCompiler.Compile(source, Library);
    }

    public string Library => Path.Combine(_folder, "libtest.so");

    public Backend Load(string name = "test", string version = "1.0.0") => NativeBackend.Load(Library, name, version);

    public Discovery Discover()
    {
        var discovery = new Discovery();
        Load().Discover(discovery);
        return discovery;
    }

    /// <summary>The library stays mapped (OBJ-12); its file may go.</summary>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
