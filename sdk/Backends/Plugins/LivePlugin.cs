using System.Collections.Concurrent;
using System.Diagnostics;

namespace Backends.Plugins;

/// <summary>
/// A plugin as the process has it: one backend for all hosts, which begins with the first that asks and ends with the last that leaves (OBJ-1).
/// Begin, discover, open, close and end come one at a time, under one lock; nothing that a call does is here.
/// </summary>
internal sealed class LivePlugin
{
    private readonly Lock _lock = new();
    private readonly Func<PluginRules, LoadedPlugin> _load;
    private readonly ConcurrentDictionary<Device, bool> _open = new();
    private volatile BackendHost[] _hosts = [];
    private LoadedPlugin? _loaded;
    private PluginRules _loadedBy = PluginRules.Default;
    private Backend? _backend;
    private Question? _question;
    private Absence? _refusal, _never;
    private Absence? _fault;
    private bool _asked;

    /// <param name="name">The plugin's name.</param>
    /// <param name="load">Loads its code.</param>
    public LivePlugin(string name, Func<PluginRules, LoadedPlugin> load) => (Name, _load, Services) = (name, load, new PluginServices(this));

    /// <summary>A backend that an app carries in itself: it belongs to the one host that it was given to.</summary>
    public LivePlugin(string name, Backend backend) : this(name, _ => throw new UnreachableException()) => _backend = backend;

    public string Name { get; }

    /// <summary>What it may call (OBJ-8).</summary>
    public PluginServices Services { get; }

    /// <summary>Its devices by ordinal, those that have vanished among them (DIS-7).</summary>
    public IReadOnlyList<DeviceSlot> Slots { get; private set; } = [];

    /// <summary>What it saw and does not offer.</summary>
    public IReadOnlyList<Absence> Absences { get; private set; } = [];

    /// <summary>What was odd at loading and no fault.</summary>
    public IReadOnlyList<string> Notes => _loaded?.Notes ?? [];

    /// <summary>The hosts that it serves.</summary>
    public IReadOnlyList<BackendHost> Hosts => _hosts;

    /// <summary>Whether its code is in the process.</summary>
    public bool IsLoaded => _loaded is not null;

    /// <summary>How it broke the contract; null while it keeps it. No call goes into one that broke it, for no host (OBJ-16).</summary>
    public Absence? Fault => _fault;

    /// <summary>Serves one more host; begins and asks the backend when it is the first.</summary>
    /// <returns>Why there is no answer; null: <see cref="Slots"/> and <see cref="Absences"/> say what there is.</returns>
    public Absence? Enter(BackendHost host, PluginRules rules, TimeSpan limit)
    {
        lock (_lock)
        {
            if (Fault is not null) return null;
            if (!_hosts.Contains(host)) _hosts = [.. _hosts, host];
            // Asked again, because the answer may be to a question that another host began, by its own rules.
            return _never ?? Distrust(rules) ?? (_asked ? _refusal : Ask(rules, limit) ?? Distrust(rules));
        }
    }

    /// <summary>Asks again: what appears gets the next ordinals, what vanishes keeps its own (DIS-7).</summary>
    public Absence? Refresh(PluginRules rules, TimeSpan limit)
    {
        lock (_lock) return Fault is not null ? null : Distrust(rules) ?? Ask(rules, limit) ?? Distrust(rules);
    }

    /// <summary>A host has closed its devices. With the last one the backend ends, but for one that broke the contract, or still hangs in a call.</summary>
    public void Leave(BackendHost host, Action<string, Action> end)
    {
        lock (_lock)
        {
            _hosts = [.. _hosts.Where(h => h != host)];
            if (_hosts.Length > 0 || Fault is not null) return;
            if (_question is { } late)
            {
                if (!late.Wait(TimeSpan.Zero)) return;   // it hangs still
                Take(late);
            }
            if (_backend is not { } backend) return;
            (_backend, _asked, _refusal) = (null, false, null);
            foreach (var slot in Slots) slot.Forget();
            end(Name, backend.Dispose);
            if (_loaded?.Unload is not { } unload) return;
            _loaded = null;
            end($"code of {Name}", unload);
        }
    }

    /// <summary>Opens a device, or shares it with whoever has it open with the same options.</summary>
    public OpenedDevice Open(DeviceSlot slot, IReadOnlyDictionary<string, string> options)
    {
        lock (_lock) return slot.Open(this, options);
    }

    /// <summary>Lets go of a device; the last one closes it.</summary>
    public void Close(DeviceSlot slot)
    {
        lock (_lock) slot.Close(this);
    }

