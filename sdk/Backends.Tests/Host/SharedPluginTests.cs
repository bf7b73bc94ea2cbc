using Backends.Plugins;
using Backends.Tests.Plugins;

namespace Backends.Tests.Host;

/// <summary>However many hosts a process has, a plugin brings one backend, and a device is opened once (OBJ-1, OBJ-3, OBJ-12, OBJ-16).</summary>
public sealed class SharedPluginTests
{
    [Fact]
    public void Two_hosts_share_the_backend_and_the_last_one_ends_it()
    {
        var shared = new Shared();
        BackendHost first = shared.NewHost(), second = shared.NewHost();
        Assert.NotNull(first["test"]);
        Assert.NotNull(second["test"]);
        Assert.Equal((1, 0), (shared.Begun, shared.Ended));
        first.Dispose();
        Assert.Equal((1, 0), (shared.Begun, shared.Ended));
        Assert.NotNull(second["test"].Empty([1]));
        second.Dispose();
        Assert.Equal((1, 1), (shared.Begun, shared.Ended));
    }

    [Fact]
    public void Begin_end_begin_loads_once()
    {
        var shared = new Shared();
        for (int i = 0; i < 3; i++)
        {
            using var host = shared.NewHost();
            Assert.NotNull(host["test"]);
        }
        Assert.Equal((1, 3, 3, 1), (shared.Loads, shared.Begun, shared.Ended, shared.MostAlive));
    }

    [Fact]
    public void A_device_is_opened_once_and_closed_with_its_last_host()
    {
        var device = new ScriptedDevice(_ => { });
        var shared = new Shared { OnDiscover = d => d.Offer(device) };
        BackendHost first = shared.NewHost(), second = shared.NewHost();
        Assert.NotSame(first["test"], second["test"]);
        Assert.Equal((1, 0), (device.Opened, device.Closed));
        second.Dispose();
        Assert.Equal((1, 0), (device.Opened, device.Closed));
        first.Dispose();
        Assert.Equal((1, 1), (device.Opened, device.Closed));
    }

    [Fact]
    public void Each_host_has_its_own_memory_of_a_shared_device()
    {
        var shared = new Shared();
        using BackendHost first = shared.NewHost(), second = shared.NewHost();
        first["test?memory-limit=1MiB"].Empty([1 << 10]);
        second["test"].Empty([1 << 22]);
        Assert.Equal((1L << 20, long.MaxValue), (first["test"].Memory.Limit, second["test"].Memory.Limit));
        Assert.InRange(first["test"].Memory.Live, 1 << 12, 1 << 20);
        Assert.InRange(second["test"].Memory.Live, 1 << 24, long.MaxValue);
    }

    [Fact]
    public void Other_options_than_it_is_open_with_are_refused()
    {
        var shared = new Shared { OnDiscover = d => d.Offer(new ScriptedDevice(_ => { }, new DeviceInfo { Name = "Chosen", Options = ["seed"], Traits = DeviceTraits.Synchronous })) };
        using BackendHost first = shared.NewHost(), second = shared.NewHost();
        Assert.NotNull(first["test?seed=1"]);
        var error = Assert.Throws<DeviceNotUsableException>(() => second["test?seed=2"]);
        Assert.Equal("BK1101", error.Id);
        Assert.Equal("this process has it open already, with seed=1, not with seed=2", error.Why);
        Assert.Contains("not without options", Assert.Throws<DeviceNotUsableException>(() => second["test"]).Why);
        Assert.NotNull(second["test?seed=1"]);
        first.Dispose();
        second.Dispose();
        using var third = shared.NewHost();
        Assert.NotNull(third["test?seed=2"]);
    }

    [Fact]
    public void A_fault_found_by_one_host_is_a_fault_for_all_and_for_good()
    {
        var device = new ScriptedDevice(_ => { }) { OnFree = new InvalidOperationException("the heap is broken") };
        var shared = new Shared { OnDiscover = d => d.Offer(device) };
        using (BackendHost first = shared.NewHost(), second = shared.NewHost())
        {
            Device of1 = first["test"], of2 = second["test"];
            of1.Empty([1 << 20]).Dispose();
            of1.Allocator.MakeRoom();
            Assert.True(of1.IsLost);
            Assert.Contains("the heap is broken", Assert.Throws<DeviceLostException>(() => of2.Empty([1])).Why);
            Assert.Contains(second.Absences, a => a.Code == AbsenceCode.Faulted);
        }
        using var third = shared.NewHost();
        Assert.Contains("the heap is broken", Assert.Throws<DeviceNotUsableException>(() => third["test"]).Message);
        Assert.DoesNotContain(third.Devices, d => d.Name == "test:0");
        Assert.Equal((1, 0, 0), (shared.Begun, shared.Ended, device.Closed));
    }

