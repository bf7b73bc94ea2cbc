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

    private volatile Settings _settings;
    private FallbackPolicy? _fallback;

    private BackendHost(Settings settings) => _settings = settings;

    /// <summary>Takes lines for people, for example that an operator fell back; by default they go to the standard error.</summary>
    public Action<string> Log { get; set; } = Console.Error.WriteLine;

    /// <summary>What happens to operators without kernel and decomposition, on devices that say nothing else. Set here, it stands before whatever the
    /// options say of any device or operator (FAL-1).</summary>
    public FallbackPolicy Fallback
    {
        get => _fallback ?? _settings.Fallback;
        set => _fallback = value;
    }

    /// <summary>What code set, and no configuration overrides (FAL-1).</summary>
    internal FallbackPolicy? FallbackInCode => _fallback;

    /// <summary>What it goes by at this moment.</summary>
    internal Settings Settings => _settings;

    /// <summary>Takes all that the host tells; null, the default: warnings go to <see cref="Log"/> as lines.</summary>
    internal Action<HostEvent>? Observer { get; private set; }

    /// <summary>Whether the options leave it to the host which device is the default.</summary>
    internal bool LeavesChoice => _settings.WishFor(_settings.Device, isConfigured: true).Device.IsAuto;

    /// <summary>What is ended with the host, by whoever hangs it here.</summary>
    internal List<IDisposable> Attached { get; } = [];

    /// <summary>Every device that is open.</summary>
    internal IReadOnlyList<Device> OpenDevices
    {
        get
        {
            lock (_lock) return _disposed ? [] : [.. _offers.Select(o => o.Opened).OfType<Device>()];
        }
    }

    /// <summary>Tells somebody all that happens from now on, and first what was found.</summary>
    internal void Tell(Action<HostEvent> observer)
    {
        lock (_lock)
        {
            Observer = observer;
            foreach (var plugin in _plugins) Report(HostEventKind.PluginFound, plugin.Name, $"{plugin.Info.Version} ({plugin.Info.Door}{(plugin.Manifest is { } manifest ? $", {manifest.Folder}" : "")})");
            foreach (var absence in _absences) Report(absence);
        }
    }

    private void Report(Absence absence) =>
        Report(absence.Code < AbsenceCode.NoDriver && absence.Code != AbsenceCode.Disabled ? HostEventKind.PluginRejected : HostEventKind.Absent, absence.Subject, absence.Text);

    /// <summary>How long a plugin may take to say which devices there are (DIS-3).</summary>
    public TimeSpan DiscoveryLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Finds the plugins in folders, each a plugin's own or one that holds several. Reads manifests and runs nobody's code (DIS-1).</summary>
    /// <param name="folders">None: the folder <c>backends</c> beside the app.</param>
    public static BackendHost FromPlugins(params IEnumerable<string> folders)
    {
        var host = new BackendHost(Settings.Default);
        string[] given = [.. folders];
        PluginFinder.Find(given.Length > 0 ? given : [PluginFinder.DefaultFolder], host._plugins, host._absences);
        return host;
    }

    /// <summary>Finds the plugins that the options name, and goes by the options from then on. Runs nobody's code (DIS-1).</summary>
    /// <param name="options">Copied: later changes are for <see cref="Reload"/>.</param>
    /// <exception cref="BackendException">BK1001, BK1002: an option makes no sense.</exception>
    public static BackendHost Create(BackendsOptions options)
    {
        var settings = Checked(options);
        var host = new BackendHost(settings);
        IReadOnlyList<string> folders = settings.Plugins.Directories.Count > 0 ? settings.Plugins.Directories : [PluginFinder.DefaultFolder];
        PluginFinder.Find(folders.Select(PluginSettings.FromApp), host._plugins, host._absences, settings.Plugins.ToRules());
        if (OptionRules.NameOfBackend(settings.Named.Keys, host._plugins.Select(p => p.Name)) is { } fault) throw fault.ToException();
        return host;
    }

    /// <summary>Goes by other options from now on: what is asked for later follows them, what is open stays as it is. Plugins are found once, so that
    /// a change of theirs needs a new process.</summary>
    /// <param name="options">Copied.</param>
    /// <exception cref="BackendException">An option makes no sense, or a device that was in use under its name cannot be used: nothing has changed then.</exception>
    public void Reload(BackendsOptions options)
    {
        var settings = Checked(options);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (OptionRules.NameOfBackend(settings.Named.Keys, _plugins.Select(p => p.Name)) is { } fault) throw fault.ToException();
            var (before, choices) = (_settings, _choices.ToArray());
            (_settings, _fallbackTargets) = (settings, null);   // what was set up wrongly may be right now
            _choices.Clear();
            try
            {
                // Whoever asks next must not be the one who learns that it cannot be.
                if (choices.Length > 0) Choose(settings.Device, isConfigured: true);
                foreach (string name in choices.Select(c => c.Key).Where(settings.Named.ContainsKey)) Choose(name, isConfigured: true);
            }
            catch
            {
                _settings = before;
                _choices.Clear();
                foreach (var (asked, choice) in choices) _choices.Add(asked, choice);
                throw;
            }
            Report(HostEventKind.Reloaded, OptionRules.Section, settings.Plugins.Equals(before.Plugins) ? "options were read again: new work follows them" : "options were read again: new work follows them, but plugins are found once, so that a change of Plugins needs a restart");
        }
    }

    private static Settings Checked(BackendsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (OptionRules.Check(options).FirstOrDefault() is { } fault) throw fault.ToException();
        return Settings.From(options);
    }

    /// <summary>Adds a backend that the app carries in itself, under a name. It comes before one found in a folder; of two added, the first wins (MAN-7).</summary>
    /// <param name="name">The head of its device strings: a small letter, then small letters, digits and <c>-</c>.</param>
    /// <param name="backend">The backend; the host ends it.</param>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public BackendHost Add(string name, Backend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        if (!ManifestReader.IsPluginName(name)) throw new ArgumentException($"'{name}' cannot be the head of a device string.", nameof(name));
        if (name == DeviceString.Auto || _settings.Named.ContainsKey(name)) throw new ArgumentException($"'{name}' means something else in the options.", nameof(name));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _fallbackTargets = null;
            if (_settings.Plugins.Disabled.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                _absences.Add(PluginFinder.Disabled(name));
                backend.Dispose();
                return this;
            }
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
        }
        // Not under the lock: one of these may wait for somebody who is just asking this host.
        foreach (var attached in Attached) attached.Dispose();
        lock (_lock)
        {
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
        {
            try
            {
                Report(HostEventKind.DidNotEndWell, what, $"did not end well: {e.Message}");
            }
            catch (Exception)   // nor does a log that fails keep what is left open
            {
            }
        }
#pragma warning restore CA1031
    }

    /// <summary>Tells whoever listens.</summary>
    internal void Report(HostEventKind kind, string subject, string text)
    {
        var told = new HostEvent(kind, subject, text);
        if (Observer is { } observer) observer(told);
        else if (told.IsWarning) Log(told.ToString());
    }
}
