using System.Runtime.InteropServices;
using Backends.Plugins;
using Backends.Plugins.Native;

namespace Backends.Tests.Native;

/// <summary>The native door: what is right comes in, what is wrong is refused with the slot and the reason, and nothing wrong takes more with it than itself.</summary>
public sealed unsafe class NativeDoorTests
{
    [Fact]
    public void A_kernel_in_C_computes()
    {
        using var plugin = new NativePlugin();
        var device = Assert.Single(plugin.Discover().Offers);
        Assert.Equal(("Test", 256u, ulong.MaxValue), (device.Info.Name, device.Info.Alignment, device.Info.TotalMemory));
        Assert.True(device.Info.Traits.HasFlag(DeviceTraits.Synchronous | DeviceTraits.HostAccessible));
        var kernel = Assert.Single(device.Open(DeviceInfo.NoOptions).Kernels);
        Assert.Equal(("relu", DType.F32, "test.relu.f32", 8, Accepts.Contiguous), (kernel.Operator, kernel.Types[0], kernel.Name, kernel.MaxRank, kernel.Accepts));
        Assert.Equal([0f, float.NaN, 2f], Run(kernel, [-1f, float.NaN, 2f], out var status));
        Assert.Equal(BackendStatus.Ok, status);
        device.Close();
    }

    [Fact]
    public void The_words_of_a_failure_come_with_it_once()
    {
        using var plugin = new NativePlugin(("return BK_OK;", "f->host->fail(f->host, BK_TIMEOUT, 719, \"first\"); return bk_fail(f->host, BK_DEVICE_ERROR, \"channel %d: \\xff\", 3);"));
        Run(plugin.Discover().Offers[0].Open(DeviceInfo.NoOptions).Kernels[0], [1f], out var status);
        Assert.Equal(BackendStatus.DeviceError, status);
        NativeFailure.Take(out int vendorCode, out string? text);
        Assert.Equal((0, "channel 3: �"), (vendorCode, text));
        NativeFailure.Take(out _, out text);
        Assert.Null(text);
    }

    [Fact]
    public void An_unknown_status_counts_as_internal()
    {
        using var plugin = new NativePlugin(("return BK_OK;", "return 1234;"));
        Run(plugin.Discover().Offers[0].Open(DeviceInfo.NoOptions).Kernels[0], [1f], out var status);
        Assert.Equal(BackendStatus.Internal, status);
    }

