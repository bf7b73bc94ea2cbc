using System.Collections.Concurrent;
using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>What plugins log comes in order, on the host's threads, and nobody can make a plugin wait or fail by it (OBS-1, OBJ-8).</summary>
public sealed class PluginLogTests
{
    [Fact]
    public void Entries_come_in_order_before_the_host_has_ended()
    {
        var shared = new Shared();
        var entries = new ConcurrentQueue<PluginLogEntry>();
        using (var host = shared.NewHost())
        {
            host.PluginLog = entries.Enqueue;
            Assert.NotNull(host["test"]);
            for (int i = 0; i < 100; i++) shared.Services.Log(PluginLogLevel.Debug, i, $"entry {i}");
        }
        Assert.Equal(Enumerable.Range(0, 100).Select(i => new PluginLogEntry("test", PluginLogLevel.Debug, i, $"entry {i}")), entries);
    }

    [Fact]
    public void A_backend_and_its_devices_have_a_voice_from_discovery_on()
    {
        ScriptedDevice? offered = null;
        Talking backend = new(d => { offered = new ScriptedDevice(_ => { }); d.Offer(offered); });
        var entries = new ConcurrentQueue<PluginLogEntry>();
        using (var host = TestHost.Create().Add("test", backend))
        {
            host.PluginLog = entries.Enqueue;
            Assert.NotNull(host["test"]);
            offered!.Host.Log((PluginLogLevel)77, 2, "from the device");
        }
        Assert.Equal([("in Discover", PluginLogLevel.Information), ("from the device", PluginLogLevel.Critical)], entries.Select(e => (e.Text, e.Level)));
    }

    [Fact]
    public void A_sink_that_hangs_or_throws_does_not_reach_the_plugin_and_what_is_dropped_is_counted()
    {
        var shared = new Shared();
        var entries = new ConcurrentQueue<PluginLogEntry>();
        using var release = new ManualResetEventSlim();
        using (var host = shared.NewHost())
        {
            host.PluginLog = entry =>
            {
                release.Wait();
                entries.Enqueue(entry);
                throw new InvalidOperationException("the disk is full");
            };
            Assert.NotNull(host["test"]);
            for (int i = 0; i < PluginServices.Room + 500; i++) shared.Services.Log(PluginLogLevel.Information, 0, "much");
            release.Set();
        }
        // One more than there is room for may be in the sink's hands.
        int much = entries.Count(e => e.Text == "much");
        Assert.InRange(much, PluginServices.Room, PluginServices.Room + 1);
        Assert.Contains(entries, e => e.Level == PluginLogLevel.Warning && e.Text.StartsWith($"{PluginServices.Room + 500 - much} log entries were dropped", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_host_that_shares_the_plugin_hears_it_and_without_a_sink_warnings_are_lines()
    {
        var shared = new Shared();
        var (lines, entries) = (new ConcurrentQueue<string>(), new ConcurrentQueue<PluginLogEntry>());
        using (BackendHost first = shared.NewHost(), second = shared.NewHost())
        {
            first.Log = lines.Enqueue;
            second.PluginLog = entries.Enqueue;
            Assert.NotNull(first["test"]);
            Assert.NotNull(second["test"]);
            shared.Services.Log(PluginLogLevel.Information, 0, "for those who look");
            shared.Services.Log(PluginLogLevel.Warning, 0, "channel 3 is slow");
        }
        Assert.Equal(["test: channel 3 is slow"], lines);
        Assert.Equal(2, entries.Count);
    }

    private sealed class Talking(Action<Discovery> discover) : Backend
    {
        public override void Discover(Discovery discovery)
        {
            Host.Log(PluginLogLevel.Information, 1, "in Discover");
            discover(discovery);
        }
    }
}
