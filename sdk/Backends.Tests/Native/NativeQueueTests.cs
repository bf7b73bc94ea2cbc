using System.Runtime.InteropServices;
using Backends.Plugins;
using Backends.Plugins.Native;

namespace Backends.Tests.Native;

/// <summary>The slots of memory and queues through the native door: each reaches the plugin as the header says, and what it answers comes back in the contract's words.</summary>
public sealed unsafe class NativeQueueTests
{
    [Fact]
    public void A_device_with_memory_of_its_own_says_how_it_behaves()
    {
        using var plugin = NativePlugin.WithQueues((".flags = 0,", ".flags = BK_LINEAR_ADDRESSES | BK_SYNCHRONOUS | 0x40000000,"));
        var device = Assert.Single(plugin.Discover().Offers);
        Assert.Equal(DeviceTraits.LinearAddresses | DeviceTraits.Synchronous, device.Info.Traits);
        Assert.Equal(["fault", "seed"], device.Info.Options);
    }

    [Fact]
    public void Memory_is_taken_from_the_plugin_and_given_back_to_it()
    {
        using var plugin = NativePlugin.WithQueues();
        var device = Open(plugin);
        nint address = device.Allocate(100);
        Assert.Equal(1u, Counted(plugin, "live"));
        device.Free(address);
        Assert.Equal(0u, Counted(plugin, "live"));
    }

    [Fact]
    public void What_does_not_fit_is_no_error()
    {
        using var plugin = NativePlugin.WithQueues(("live++; *address = malloc(bytes); return BK_OK;", "live++; *address = malloc(1); return bk_fail(host, BK_OUT_OF_MEMORY, \"%d bytes\", (int)bytes);"));
        Assert.Equal(0, Open(plugin).Allocate(100));
    }

    [Theory]
    [InlineData("*address = 0; return bk_fail(host, BK_DEVICE_LOST, \"fell off the bus\");", BackendStatus.DeviceLost, "fell off the bus")]
    [InlineData("*address = 0; host->fail(host, BK_TIMEOUT, 719, \"slow\"); return BK_TIMEOUT;", BackendStatus.Timeout, "slow (vendor code 719)")]
    [InlineData("*address = 0; host->fail(host, BK_TIMEOUT, 0, \"slow\"); return BK_DEVICE_ERROR;", BackendStatus.DeviceError, "slow (reported as Timeout)")]
    [InlineData("*address = 0; return 4321;", BackendStatus.Internal, "allocate returned Internal")]
    [InlineData("*address = 0; return BK_OK;", BackendStatus.Internal, "allocate returned BK_OK and no address")]
    public void An_allocation_that_fails_otherwise_says_why(string body, BackendStatus status, string words)
    {
        using var plugin = NativePlugin.WithQueues(("live++; *address = malloc(bytes); return BK_OK;", $"(void)bytes; {body}"));
        var failure = Assert.Throws<BackendException>(() => Open(plugin).Allocate(100));
        Assert.Equal((status, words), (failure.Status, failure.What));
    }

    [Fact]
    public void Words_that_a_successful_call_left_are_not_a_later_failures()
    {
        using var plugin = NativePlugin.WithQueues(
            ("(void)q; done = value; return BK_OK;", "(void)q; done = value; bk_fail(host, BK_TIMEOUT, \"left behind\"); return BK_OK;"),
            ("*address = malloc(bytes); return BK_OK;", "*address = malloc(bytes); return BK_DEVICE_ERROR;"));
        var device = Open(plugin);
        device.CreateQueue()!.Signal(1);
        Assert.Equal("allocate returned DeviceError", Assert.Throws<BackendException>(() => device.Allocate(1)).What);
    }

    [Fact]
    public void Open_gets_the_options_by_name()
    {
        using var plugin = NativePlugin.WithQueues();
        var device = plugin.Discover().Offers[0];
        device.Open(new Dictionary<string, string> { ["fault"] = "none", ["seed"] = "1" });
        device.Close();
        var failure = Assert.Throws<BackendException>(() => device.Open(new Dictionary<string, string> { ["fault"] = "", ["seed"] = "zwölf" }));
        Assert.Equal((BackendStatus.InvalidArgument, "seed=zwölf of 2"), (failure.Status, failure.What));
    }

