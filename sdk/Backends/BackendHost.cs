using Backends.Plugins;

namespace Backends;

/// <summary>Joins an app with the plugins beside it: finds them, says why others are not there, opens devices when they are asked for.</summary>
public sealed class BackendHost : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<FoundPlugin> _plugins = [];
    private readonly List<Absence> _absences = [];
    private readonly List<OfferedDevice> _offers = [];
    private readonly HashSet<FoundPlugin> _discovered = [];
    private IReadOnlyList<Device>? _fallbackTargets;
    private bool _disposed;

    private BackendHost() { }

    /// <summary>Takes lines for people, for example that an operator fell back; by default they go to the standard error.</summary>
    public Action<string> Log { get; set; } = Console.Error.WriteLine;

    /// <summary>What happens to operators without kernel and decomposition, on devices that say nothing else.</summary>
    public FallbackPolicy Fallback { get; set; } = FallbackPolicy.Warn;

    /// <summary>How long a plugin may take to say which devices there are (DIS-3).</summary>
    public TimeSpan DiscoveryLimit { get; set; } = TimeSpan.FromSeconds(10);

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

    /// <summary>Opens a device by its name: <c>cpu</c>, <c>cpu:0</c>.</summary>
    /// <exception cref="DeviceNotUsableException">BK1101, with the reason and what is usable instead.</exception>
    public Device this[string device]
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return Open(device);
            }
        }
    }

    /// <summary>Finds the plugins in folders, each a plugin's own or one that holds several. Reads manifests and runs nobody's code (DIS-1).</summary>
    /// <param name="folders">None: the folder <c>backends</c> beside the app.</param>
    public static BackendHost FromPlugins(params IEnumerable<string> folders)
    {
        var host = new BackendHost();
        string[] given = [.. folders];
        PluginFinder.Find(given.Length > 0 ? given : [Path.Combine(AppContext.BaseDirectory, "backends")], host._plugins, host._absences);
        return host;
    }

    /// <summary>Adds a backend that the app carries in itself, under a name. It comes before one found in a folder; of two added, the first wins (MAN-7).</summary>
    /// <param name="name">The head of its device strings: a small letter, then small letters, digits and <c>-</c>.</param>
    /// <param name="backend">The backend; the host ends it.</param>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public BackendHost Add(string name, Backend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        if (!ManifestReader.IsPluginName(name)) throw new ArgumentException($"'{name}' cannot be the head of a device string.", nameof(name));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _fallbackTargets = null;
            // One that was asked already stays: its devices may be open.
            int same = _plugins.FindIndex(p => p.Name == name), added = _plugins.FindIndex(p => p.Manifest is not null);
            bool wins = same < 0 || (_plugins[same].Manifest is not null && !_discovered.Contains(_plugins[same]));
            if (same >= 0)
            {
                _absences.Add(new Absence(AbsenceCode.Duplicate, name, $"a second plugin of this name; {(wins ? "one given in code" : "another")} comes first", "give one of them another name"));
                if (wins) _plugins.RemoveAt(same);
                else backend.Dispose();
            }
            if (wins) _plugins.Insert(added < 0 ? _plugins.Count : Math.Min(added, _plugins.Count), new FoundPlugin(name, backend));
        }
        return this;
    }

    /// <summary>Closes the devices, then ends the backends (OBJ-3). Tensors that are still held cannot be used any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            foreach (var offer in _offers) offer.Opened?.Close(End);
            foreach (var plugin in _plugins)
                if (plugin is { Backend: { } backend, Fault: null }) End(plugin.Name, backend.Dispose);
        }
    }

    // A vendor's code may throw anything; the others still end (OBJ-3).
    private void End(string what, Action end)
    {
        try
        {
            end();
        }
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log($"{what} did not end well: {e.Message}");
        }
    }

    /// <summary>Where calls go that a device cannot do: the fast CPU, then the reference.</summary>
    internal IReadOnlyList<Device> FallbackTargets
    {
        get
        {
            lock (_lock) return _fallbackTargets ??= FindFallbackTargets();
        }
    }

    // One that does not open is passed over: the reason is told to whoever asks for it by name.
    private List<Device> FindFallbackTargets()
    {
        var targets = new List<Device>();
        foreach (string name in (string[])["cpu", "reference"])
        {
            try
            {
                if (_plugins.Any(p => p.Name == name)) targets.Add(Open($"{name}:0"));
            }
            catch (DeviceNotUsableException e)
            {
                Log($"no fallback to {name}: {e.Why}");
            }
        }
        return targets;
    }

    private Device Open(string text)
    {
        var asked = DeviceString.Parse(text);
        // A device string that names a backend asks that one alone (DIS-1).
        foreach (var plugin in _plugins.Where(p => p.Name == asked.Backend)) Discover(plugin);
        var offer = _offers.Find(o => o.Name == asked.Name);
        if (offer is null) throw NotUsable(asked.Name, asked.Backend, null);
        if (offer.Plugin.Fault is { } fault) throw NotUsable(asked.Name, asked.Backend, fault.Text);
        if (offer.Opened is { } open && asked.Options.Count > 0 && open.OpenedAs != asked.ToString())
            throw new DeviceNotUsableException($"Device '{asked}' cannot be used.", $"it is open already, as {open.OpenedAs}", "open it once, or in another host");
        return offer.Opened ??= OpenOffer(offer, asked);
    }

    private Device OpenOffer(OfferedDevice offer, DeviceString asked)
    {
        var (own, options) = asked.Split(offer.Info.Options);
        bool open = false;
        BackendQueue? queue = null;
        try
        {
            var kernels = offer.Device.Open(options);
            open = true;
            queue = offer.Device.CreateQueue();
            return new Device(this, asked, offer.Device, offer.Plugin, new KernelTable(kernels), queue, own);
        }
#pragma warning disable CA1031 // whatever a vendor's code throws is a reason why the device cannot be used
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (offer.Plugin.Fault is not null) open = false;
            else if (queue is not null) End($"queue of {offer.Name}", queue.Dispose);
            if (open) End(offer.Name, offer.Device.Close);
            throw NotUsable(offer.Name, offer.Plugin.Name, $"it does not open: {e.Message}");
        }
    }

    private DeviceNotUsableException NotUsable(string device, string backend, string? why)
    {
        DiscoverAll();
        var reasons = _absences.Where(a => a.Subject == backend || a.Subject.StartsWith(backend + ":", StringComparison.Ordinal)).ToArray();
        why ??= reasons.Length > 0 ? string.Join("; ", reasons.Select(a => $"{a.Subject}: {a.Text}"))
            : _plugins.Any(p => p.Name == backend) ? $"{backend} offers no such device" : $"no plugin of the name '{backend}' was found";
        // The device itself may have been offered: it cannot be used all the same.
        string usable = string.Join(", ", _offers.Where(o => o.Name != device).Select(o => $"{o.Name} ({o.Device.Info.Name})"));
        string remedy = reasons.FirstOrDefault(a => a.Remedy.Length > 0)?.Remedy ?? "choose one of the usable devices";
        return new DeviceNotUsableException($"Device '{device}' cannot be used.", $"{why}\n  usable   {(usable.Length > 0 ? usable : "nothing")}", remedy);
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