    [Theory]
    [InlineData("BK_EXPORT const bk_backend* bk_get_backend", "BK_EXPORT const bk_backend* other(const bk_host* host); BK_EXPORT const bk_backend* other", AbsenceCode.MissingSymbol, "libtest.so exports no bk_get_backend")]
    [InlineData("return host ? &backend : 0;", "host->fail(host, BK_INTERNAL, 0, \"no licence\"); (void)&backend; return 0;", AbsenceCode.EntryFailed, "no licence")]
    [InlineData("return host ? &backend : 0;", "(void)host; (void)&backend; return 0;", AbsenceCode.EntryFailed, "did not say why")]
    [InlineData(".contract = BK_CONTRACT,", ".contract = 2 << 16,", AbsenceCode.ContractMismatch, "built for contract 2.0, this host has 1.0")]
    [InlineData(".contract = BK_CONTRACT,", ".contract = BK_CONTRACT, .needed = 1 << 16 | 7,", AbsenceCode.ContractMismatch, "built for contract 1.7, this host has 1.0")]
    [InlineData("BK_SIZED(bk_backend)", ".struct_size = 32", AbsenceCode.InvalidTable, "bk_backend ends before slot discover")]
    [InlineData("BK_SIZED(bk_backend)", ".struct_size = 0", AbsenceCode.InvalidTable, "bk_backend ends before slot struct_size")]
    [InlineData("BK_SIZED(bk_backend)", ".struct_size = 1 << 20", AbsenceCode.InvalidTable, "bk_backend says that it has 1048576 bytes")]
    [InlineData("BK_SIZED(bk_backend)", ".struct_size = 51", AbsenceCode.InvalidTable, "bk_backend says that it has 51 bytes")]
    [InlineData(".version = \"1.0.0\",", "", AbsenceCode.InvalidTable, "bk_backend: slot version is NULL")]
    [InlineData(".name = \"test\",", ".name = \"other\",", AbsenceCode.ManifestMismatch, "the library is other 1.0.0, the manifest says test 1.0.0")]
    public void A_wrong_backend_is_refused_with_its_reason(string old, string text, AbsenceCode code, string reason)
    {
        using var plugin = new NativePlugin((old, text));
        var refusal = Assert.Throws<PluginLoadException>(() => plugin.Load());
        Assert.Contains(reason, refusal.Message);
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public void A_plugin_that_is_newer_than_the_host_comes_in()
    {
        using var plugin = new NativePlugin(
            (".contract = BK_CONTRACT,", ".contract = BK_CONTRACT + 9,"),
            ("static const bk_device device = {", "static const struct { bk_device d; void* later[3]; } device = {{"),
            ("BK_SIZED(bk_device)", ".struct_size = sizeof device"),
            ("BK_COUNT(kernels),\n};", "BK_COUNT(kernels),\n}, {0}};"),
            ("d->offer(d, &device)", "d->offer(d, &device.d)"),
            (".dtype = BK_F32,", ".dtype = BK_F32, .accepts = 0x40000000 | 9, .determinism = 77,"));
        var kernel = Assert.Single(Assert.Single(plugin.Discover().Offers).Open(DeviceInfo.NoOptions).Kernels);
        Assert.Equal((Accepts.AnyStrided, Determinism.Varying), (kernel.Accepts, kernel.Determinism));
    }

    [Theory]
    [InlineData(".name = \"Test\",", "", AbsenceCode.InvalidTable, "bk_device: slot name is NULL")]
    [InlineData("BK_SIZED(bk_device)", ".struct_size = 120", AbsenceCode.InvalidTable, "bk_device ends before slot context")]
    [InlineData(".memory = BK_HOST_MEMORY,", "", AbsenceCode.InvalidTable, "slot memory is 0")]
    [InlineData(".memory = BK_HOST_MEMORY,", ".memory = BK_OWN_MEMORY,", AbsenceCode.InvalidTable, "bk_device: slot allocate is NULL")]
    [InlineData(".memory = BK_HOST_MEMORY,", ".memory = BK_HOST_MEMORY, .option_count = 1,", AbsenceCode.InvalidTable, "bk_device: slot options is NULL")]
    [InlineData(".memory = BK_HOST_MEMORY,", ".alignment = 384, .memory = BK_HOST_MEMORY,", AbsenceCode.InvalidTable, "slot alignment is 384")]
    [InlineData(".kernels = kernels,", ".kernels = 0 * sizeof kernels + (const bk_kernel*)0,", AbsenceCode.InvalidTable, "slot kernels is NULL")]
    public void A_wrong_device_is_refused_and_the_others_stay(string old, string text, AbsenceCode code, string reason)
    {
        using var plugin = new NativePlugin((old, text), ("return d->offer(d, &device);",
            "static const bk_device good = { BK_SIZED(bk_device), .name = \"Good\", .memory = 1 }; bk_status s = d->offer(d, &device); d->offer(d, &good); return s;"));
        var discovery = plugin.Discover();
        Assert.Equal(["Good"], discovery.Offers.Select(o => o.Info.Name));
        var absence = Assert.Single(discovery.Absences);
        Assert.Contains(reason, absence.Text);
        Assert.Equal(code, absence.Code);
    }

    [Fact]
    public void An_absence_and_a_failed_discovery_are_listed()
    {
        using var plugin = new NativePlugin(("return d->offer(d, &device);", "(void)&device; d->reject(d, BK_NO_DRIVER, \"test:0\", \"no driver\"); return BK_TIMEOUT;"));
        var discovery = plugin.Discover();
        Assert.Empty(discovery.Offers);
        Assert.Equal([(AbsenceCode.NoDriver, "test:0", "no driver"), (AbsenceCode.Failed, "test", "discover returned Timeout")],
            discovery.Absences.Select(a => (a.Code, a.Subject, a.Text)));
    }

    [Theory]
    [InlineData(".op = \"relu\", .run = run", "kernels[1] is left out: table bk_kernel: slot dtype (or types) holds 0, which is no dtype")]
    [InlineData(".op = \"relu\", .dtype = BK_F32", "slot run is NULL")]
    [InlineData(".dtype = BK_F32, .run = run", "slot op is NULL")]
    [InlineData(".op = \"relu\", .dtype = BK_F32, .run = run, .max_rank = 17", "slot max_rank is 17")]
    [InlineData(".op = \"relu\", .dtype = BK_F32, .run = run, .min_version = 3, .version = 2", "versions 3 to 2 are no range")]
    [InlineData(".op = \"relu\", .dtype = BK_F32, .run = run, .name = \"test.relu.f32\"", "the name 'test.relu.f32' is taken")]
    [InlineData(".op = \"relu\", .types = types, .type_count = 17, .run = run", "slot type_count is 17")]
    public void A_wrong_kernel_is_left_out_alone(string record, string reason)
    {
        using var plugin = new NativePlugin(
            ("static const bk_kernel kernels[] = {", "static const int32_t types[17] = { BK_F32, BK_F16 };\nstatic const bk_kernel kernels[] = {"),
            (".dtype = BK_F32, .run = run },", $".dtype = BK_F32, .run = run }}, {{ BK_SIZED(bk_kernel), {record} }}, {{ BK_SIZED(bk_kernel), .op = \"cast\", .types = types, .type_count = 2, .run = run }},"));
        var device = (NativeDevice)plugin.Discover().Offers[0];
        var kernels = device.Open(DeviceInfo.NoOptions);
        Assert.Equal(["test.relu.f32", "test.cast.f32.f16"], kernels.Kernels.Select(k => k.Name));
        Assert.Contains(reason, Assert.Single(kernels.Notes));
    }

    [Fact]
    public void Open_and_close_see_the_context_and_open_may_fail()
    {
        using var plugin = new NativePlugin(
            ("static const bk_device device = {", """
                static int32_t opened;
                static bk_status open(void* c, const bk_host* h, const bk_options* o) { return o->count || ++*(int32_t*)c > 1 ? bk_fail(h, BK_DEVICE_LOST, "opened %d times", (int)opened) : BK_OK; }
                static void close(void* c) { (void)c; }
                static const bk_device device = {
                """),
            (".kernels = kernels,", ".context = &opened, .kernels = kernels,"),
            ("BK_COUNT(kernels),", "BK_COUNT(kernels), .open = open, .close = close,"));
        var device = plugin.Discover().Offers[0];
        device.Open(DeviceInfo.NoOptions);
        Assert.Equal(1, *(int*)device.Handle);
        device.Close();
        var failure = Assert.Throws<BackendException>(() => device.Open(DeviceInfo.NoOptions));
        Assert.Equal((BackendStatus.DeviceLost, "opened 2 times"), (failure.Status, failure.What));
    }

    [Fact]
    public void A_backend_ends_once_and_can_begin_again()
    {
        using var plugin = new NativePlugin(
            ("static const bk_backend backend = {", "static int32_t ended;\nstatic void end(void) { ended++; }\nBK_EXPORT int32_t ends(void);\nBK_EXPORT int32_t ends(void) { return ended; }\nstatic const bk_backend backend = {"),
            (".discover = discover,", ".discover = discover, .end = end,"));
        var ends = (delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(NativeLibrary.Load(plugin.Library), "ends");
        var backend = plugin.Load();
        backend.Dispose();
        backend.Dispose();
        Assert.Equal(1, ends());
        using var again = plugin.Load();
        Assert.NotNull(again);
    }

    [Fact]
    public void A_library_that_is_none_says_so()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "no library");
        Assert.Equal(AbsenceCode.LoadFailed, Assert.Throws<PluginLoadException>(() => NativeBackend.Load(file, "test", "1.0.0")).Code);
        File.Delete(file);
    }