    [Theory]
    [InlineData("BK_SIZED(bk_queue)", ".struct_size = 72", "bk_queue ends before slot destroy")]
    [InlineData(".context = &done, ", "", "bk_queue: slot context is NULL")]
    [InlineData(".copy = copy, ", "", "bk_queue: slot copy is NULL")]
    [InlineData(".wait = hold, ", "", "bk_queue: slot wait is NULL")]
    [InlineData(".signal = mark, ", "", "bk_queue: slot signal is NULL")]
    [InlineData(".reached = reached, ", "", "bk_queue: slot reached is NULL")]
    [InlineData(".host_wait = await,", "", "bk_queue: slot host_wait is NULL")]
    [InlineData(".failure = failure, ", "", "bk_queue: slot failure is NULL")]
    [InlineData(".destroy = destroy,", "", "bk_queue: slot destroy is NULL")]
    [InlineData("*created = &queue;", "*created = 0;", "table bk_queue is NULL")]
    [InlineData("*created = &queue; return BK_OK;", "*created = &queue; return bk_fail(host, BK_INTERNAL, \"no channel\");", "no channel")]
    public void A_wrong_queue_is_refused_with_its_reason(string old, string text, string reason)
    {
        using var plugin = NativePlugin.WithQueues((old, text));
        var failure = Assert.Throws<BackendException>(() => Open(plugin).CreateQueue());
        Assert.Contains(reason, failure.What);
        Assert.Equal(BackendStatus.Internal, failure.Status);
    }

    [Theory]
    [InlineData(".allocate = allocate, ", "bk_device: slot allocate is NULL")]
    [InlineData(".free = give_back, ", "bk_device: slot free is NULL")]
    [InlineData(".create_queue = create_queue,", "bk_device: slot create_queue is NULL")]
    [InlineData("\"fault\", ", "bk_device: options[1] is NULL")]
    public void A_device_with_memory_of_its_own_lacks_nothing_that_it_needs(string old, string reason)
    {
        using var plugin = NativePlugin.WithQueues((old, ""), ("* const options[] =", "* const options[2] ="));
        var absence = Assert.Single(plugin.Discover().Absences);
        Assert.Equal(AbsenceCode.InvalidTable, absence.Code);
        Assert.Contains(reason, absence.Text);
    }

    [Fact]
    public void A_queue_of_a_synchronous_device_needs_copy_and_destroy_alone()
    {
        using var plugin = NativePlugin.WithQueues((".flags = 0,", ".flags = BK_SYNCHRONOUS,"),
            (".context = &done, .copy = copy, .wait = hold, .signal = mark, .reached = reached, .host_wait = await,", ".copy = copy,"), (".failure = failure, ", ""));
        var device = Open(plugin);
        var queue = Assert.IsAssignableFrom<SynchronousQueue>(device.CreateQueue());
        Assert.Equal([1, 2, 3], RoundTrip(device, queue, [1, 2, 3]));
        queue.Dispose();
        queue.Dispose();
        Assert.Equal(1u, Counted(plugin, "destroyed"));
    }

    [Fact]
    public void An_app_computes_in_memory_of_the_plugins_own()
    {
        using var plugin = NativePlugin.WithQueues((".flags = 0,", ".flags = BK_SYNCHRONOUS | BK_LINEAR_ADDRESSES,"));
        ManifestWriter.Write(Path.GetDirectoryName(plugin.Library)!, "test");
        using (var host = BackendHost.FromPlugins(Path.GetDirectoryName(plugin.Library)!))
        {
            Assert.Equal([0f, float.NaN, 2f], host["test"].Tensor(-1f, float.NaN, 2f).Relu().ToArray<float>());
            Assert.NotEqual(0u, Counted(plugin, "live"));
        }
        Assert.Equal((0u, 1u), (Counted(plugin, "live"), Counted(plugin, "destroyed")));
    }

