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
                return [.. _offers.Where(o => o.Slot.IsThere && o.Plugin.Fault is null)];
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
                return [.. AllAbsences];
            }
        }
    }

    // What was said when the plugins were found, then what each said when it was asked last, then how it broke.
    private IEnumerable<Absence> AllAbsences => _absences.Concat(_plugins.SelectMany(p => _seen.TryGetValue(p, out var seen) ? seen : []))
        .Concat(_plugins.Where(p => p.Fault is not null).Select(p => p.Fault!));

    /// <summary>Adds a plugin that other hosts of the process may have, too.</summary>
    internal BackendHost Join(FoundPlugin plugin)
    {
        lock (_lock) _plugins.Add(plugin);
        return this;
    }

    private void DiscoverAll()
    {
        foreach (var plugin in _plugins) Discover(plugin);
    }

    private void Discover(FoundPlugin plugin)
    {
        if (_disposed || !_discovered.Add(plugin)) return;
        using var activity = Activities.Start("discover", plugin.Name);
        Learn(plugin, plugin.Live.Enter(this, plugin.Rules, DiscoveryLimit));
    }

    /// <summary>
    /// Asks all plugins again. A device that was not there gets the next number of its backend; one that has vanished keeps its number and has a reason
    /// in <see cref="Absences"/>, until it comes back (DIS-7). What is open stays open.
    /// </summary>
    public void Refresh()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _fallbackTargets = null;
            foreach (var plugin in _plugins)
                if (!_discovered.Contains(plugin)) Discover(plugin);
                else Learn(plugin, plugin.Live.Refresh(plugin.Rules, DiscoveryLimit));
        }
    }

    private void Learn(FoundPlugin plugin, Absence? refusal)
    {
        var before = _seen.GetValueOrDefault(plugin, []);
        _seen[plugin] = refusal is not null ? [refusal] : plugin.Live.Absences;
        foreach (var absence in _seen[plugin].Except(before)) Report(absence);
        if (refusal is not null || plugin.Fault is not null) return;
        foreach (var slot in plugin.Live.Slots.Where(s => !_offers.Any(o => o.Slot == s))) _offers.Add(new OfferedDevice(this, slot, plugin));
    }
}

/// <summary>A device that a plugin offers; <c>host[name]</c> opens it.</summary>
public sealed class OfferedDevice
{
    private readonly BackendHost _host;

    internal OfferedDevice(BackendHost host, DeviceSlot slot, FoundPlugin plugin) => (_host, Slot, Plugin) = (host, slot, plugin);

    /// <summary>The name, for example <c>cpu:0</c>.</summary>
    public string Name => Slot.Name;

    /// <summary>What it says of itself.</summary>
    public DeviceInfo Info => Slot.Info;

    /// <summary>
    /// What other plugins offer of the same hardware: of the same uuid, or at the same PCI address (DIS-8). Each may be opened by name, and has its own
    /// account of the memory. Asks all plugins.
    /// </summary>
    public IReadOnlyList<OfferedDevice> SameHardware => [.. _host.Devices.Where(o => o.Plugin != Plugin && IsSame(o.Info, Info))];

    /// <summary>The plugin that brings it.</summary>
    public PluginInfo PluginInfo => Plugin.Info;

    internal DeviceSlot Slot { get; }

    /// <summary>The plugin's object. Only while the host has not ended and the device is there.</summary>
    internal BackendDevice Device => Slot.Device!;
    internal FoundPlugin Plugin { get; }
    internal Device? Opened { get; set; }

    internal static bool IsSame(DeviceInfo a, DeviceInfo b) =>
        (a.Uuid != Guid.Empty && a.Uuid == b.Uuid) || (a.PciAddress.Length > 0 && a.PciAddress.Equals(b.PciAddress, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Which plugin something came from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Door"><c>managed</c>, <c>native</c>, or <c>code</c> when the app carries it.</param>
/// <param name="Sha256">The manifest's hash, which pins all files; empty when the app carries it.</param>
public sealed record PluginInfo(string Name, string Version, string Door, string Sha256);