    [Fact]
    public void An_app_runs_the_kernel_and_reads_its_words()
    {
        using var plugin = new NativePlugin(("return BK_OK;", "return f->elements == 2 ? bk_fail(f->host, BK_DEVICE_ERROR, \"channel %d: DMA timeout\", 3) : BK_OK;"));
        ManifestWriter.Write(Path.GetDirectoryName(plugin.Library)!, "test");
        using var host = BackendHost.FromPlugins(Path.GetDirectoryName(plugin.Library)!);
        var device = host["test"];
        Assert.Equal([0f, float.NaN, 2f], device.Tensor(-1f, float.NaN, 2f).Relu().ToArray<float>());
        var error = Assert.Throws<DeviceOperationException>(() => device.Tensor(1f, 2f).Relu());
        Assert.Equal(("BK4002", "channel 3: DMA timeout", "test:0", "relu"), (error.Id, error.Why, error.Device, error.Operator));
    }

    // What the dispatcher does, with as little as a kernel needs.
    private static float[] Run(Kernel kernel, float[] values, out BackendStatus status)
    {
        var results = new float[values.Length];
        long length = values.Length, stride = 1;
        fixed (float* x = values, y = results)
        {
            var input = new DLTensor { Data = x, Rank = 1, Type = DLDataType.From(DType.F32), Shape = &length, Strides = &stride };
            var output = input with { Data = y };
            DLTensor* inputs = &input, outputs = &output;
            var frame = new CallFrame
            {
                StructSize = (uint)sizeof(CallFrame), OperatorVersion = 1, InputCount = 1, OutputCount = 1, Inputs = &inputs, Outputs = &outputs,
                Host = NativeHost.Table, Elements = length,
            };
            status = NativeFailure.Status(kernel.RunNative(&frame));
        }
        return results;
    }
}
