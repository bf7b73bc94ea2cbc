using System.Collections.Concurrent;

namespace Backends.Plugins;

/// <summary>A plugin that was found: by its manifest, or given in code.</summary>
internal sealed class FoundPlugin
{
    private readonly ConcurrentQueue<Device> _open = new();
    private Absence? _fault;

    public FoundPlugin(string name, Backend backend) => (Name, Backend, Info) = (name, backend, new PluginInfo(name, backend.GetType().Assembly.GetName().Version?.ToString(3) ?? "", "code", ""));

    public FoundPlugin(Manifest manifest)
    {
        (Name, Manifest) = (manifest.Name, manifest);
        string hash = PluginFolder.Hash(Path.Combine(manifest.Folder, Manifest.FileName));
        Info = new PluginInfo(manifest.Name, manifest.Version, manifest.Entries[0].Kind.ToString().ToLowerInvariant(), hash);
    }

    public string Name { get; }
    public Manifest? Manifest { get; }
    public PluginInfo Info { get; }
    public Backend? Backend { get; set; }

    /// <summary>What the configuration said when it was found; loading keeps to it.</summary>
    public PluginRules Rules { get; init; } = PluginRules.Default;

    /// <summary>What was odd at loading and no fault.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>How it broke the contract; null while it keeps it. No call goes into one that broke it (OBJ-16).</summary>
    public Absence? Fault => _fault;

    public void Opened(Device device)
    {
        _open.Enqueue(device);
        if (_fault is { } fault) device.Lose(fault.Text, "opening");   // broken meanwhile, by another of its devices
    }

    /// <summary>It threw where it must not: its devices are lost, and nothing asks it any more.</summary>
    /// <param name="call">What was called.</param>
    /// <param name="error">What came out.</param>
    public void Breaks(string call, Exception error)
    {
        string text = $"the plugin breaks its contract: {call} never throws, and threw {error.GetType().Name}: {error.Message}";
        if (Interlocked.CompareExchange(ref _fault, new Absence(AbsenceCode.Faulted, Name, text, "report it to the plugin's vendor"), null) is not null) return;
        foreach (var device in _open) device.Lose(text, call);
    }
}
