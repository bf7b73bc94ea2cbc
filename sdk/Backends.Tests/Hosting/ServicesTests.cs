using Backends.Hosting;
using Backends.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Backends.Tests.Hosting;

/// <summary>A host and its devices as services of an app.</summary>
public sealed class ServicesTests
{
    [Fact]
    public async Task An_app_gets_the_host_the_default_device_and_each_that_has_a_name()
    {
        using var app = App(("Backends:Device", "opencl:1"), ("Backends:Devices:encoder:Device", "cpu"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var host = app.Services.GetRequiredService<BackendHost>();
        Assert.Same(host, app.Services.GetRequiredService<BackendHost>());
        Assert.Equal("opencl:1", app.Services.GetRequiredService<Device>().Name);
        Assert.Equal("cpu:0", app.Services.GetRequiredKeyedService<Device>("encoder").Name);
        Assert.Equal("cpu:0", ActivatorUtilities.CreateInstance<Encoder>(app.Services).Device.Name);
        Assert.Null(app.Services.GetKeyedService<Device>("decoder"));
    }

    [Theory]
    [InlineData("--Backends:Plugins:TrustFile=mine.json")]
    [InlineData("--Backends:Plugins:Directories:0=mine")]
    [InlineData("--Backends:Plugins:Trust=Required --Backends:Plugins:TrustFile=mine.json")]
    public async Task What_code_requires_is_not_loosened_from_outside(string arguments)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddBackendsArguments(arguments.Split(' '));
        builder.Services.AddBackends(builder.Configuration).Configure(o => o.Plugins.Trust = TrustMode.Required);
        using var app = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("may tighten it, never loosen it", error.Message);
    }

    [Fact]
    public async Task An_app_that_ends_while_its_configuration_changes_ends()
    {
        using var app = App(("Backends:Device", "cpu"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var host = app.Services.GetRequiredService<BackendHost>();
        var reload = new Thread(() => Change(app, "Backends:Device", "reference"));
        // Ended first: it lets the reload come as far as the host.
        host.Attached.Insert(0, new Ending(() =>
        {
            reload.Start();
            while ((reload.ThreadState & ThreadState.WaitSleepJoin) == 0 && reload.IsAlive) Thread.Sleep(1);
        }));
        var ends = Task.Run(host.Dispose, TestContext.Current.CancellationToken);
        Assert.Same(ends, await Task.WhenAny(ends, Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)));
        reload.Join();
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    [Fact]
    public async Task A_wrong_key_ends_the_start()
    {
        using var app = App(("Backends:Devcie", "cpu"));
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("BK1001 Backends:Devcie is no known key.", error.Message);
    }

    [Theory]
    [InlineData("Backends:Device", "cuda:0")]
    [InlineData("Backends:Devices:encoder:Device", "cuda:0")]
    public async Task A_device_that_is_named_and_absent_ends_the_start(string key, string device)
    {
        using var app = App((key, device));
        var error = await Assert.ThrowsAsync<DeviceNotUsableException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("BK1101 Device 'cuda:0' cannot be used.", error.Message);
    }

    [Fact]
    public async Task A_reload_gives_new_work_another_device_and_leaves_the_old_one_open()
    {
        using var app = App(("Backends:Device", "cpu"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var before = app.Services.GetRequiredService<Device>();
        Change(app, "Backends:Device", "reference");
        Assert.Equal("reference:0", app.Services.GetRequiredService<Device>().Name);
        Assert.Equal(2, (before.Tensor(1f) + 1).ToScalar<float>());
    }

    [Theory]
    [InlineData("Backends:Device", "cuda:0", "BK1101")]
    [InlineData("Backends:Fallback", "Perhaps", "BK1001")]
    [InlineData("Backends:Devcie", "cpu", "BK1001")]
    public async Task A_reload_that_cannot_be_is_logged_and_changes_nothing(string key, string value, string id)
    {
        var lines = new Lines();
        using var app = App(lines, ("Backends:Device", "cpu"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        Change(app, key, value);
        Assert.Equal("cpu:0", app.Services.GetRequiredService<Device>().Name);
        Assert.Contains(lines.All, l => l.Id == LogEvents.ReloadRefused && l.Text.Contains(id, StringComparison.Ordinal));
        Change(app, key, key == "Backends:Device" ? "reference" : "Allow");
        Assert.Equal(key == "Backends:Devcie" ? 0 : 1, lines.All.Count(l => l.Id == LogEvents.Reloaded));   // a misspelt key stays one
    }

    [Fact]
    public async Task Health_follows_the_devices()
    {
        using var app = App(("Backends:Devices:encoder:Device", "cpu"), ("Backends:Preference:0", "opencl"), ("Backends:Preference:1", "cpu"));
        var health = app.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await Check(health)).Status);     // nobody has asked for a device yet, and the check does not
        Assert.Empty(app.Services.GetRequiredService<BackendHost>().OpenDevices);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var well = await Check(health);
        Assert.Equal((HealthStatus.Healthy, "opencl:0 is the default device"), (well.Status, well.Description));
        Assert.Contains("opencl:0", well.Data.Keys);
        app.Services.GetRequiredKeyedService<Device>("encoder").Lose("pulled out", "a test");
        Assert.Equal(HealthStatus.Degraded, (await Check(health)).Status);
        app.Services.GetRequiredService<Device>().Lose("pulled out", "a test");
        Assert.Equal(HealthStatus.Unhealthy, (await Check(health)).Status);
    }

    [Fact]
    public async Task A_preference_that_was_not_had_is_degraded()
    {
        using var app = App(("Backends:Preference:0", "cuda"), ("Backends:Preference:1", "cpu"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var result = await Check(app.Services.GetRequiredService<HealthCheckService>());
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("cuda comes before cpu:0 and was passed over: no NVIDIA driver", result.Description);
    }

    [Fact]
    public void A_section_is_refused_because_it_does_not_say_where_a_value_comes_from() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddBackends(new ConfigurationBuilder().Build().GetSection("Backends")));

    private static async Task<HealthReportEntry> Check(HealthCheckService health) => (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["backends"];

    private static void Change(IHost app, string key, string? value)
    {
        var configuration = (IConfigurationRoot)app.Services.GetRequiredService<IConfiguration>();
        configuration[key] = value;
        configuration.Reload();
    }

    private static IHost App(params (string Key, string Value)[] settings) => App(new Lines(), settings);

    private static IHost App(Lines lines, params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, string? (s) => s.Value));
        builder.Logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(lines);
        builder.Services.AddBackends(builder.Configuration).AddBackend<CudaBackend>().AddBackend<Cards>("opencl").AddHealthCheck();
        return builder.Build();
    }

    private sealed class Encoder([FromKeyedServices("encoder")] Device device)
    {
        public Device Device { get; } = device;
    }

    private sealed class CudaBackend : Backend
    {
        public override void Discover(Discovery discovery) => discovery.Reject("cuda", "no NVIDIA driver (libcuda.so.1 not found)", AbsenceCode.NoDriver, "install the driver");
    }

    private sealed class Cards : Backend
    {
        public override void Discover(Discovery discovery)
        {
            discovery.Offer(new Card(new DeviceInfo { Name = "Small" }));
            discovery.Offer(new Card(new DeviceInfo { Name = "Large" }));
        }
    }
}
