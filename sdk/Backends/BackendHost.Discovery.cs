using Backends.Plugins;

namespace Backends;

// What there is, and why the rest is not: plugins are asked once, when somebody wants to know.
public sealed partial class BackendHost
{
    /// <summary>Every device that a plugin offers. Asks all plugins.</summary>
    public IReadOnlyList<OfferedDevice> Devices
    {
        get
        {
            lock (_lock)
            {
                DiscoverAll();
                return [.. _offers];
            }
        }
    }

    /// <summary>What is not there, and why (DIS-4). Asks all plugins.</summary>
    public IReadOnlyList<Absence> Absences
    {
        get
        {
            lock (_lock)
            {
                DiscoverAll();
                return [.. _absences, .. _plugins.Where(p => p.Fault is not null).Select(p => p.Fault!)];
            }
        }
    }

    private void DiscoverAll()
    {
        foreach (var plugin in _plugins) Discover(plugin);
    }

    private void Discover(FoundPlugin plugin)
    {
        if (_disposed || !_discovered.Add(plugin)) return;
        var (discovery, absence) = Discoverer.Ask(plugin, DiscoveryLimit);
        if (absence is not null)
        {
            _absences.Add(absence);
            return;
        }
        for (int i = 0; i < discovery.Offers.Count; i++) _offers.Add(new OfferedDevice($"{plugin.Name}:{i}", discovery.Offers[i], plugin));
        _absences.AddRange(discovery.Absences);
    }
}

/// <summary>A device that a plugin offers; <c>host[name]</c> opens it.</summary>
public sealed class OfferedDevice
{
    internal OfferedDevice(string name, BackendDevice device, FoundPlugin plugin) => (Name, Device, Plugin) = (name, device, plugin);

    /// <summary>The name, for example <c>cpu:0</c>.</summary>
    public string Name { get; }

    /// <summary>What it says of itself.</summary>
    public DeviceInfo Info => Device.Info;

    /// <summary>The plugin that brings it.</summary>
    public PluginInfo PluginInfo => Plugin.Info;

    internal BackendDevice Device { get; }
    internal FoundPlugin Plugin { get; }
    internal Device? Opened { get; set; }
}

/// <summary>Which plugin something came from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Door"><c>managed</c>, <c>native</c>, or <c>code</c> when the app carries it.</param>
/// <param name="Sha256">The manifest's hash, which pins all files; empty when the app carries it.</param>
public sealed record PluginInfo(string Name, string Version, string Door, string Sha256);
