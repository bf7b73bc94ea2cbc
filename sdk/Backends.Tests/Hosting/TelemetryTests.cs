using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Backends.Hosting;
using Backends.Plugins;
using Microsoft.Extensions.Logging;

namespace Backends.Tests.Hosting;

/// <summary>Log, meter and activities: what a host says of itself to those who watch.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public void The_log_names_what_was_found_chosen_passed_over_and_fell_back()
    {
        var lines = new Lines();
        using (var host = Configured.Host(Configured.Configuration("""{ "Preference": ["cuda", "opencl"] }""")))
        {
            host.Attach(lines.CreateLogger(Log.Category), new HostMeter(host));
            var a = host.Device.Tensor(1f, 2f);
            a.Relu();
            a.Relu();
        }
        Assert.All(lines.All, l => Assert.Equal("Backends", l.Category));
        Assert.Contains(lines.All, l => l.Id == LogEvents.PluginFound && l.Text.Contains("cpu", StringComparison.Ordinal));
        Assert.Contains((LogLevel.Information, "Backends", LogEvents.Absent, "cuda is absent: no NVIDIA driver (libcuda.so.1 not found)"), lines.All);
        Assert.Contains((LogLevel.Information, "Backends", LogEvents.DeviceChosen, "Device opencl:0 chosen for 'auto': the first of cuda, opencl that fits"), lines.All);
        Assert.Contains((LogLevel.Information, "Backends", LogEvents.DevicePassed, "Device npu was not chosen: is not in Backends:Preference"), lines.All);
        Assert.Single(lines.All, l => l.Id == LogEvents.DeviceOpened && l.Text.Contains("opencl:0", StringComparison.Ordinal));
        Assert.Equal("opencl:0: relu f32 falls back (no kernel); further ones are only counted", Assert.Single(lines.All, l => l.Id == LogEvents.FellBack).Text);
    }

    [Fact]
    public void A_rejected_plugin_is_a_warning_and_a_lost_device_an_error()
    {
        var lines = new Lines();
        using var host = Configured.Host(Configured.Configuration()).Add("broken", new Answering(_ => throw new InvalidOperationException("no firmware")))
            .Add("late", new Answering(d => d.Reject("late", "no answer", AbsenceCode.Timeout)));
        host.Attach(lines.CreateLogger(Log.Category), new HostMeter(host));
        _ = host.Devices;
        Assert.Contains(lines.All, l => (l.Level, l.Id) == (LogLevel.Warning, LogEvents.PluginRejected) && l.Text.Contains("late", StringComparison.Ordinal));
        host["opencl:0"].Lose("pulled out", "a test");
        Assert.Contains((LogLevel.Error, "Backends", LogEvents.DeviceLost, "Device opencl:0 is lost: pulled out, after a test"), lines.All);
    }

    [Fact]
    public void What_a_plugin_says_comes_with_its_level_and_its_number()
    {
        var lines = new Lines();
        using (var host = BackendHost.Create(new BackendsOptions()).Add("talking", new Talking()))
        {
            host.Attach(lines.CreateLogger(Log.Category), new HostMeter(host));
            _ = host["talking"];
        }
        Assert.Contains((LogLevel.Warning, "Backends", LogEvents.PluginLine, "talking (7): fan is slow"), lines.All);
    }

    [Fact]
    public void Instruments_read_what_the_host_counts()
    {
        using var host = Configured.Host(Configured.Configuration("""{ "Device": "cpu" }"""));
        host.Attach(null, new HostMeter(host));
        var a = host.Device.Tensor(1f, 2f);
        _ = a + a;
        host["opencl:0"].Fallback = FallbackPolicy.Allow;
        host["opencl:0"].Tensor(1f).Relu();
        var seen = Collect(host);
        Assert.Equal(2, seen["backends.calls device=cpu:0 way=native"]);          // its own, and the one that fell back to it
        Assert.Equal(1, seen["backends.calls device=opencl:0 way=fallback"]);
        Assert.Equal(1, seen["backends.fallbacks device=opencl:0 operator=relu reason=nokernel"]);
        Assert.Equal(host.Device.Memory.Live, seen["backends.memory device=cpu:0 state=live"]);
        Assert.Contains("backends.waits device=cpu:0 cause=read", seen.Keys);
    }

    [Fact]
    public void An_ended_host_is_not_measured()
    {
        var host = Configured.Host(Configured.Configuration("""{ "Device": "cpu" }"""));
        host.Attach(null, new HostMeter(host));
        _ = host.Device;
        host.Dispose();
        Assert.Empty(Collect(host));
    }

    [Fact]
    public void Activities_stand_where_something_lasts()
    {
        var seen = new ConcurrentQueue<(string, string?)>();
        using var root = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == "Backends",
            Sample = (ref ActivityCreationOptions<ActivityContext> o) => o.Parent.TraceId == root.TraceId ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = a => seen.Enqueue((a.OperationName, (string?)a.GetTagItem("backends.subject"))),
        };
        ActivitySource.AddActivityListener(listener);
        using var host = Configured.Host(Configured.Configuration());
        host["opencl:0"].Fallback = FallbackPolicy.Allow;
        host["opencl:0"].Tensor(1f).Relu();
        host["opencl:0"].Synchronize();
        Assert.Superset(new HashSet<(string, string?)> { ("backends.discover", "opencl"), ("backends.open", "opencl:0"), ("backends.fallback", "opencl:0"), ("backends.synchronize", "opencl:0") }, seen.ToHashSet());
    }

    // Other tests' hosts have meters of the same name.
    private static Dictionary<string, long> Collect(BackendHost host)
    {
        var seen = new Dictionary<string, long>();
        var meter = host.Attached.OfType<HostMeter>().Single();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (meter.Owns(instrument)) l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(t => $"{t.Key}={t.Value}")])] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }

    private sealed class Talking : Backend
    {
        public override void Discover(Discovery discovery)
        {
            Host.Log(PluginLogLevel.Warning, 7, "fan is slow");
            discovery.Offer(new Card(new DeviceInfo { Name = "Talking" }));
        }
    }
}
