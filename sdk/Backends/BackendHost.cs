using Backends.Plugins;

namespace Backends;

/// <summary>Joins an app with the plugins beside it: finds them, says why others are not there, opens devices when they are asked for.</summary>
public sealed partial class BackendHost : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<FoundPlugin> _plugins = [];
    private readonly List<Absence> _absences = [];
    private readonly List<OfferedDevice> _offers = [];
    private readonly HashSet<FoundPlugin> _discovered = [];
    private readonly Dictionary<FoundPlugin, IReadOnlyList<Absence>> _seen = [];
    private IReadOnlyList<Device>? _fallbackTargets;
    private bool _disposed;

    private BackendHost() { }

    /// <summary>Takes lines for people, for example that an operator fell back; by default they go to the standard error.</summary>
    public Action<string> Log { get; set; } = Console.Error.WriteLine;

    /// <summary>What happens to operators without kernel and decomposition, on devices that say nothing else.</summary>
    public FallbackPolicy Fallback { get; set; } = FallbackPolicy.Warn;

    /// <summary>How long a plugin may take to say which devices there are (DIS-3).</summary>
    public TimeSpan DiscoveryLimit { get; set; } = TimeSpan.FromSeconds(10);

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
            {
                plugin.Live.Services.Flush();
                plugin.Live.Leave(this, End);
            }
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
}
