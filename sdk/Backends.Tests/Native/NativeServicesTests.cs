using System.Collections.Concurrent;
using Backends.Plugins;

namespace Backends.Tests.Native;

/// <summary>What a device in C says of itself (DIS-5), and what a plugin in C says to the app's log (OBS-1).</summary>
public sealed class NativeServicesTests
{
    private const string Facts = """
        .name = "Test", .driver_version = "7.1", .pci_address = "0000:65:00.0", .uuid = { 0xAA, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
            .kind = BK_GPU, .vendor_id = 0x10DE, .device_id = 0x2204, .computed_dtypes = BK_DTYPE_BIT(BK_F32), .flags = BK_RECOVERABLE,
        """;

    [Fact]
    public void All_that_a_table_says_arrives()
    {
        using var plugin = new NativePlugin((".name = \"Test\",", Facts));
        var info = Assert.Single(plugin.Discover().Offers).Info;
        Assert.Equal(("7.1", "0000:65:00.0", DeviceKind.Gpu, 0x10DEu, 0x2204u), (info.DriverVersion, info.PciAddress, info.Kind, info.VendorId, info.DeviceId));
        Assert.Equal("aa010203-0405-0607-0809-0a0b0c0d0e0f", info.Uuid.ToString());
        Assert.Equal([DType.F32], info.ComputedDTypes);
        Assert.True(info.Traits.HasFlag(DeviceTraits.Recoverable | DeviceTraits.Synchronous | DeviceTraits.HostAccessible));
        Assert.False(info.IsUnstable);
    }

    [Fact]
    public void A_kind_that_is_not_known_is_another()
    {
        using var plugin = new NativePlugin((".name = \"Test\",", ".name = \"Test\", .kind = 99,"));
        Assert.Equal(DeviceKind.Other, Assert.Single(plugin.Discover().Offers).Info.Kind);
    }

    [Fact]
    public void A_table_that_changes_when_it_is_opened_does_not_open()
    {
        using var plugin = new NativePlugin(
            ("static const bk_device device = {", """
                static bk_device device;
                static bk_status open_device(void* c, const bk_host* h, const bk_options* o) { (void)c; (void)h; (void)o; device.total_memory = 77; return BK_OK; }
               
                static bk_device device = {
                    .open = open_device,
                """));
        using var host = plugin.NewHost();
        Assert.Contains("says something else after it was opened than before (DIS-5)", Assert.Throws<DeviceNotUsableException>(() => host["test"]).Message);
    }

    [Fact]
    public void What_C_logs_arrives_from_the_entry_to_the_kernels_and_from_threads_of_its_own()
    {
        using var plugin = new NativePlugin(
            ("#include <backends/backend.h>", """
                #include <backends/backend.h>
                #include <pthread.h>
                static const bk_host* ear;
                static void* worker(void* nothing) { bk_log(ear, BK_WARNING, 4, "from a thread"); return nothing; }
                """),
            ("float* y = bk_out_f32(f, 0);", "float* y = bk_out_f32(f, 0);\n bk_log(f->host, BK_DEBUG, 3, \"%d elements\", (int)f->elements);"),
            ("static bk_status discover(const bk_discovery* d) { return", """
                static bk_status discover(const bk_discovery* d) {
                    pthread_t thread;
                    bk_log(ear, 99, 2, "discover");
                    if (pthread_create(&thread, NULL, worker, NULL) == 0) pthread_join(thread, NULL);
                    return
                """),
            ("return host ? &backend : 0;", "ear = host; bk_log(host, BK_INFORMATION, 1, \"entry\"); return host ? &backend : 0;"));
        var entries = new ConcurrentQueue<PluginLogEntry>();
        using (var host = plugin.NewHost())
        {
            host.PluginLog = entries.Enqueue;
            Assert.Equal([0, 2], host["test"].Tensor(-1f, 2f).Relu().ToArray<float>());
        }
        Assert.Equal(
        [
            new PluginLogEntry("test", PluginLogLevel.Information, 1, "entry"), new PluginLogEntry("test", PluginLogLevel.Critical, 2, "discover"),
            new PluginLogEntry("test", PluginLogLevel.Warning, 4, "from a thread"), new PluginLogEntry("test", PluginLogLevel.Debug, 3, "2 elements"),
        ], entries);
    }

    [Fact]
    public void A_native_plugin_that_was_replaced_under_a_running_process_is_refused()
    {
        using var plugin = new NativePlugin();
        using (var host = plugin.NewHost()) Assert.NotNull(host["test"]);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(plugin.Library)!, "more.txt"), "so that the manifest is another");
        using var second = plugin.NewHost();
        var absence = Assert.Single(second.Absences);
        Assert.Equal((AbsenceCode.LoadFailed, "restart the process"), (absence.Code, absence.Remedy));
        Assert.Contains("has changed since this process loaded it", absence.Text);
    }
}
