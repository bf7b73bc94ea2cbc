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

    /// <summary>Right too: memory of its own, and queues that do everything at once.</summary>
    public const string RightWithQueues = """
        #include <backends/backend.h>
        #include <stdlib.h>
        #pragma GCC diagnostic ignored "-Wunused-function"   /* what a replacement leaves without a use */
        #pragma GCC diagnostic ignored "-Wunused-const-variable"
        static const bk_host* host;
        static uint64_t done, live, destroyed;
        static bk_status copy(void* q, const bk_copy* c) {
            (void)q;
            memcpy((char*)c->target + c->target_offset, (const char*)c->source + c->source_offset, c->length);
            return BK_OK;
        }
        static bk_status hold(void* q, void* other, uint64_t value) { return q && other && value <= done ? BK_OK : bk_fail(host, BK_INTERNAL, "wait"); }
        static bk_status mark(void* q, uint64_t value) { (void)q; done = value; return BK_OK; }
        static uint64_t reached(void* q) { (void)q; return done; }
        static int32_t await(void* q, uint64_t value, int64_t timeout) { (void)q; (void)timeout; return done >= value ? BK_REACHED : BK_TIMED_OUT; }
        static int32_t failure(void* q, bk_failure* f) { (void)q; (void)f; return 0; }
        static void destroy(void* q) { (void)q; destroyed++; }
        static const bk_queue queue = {
            BK_SIZED(bk_queue), .context = &done, .copy = copy, .wait = hold, .signal = mark, .reached = reached, .host_wait = await,
            .failure = failure, .destroy = destroy,
        };
        static bk_status open_device(void* c, const bk_host* h, const bk_options* o) {
            (void)c;
            host = h;
            const char* seed = bk_option(o, "seed");
            return seed && strcmp(seed, "1") != 0 ? bk_fail(h, BK_INVALID_ARGUMENT, "seed=%s of %d", seed, (int)o->count) : BK_OK;
        }
        static bk_status allocate(void* c, uint64_t bytes, void** address) { (void)c; live++; *address = malloc(bytes); return BK_OK; }
        static void give_back(void* c, void* address) { (void)c; live--; free(address); }
        static bk_status create_queue(void* c, const bk_queue** created) { (void)c; *created = &queue; return BK_OK; }
        static bk_status run(const bk_frame* f) {
            for (int64_t i = 0; i < f->elements; i++) bk_out_f32(f, 0)[i] = bk_in_f32(f, 0)[i] <= 0 ? 0 : bk_in_f32(f, 0)[i];
            return BK_OK;
        }
        static const char* const options[] = { "fault", "seed" };
        static const bk_kernel kernels[] = {
            { BK_SIZED(bk_kernel), .op = "relu", .dtype = BK_F32, .run = run },
        };
        static const bk_device device = {
            BK_SIZED(bk_device), .name = "Test", .memory = BK_OWN_MEMORY, .flags = 0, .kernels = kernels, .kernel_count = BK_COUNT(kernels),
            .options = options, .option_count = 2, .open = open_device, .allocate = allocate, .free = give_back, .create_queue = create_queue,
        };
        static bk_status discover(const bk_discovery* d) { return d->offer(d, &device); }
        static const bk_backend backend = {
            BK_SIZED(bk_backend), .contract = BK_CONTRACT, .name = "test", .version = "1.0.0", .discover = discover,
        };
        BK_EXPORT uint64_t counted(int32_t which);
        BK_EXPORT uint64_t counted(int32_t which) { return which ? destroyed : live; }
        BK_EXPORT const bk_backend* bk_get_backend(const bk_host* h) { return h ? &backend : 0; }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("backends-native-").FullName;

    /// <summary>Compiles the right plugin with replacements: each old text occurs in it once.</summary>
    public NativePlugin(params (string Old, string New)[] changes) : this(Right, changes) { }

    private NativePlugin(string source, (string Old, string New)[] changes)
    {
        foreach ((string old, string text) in changes)
        {
            Assert.Equal(2, source.Split(old).Length);
            source = source.Replace(old, text);
        }
        CCompiler.Compile(source, Library);
    }

    /// <summary>The same for the one with memory and queues of its own.</summary>
    public static NativePlugin WithQueues(params (string Old, string New)[] changes) => new(RightWithQueues, changes);

    public string Library => Path.Combine(_folder, "libtest.so");

    /// <summary>A host that has it as a folder with its manifest.</summary>
    public BackendHost NewHost()
    {
        ManifestWriter.Write(_folder, "test");
        return BackendHost.FromPlugins(_folder);
    }

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