    [Fact]
    public void A_kernel_that_says_that_the_device_is_lost_is_believed()
    {
        using var plugin = NativePlugin.WithQueues(("static bk_status run(const bk_frame* f) {\n", "static bk_status run(const bk_frame* f) {\n if (f->elements == 2) return bk_fail(f->host, BK_DEVICE_LOST, \"fell off the bus\");\n"));
        ManifestWriter.Write(Path.GetDirectoryName(plugin.Library)!, "test");
        using var host = BackendHost.FromPlugins(Path.GetDirectoryName(plugin.Library)!);
        var device = host["test"];
        var lost = Assert.Throws<DeviceLostException>(() => device.Tensor(1f, 2f).Relu());
        Assert.Contains("fell off the bus", lost.Message);
        Assert.True(device.IsLost);
        Assert.Throws<DeviceLostException>(() => device.Tensor(1f));
    }

    [Fact]
    public void A_kernel_that_fails_at_once_says_why_and_the_queue_goes_on()
    {
        using var plugin = NativePlugin.WithQueues(("static bk_status run(const bk_frame* f) {\n", "static bk_status run(const bk_frame* f) {\n if (f->elements == 2) return bk_fail(f->host, BK_DEVICE_ERROR, \"channel 3\");\n"));
        ManifestWriter.Write(Path.GetDirectoryName(plugin.Library)!, "test");
        using var host = BackendHost.FromPlugins(Path.GetDirectoryName(plugin.Library)!);
        var error = Assert.Throws<DeviceOperationException>(() => host["test"].Tensor(1f, 2f).Relu());
        Assert.Equal(("BK4002", "channel 3"), (error.Id, error.Why));
        Assert.Equal([1f], host["test"].Tensor(1f).Relu().ToArray<float>());
    }

    [Fact]
    public void Every_field_of_a_copy_arrives()
    {
        using var plugin = NativePlugin.WithQueues(("memcpy((char*)c->target + c->target_offset, (const char*)c->source + c->source_offset, c->length);\n    return BK_OK;",
            "return bk_fail(host, BK_INTERNAL, \"%u %u %p+%d %p+%d %d %d\", c->struct_size, c->flags, c->source, (int)c->source_offset, c->target, (int)c->target_offset, (int)c->length, (int)c->value);"));
        var queue = Open(plugin).CreateQueue()!;
        var region = new CopyRegion { Source = 0x10, SourceOffset = 2, Target = 0x30, TargetOffset = 4, Length = 5, Value = 6, FromHost = true };
        Assert.Equal("56 1 0x10+2 0x30+4 5 6", Assert.Throws<BackendException>(() => queue.Copy(region)).What);
        Assert.Equal("56 2 0x10+2 0x30+4 5 6", Assert.Throws<BackendException>(() => queue.Copy(region with { FromHost = false, ToHost = true })).What);
        Assert.Equal("56 5 0x10+2 0x30+4 5 6", Assert.Throws<BackendException>(() => queue.Copy(region with { IsStable = true })).What);
    }

    [Fact]
    public void Values_and_contexts_arrive()
    {
        using var plugin = NativePlugin.WithQueues();
        var device = Open(plugin);
        using var queue = device.CreateQueue()!;
        Assert.NotEqual(0, queue.Handle);
        Assert.Equal(0u, queue.Reached());
        queue.Signal(7);
        queue.Flush();   // the slot is NULL: nothing to do
        Assert.Equal(7u, queue.Reached());
        queue.Wait(queue, 7);
        Assert.Equal("wait", Assert.Throws<BackendException>(() => queue.Wait(queue, 8)).What);
        Assert.Null(queue.Failure);
    }

