using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Backends.Hosting;

/// <summary>Makes the host of a service provider, and keeps it in step with the configuration.</summary>
internal static class HostFactory
{
    public static BackendHost Create(IServiceProvider provider, IConfigurationRoot configuration)
    {
        var host = BackendHostLoading.Create(provider.GetRequiredService<IOptions<BackendsOptions>>().Value);
        try
        {
            foreach (var backend in provider.GetServices<CodeBackend>()) host.Add(backend.Name, backend.Create(provider));
            var logger = provider.GetService<ILoggerFactory>()?.CreateLogger(Log.Category);
            host.Attach(logger, new HostMeter(host, provider.GetService<IMeterFactory>()));
            host.Attached.Add(new Reloading(host, provider.GetRequiredService<IOptionsFactory<BackendsOptions>>(), configuration));
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Takes changed options; those that make no sense, or name a device that is absent, change nothing and are logged.</summary>
    private sealed class Reloading : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly IDisposable _registration;
        private string _read;

        public Reloading(BackendHost host, IOptionsFactory<BackendsOptions> factory, IConfigurationRoot configuration)
        {
            _read = Text(configuration);
            _registration = ChangeToken.OnChange(configuration.GetReloadToken, () => Reload(host, factory, configuration));
        }

        public void Dispose() => _registration.Dispose();

        private void Reload(BackendHost host, IOptionsFactory<BackendsOptions> factory, IConfigurationRoot configuration)
        {
            lock (_lock)
            {
                string text = Text(configuration);
                if (text == _read) return;   // another section changed
                _read = text;
                try
                {
                    host.Reload(factory.Create(Options.DefaultName));
                }
                catch (Exception e) when (e is BackendException or OptionsValidationException)
                {
                    host.Report(HostEventKind.ReloadRefused, OptionRules.Section, e.Message);
                }
                catch (ObjectDisposedException)   // the app ends
                {
                }
            }
        }

        private static string Text(IConfigurationRoot configuration) => string.Join('\n', configuration.GetSection(OptionRules.Section).AsEnumerable().Select(p => $"{p.Key}={p.Value}"));
    }
}

/// <summary>Opens the default device and the named ones before the app serves anybody: a device that is absent ends the start.</summary>
internal sealed class StartDevices(BackendHost host) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        host.OpenConfigured();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