    [Fact]
    public void Hosts_that_come_and_go_on_many_threads_never_have_two_backends()
    {
        var shared = new Shared();
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var host = shared.NewHost();
            host["test"].Empty([1]).Dispose();
        });
        Assert.Equal((1, 1), (shared.Loads, shared.MostAlive));
        Assert.Equal(shared.Begun, shared.Ended);
    }

    [Fact]
    public void A_backend_that_answers_late_serves_whoever_asks_after_it()
    {
        using var release = new ManualResetEventSlim();
        var shared = new Shared { OnDiscover = d => { release.Wait(); d.Offer(new ScriptedDevice(_ => { })); } };
        using BackendHost hasty = shared.NewHost(), patient = shared.NewHost();
        hasty.DiscoveryLimit = TimeSpan.FromMilliseconds(20);
        Assert.Contains("no answer within", Assert.Throws<DeviceNotUsableException>(() => hasty["test"]).Message);
        release.Set();
        Assert.NotNull(patient["test"]);
        Assert.Equal((1, 1), (shared.Begun, shared.MostAlive));
    }

    [Fact]
    public void Trust_that_comes_too_late_is_refused()
    {
        var live = new LivePlugin("test", _ => new LoadedPlugin(_ => new SingleDeviceBackend(new ScriptedDevice(_ => { }))));
        using BackendHost open = Host(TrustMode.Off), strict = Host(TrustMode.Required);
        Assert.NotNull(open["test"]);
        Assert.Contains(strict.Absences, a => a is { Code: AbsenceCode.Untrusted, Subject: "test" });
        Assert.Throws<DeviceNotUsableException>(() => strict["test"]);

        BackendHost Host(TrustMode trust) => TestHost.Create().Join(new FoundPlugin(new PluginInfo("test", "1.0.0", "managed", ""), live) { Rules = new PluginRules { Trust = trust } });
    }

    [Fact]
    public void A_late_answer_to_a_host_without_trust_is_none_to_one_that_requires_it()
    {
        using var release = new ManualResetEventSlim();
        var live = new LivePlugin("test", _ => { release.Wait(); return new LoadedPlugin(_ => new SingleDeviceBackend(new ScriptedDevice(_ => { }))); });
        using BackendHost open = Host(TrustMode.Off), strict = Host(TrustMode.Required);
        open.DiscoveryLimit = TimeSpan.FromMilliseconds(20);
        Assert.Throws<DeviceNotUsableException>(() => open["test"]);
        release.Set();
        Assert.Throws<DeviceNotUsableException>(() => strict["test"]);
        Assert.Contains(strict.Absences, a => a is { Code: AbsenceCode.Untrusted, Subject: "test" });
        strict.Refresh();
        Assert.Throws<DeviceNotUsableException>(() => strict["test"]);

        BackendHost Host(TrustMode trust) => TestHost.Create().Join(new FoundPlugin(new PluginInfo("test", "1.0.0", "managed", ""), live) { Rules = new PluginRules { Trust = trust } });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_backend_that_answered_too_late_ends_with_its_last_host_all_the_same(bool isAskedAgain)
    {
        using var release = new ManualResetEventSlim(isAskedAgain);
        Thread? asks = null;
        var shared = new Shared { OnDiscover = d => { asks = Thread.CurrentThread; release.Wait(); d.Offer(new ScriptedDevice(_ => { })); } };
        using (var host = shared.NewHost())
        {
            if (isAskedAgain) Assert.NotNull(host["test"]);
            release.Reset();
            host.DiscoveryLimit = TimeSpan.FromMilliseconds(20);
            host.Refresh();
            SpinWait.SpinUntil(() => asks is not null);
            release.Set();
            asks!.Join();
        }
        Assert.Equal((1, 1), (shared.Begun, shared.Ended));
    }

    [Fact]
    public void A_limit_may_be_as_long_as_it_likes()
    {
        using var host = new Shared().NewHost();
        host.DiscoveryLimit = TimeSpan.MaxValue;
        Assert.NotNull(host["test"]);
    }

    [Fact]
    public void A_plugin_below_a_linked_folder_is_the_same_plugin()
    {
        using var plugin = BuiltPlugin.Managed();
        string link = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Directory.CreateSymbolicLink(link, Path.GetDirectoryName(plugin.Folder)!);
        try
        {
            var (straight, around) = (new FoundPlugin(Manifest.Read(plugin.Folder)), new FoundPlugin(Manifest.Read(Path.Combine(link, Path.GetFileName(plugin.Folder)))));
            Assert.Same(straight.Live, around.Live);
        }
        finally
        {
            Directory.Delete(link);
        }
    }

    [Fact]
    public void The_cpu_plugin_of_two_hosts_is_one()
    {
        using BackendHost first = BackendHost.FromPlugins(), second = BackendHost.FromPlugins();
        Assert.Same(first["cpu"].Plugin, second["cpu"].Plugin);
        Assert.Equal([3f], (first["cpu"].Tensor(1f) + 2).ToArray<float>());
        first.Dispose();
        Assert.Equal([3f], (second["cpu"].Tensor(1f) + 2).ToArray<float>());
    }
}