    /// <summary>A device is open: it is lost when the plugin breaks.</summary>
    public void Opened(Device device)
    {
        _open.TryAdd(device, true);
        if (_fault is { } fault) device.Lose(fault.Text, "opening");   // broken meanwhile, by another of its devices
    }

    public void Closed(Device device) => _open.TryRemove(device, out _);

    /// <summary>It threw where it must not: its devices are lost in every host, and nothing asks it any more.</summary>
    /// <param name="call">What was called.</param>
    /// <param name="error">What came out.</param>
    public void Breaks(string call, Exception error)
    {
        string text = $"the plugin breaks its contract: {call} never throws, and threw {error.GetType().Name}: {error.Message}";
        if (Interlocked.CompareExchange(ref _fault, new Absence(AbsenceCode.Faulted, Name, text, "report it to the plugin's vendor"), null) is not null) return;
        foreach (var device in _open.Keys) device.Lose(text, call);
    }

    // Code that came in without a look at the trust list cannot be trusted afterwards (MAN-6).
    private Absence? Distrust(PluginRules rules) =>
        _loaded is null || rules.Trust == TrustMode.Off || (_loadedBy.Trust == rules.Trust && _loadedBy.TrustFile == rules.TrustFile) ? null
        : new Absence(AbsenceCode.Untrusted, Name, "this process has loaded it for a host that does not look into this trust list", "let every host of the process require trust, by the same file");

    private Absence? Ask(PluginRules rules, TimeSpan limit)
    {
        var question = _question ??= new Question(this, rules, _loaded, _backend);
        if (!question.Wait(limit))
            return new Absence(AbsenceCode.Timeout, Name, $"no answer within {limit.TotalSeconds:0.#} s", "report it to the plugin's vendor, or take the plugin away");
        Take(question);
        (_asked, _refusal) = (_backend is not null, question.Refusal);
        // What its own files say is so for good: not to be loaded again by every host. All else is tried again.
        if (_loaded is null && _refusal?.Code is AbsenceCode.ContractMismatch or AbsenceCode.MissingSymbol or AbsenceCode.LoadFailed) _never = _refusal;
        Slots = DeviceSlot.Merge(Name, Slots, _refusal is null ? question.Discovery.Offers : [], Services);
        Absences = _refusal is not null ? [] : [.. question.Discovery.Absences, .. Slots.Where(s => !s.IsThere).Select(Vanished)];
        return _refusal;
    }

    // What an answered question has begun.
    private void Take(Question question)
    {
        _question = null;
        if (_loaded is null) (_loaded, _loadedBy) = (question.Loaded, question.Rules);
        _backend = question.Backend;
    }

    private static Absence Vanished(DeviceSlot slot) => new(AbsenceCode.NoDevice, slot.Name, $"{slot.Info.Name} was there when this process first looked, and is not any more", "bring it back, then: BackendHost.Refresh");

    /// <summary>
    /// Loading, beginning and asking, on a thread of its own: one that hangs is abandoned, never ended (OBJ-16). Each host waits for its own limit,
    /// counted from the start; a late answer serves who asks after it.
    /// </summary>
    private sealed class Question
    {
        private readonly Thread _thread;
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly LivePlugin _plugin;

        public Question(LivePlugin plugin, PluginRules rules, LoadedPlugin? loaded, Backend? backend)
        {
            (_plugin, Rules, Loaded, Backend) = (plugin, rules, loaded, backend);
            _thread = new Thread(Ask) { IsBackground = true, Name = $"discover {plugin.Name}" };
            _thread.Start();
        }

        public PluginRules Rules { get; }
        public LoadedPlugin? Loaded { get; private set; }
        public Backend? Backend { get; private set; }
        public Discovery Discovery { get; } = new();
        public Absence? Refusal { get; private set; }

        public bool Wait(TimeSpan limit)
        {
            if (limit == Timeout.InfiniteTimeSpan) return _thread.Join(Timeout.Infinite);
            var left = limit - Stopwatch.GetElapsedTime(_start);
            return _thread.Join((int)Math.Clamp(left.TotalMilliseconds, 0, int.MaxValue));
        }

        private void Ask()
        {
            try
            {
                if (Backend is null)
                {
                    Loaded ??= _plugin._load(Rules);
                    Backend = Loaded.Begin(_plugin.Services);
                }
                Backend.Host = _plugin.Services;
                Backend.Discover(Discovery);
            }
            catch (PluginLoadException e)
            {
                Refusal = e.ToAbsence(_plugin.Name);
            }
#pragma warning disable CA1031 // a vendor's code may throw anything
            catch (Exception e)
#pragma warning restore CA1031
            {
                Refusal = new Absence(AbsenceCode.Failed, _plugin.Name, $"discovery failed: {e.Message}", "report it to the plugin's vendor");
            }
        }
    }
}