    [Theory]
    [InlineData(-1L, -1L)]
    [InlineData(-10_000_000L, -1L)]
    [InlineData(0L, 0L)]
    [InlineData(3L, 300L)]
    [InlineData(long.MaxValue, long.MaxValue / 100 * 100)]
    public void A_timeout_is_nanoseconds_and_minus_one_is_for_ever(long ticks, long nanoseconds)
    {
        using var plugin = NativePlugin.WithQueues(("(void)q; (void)timeout; return done >= value ? BK_REACHED : BK_TIMED_OUT;", "(void)q; (void)value; done = (uint64_t)timeout; return BK_TIMED_OUT;"));
        using var queue = Open(plugin).CreateQueue()!;
        Assert.Equal(WaitResult.TimedOut, queue.HostWait(1, new TimeSpan(ticks)));
        Assert.Equal(nanoseconds, (long)queue.Reached());
    }

    [Fact]
    public void A_failure_is_read_once_and_stays()
    {
        using var plugin = NativePlugin.WithQueues(
            ("{ (void)q; (void)f; return 0; }", "{ static uint64_t asked; (void)q; f->status = BK_DEVICE_LOST; f->value = 5 + asked++; f->vendor_code = 719; f->text = \"fell off\"; return 1; }"),
            ("return done >= value ? BK_REACHED : BK_TIMED_OUT;", "(void)value; return BK_WAIT_FAILED;"));
        using var queue = Open(plugin).CreateQueue()!;
        Assert.Equal(WaitResult.Failed, queue.HostWait(9, TimeSpan.Zero));
        Assert.Equal(new QueueFailure(5, BackendStatus.DeviceLost, 719, "fell off"), queue.Failure);
        Assert.Equal(5u, queue.Failure!.Value);
    }

    [Theory]
    [InlineData("return 0;", "return BK_WAIT_FAILED;", BackendStatus.Internal, "host_wait returned 1, and failure tells of none")]
    [InlineData("return 0;", "return 77;", BackendStatus.Internal, "host_wait returned 77, and failure tells of none")]
    [InlineData("return 1;", "return BK_WAIT_FAILED;", BackendStatus.Internal, "the queue failed with Internal")]
    [InlineData("f->status = BK_TIMEOUT; return 1;", "return 77;", BackendStatus.Timeout, "the queue failed with Timeout")]
    public void Whoever_is_released_as_failed_finds_a_reason(string failure, string wait, BackendStatus status, string words)
    {
        using var plugin = NativePlugin.WithQueues(("{ (void)q; (void)f; return 0; }", $"{{ (void)q; (void)f; {failure} }}"),
            ("return done >= value ? BK_REACHED : BK_TIMED_OUT;", $"(void)value; {wait}"));
        using var queue = Open(plugin).CreateQueue()!;
        Assert.Equal(WaitResult.Failed, queue.HostWait(9, TimeSpan.Zero));
        Assert.Equal((status, words), (queue.Failure!.Status, queue.Failure.Text));
    }

    internal static int[] RoundTrip(BackendDevice device, BackendQueue queue, int[] numbers)
    {
        ulong bytes = (ulong)numbers.Length * sizeof(int);
        nint address = device.Allocate((nuint)bytes + 4);
        int[] back = new int[numbers.Length];
        fixed (int* source = numbers, target = back)
        {
            queue.Copy(new CopyRegion { Source = (nint)source, Target = address, TargetOffset = 3, Length = bytes, Value = 1, FromHost = true });
            queue.Copy(new CopyRegion { Source = address, SourceOffset = 3, Target = (nint)target, Length = bytes, Value = 2, ToHost = true });
            queue.Signal(2);
            Assert.Equal(WaitResult.Reached, queue.HostWait(2, Timeout.InfiniteTimeSpan));
        }
        device.Free(address);
        return back;
    }

    private static BackendDevice Open(NativePlugin plugin)
    {
        var device = plugin.Discover().Offers[0];
        device.Open(DeviceInfo.NoOptions);
        return device;
    }

    private static ulong Counted(NativePlugin plugin, string what) =>
        ((delegate* unmanaged[Cdecl]<int, ulong>)NativeLibrary.GetExport(NativeLibrary.Load(plugin.Library), "counted"))(what == "live" ? 0 : 1);
}
