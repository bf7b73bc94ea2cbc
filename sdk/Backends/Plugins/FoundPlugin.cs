namespace Backends.Plugins;

/// <summary>A plugin as one host found it, by its manifest or given in code; what of it lives is the process's (OBJ-1).</summary>
internal sealed class FoundPlugin
{
    public FoundPlugin(string name, Backend backend)
        : this(new PluginInfo(name, backend.GetType().Assembly.GetName().Version?.ToString(3) ?? "", "code", ""), new LivePlugin(name, backend)) { }

    public FoundPlugin(PluginInfo info, LivePlugin live) => (Info, Live) = (info, live);

    public FoundPlugin(Manifest manifest)
    {
        Manifest = manifest;
        Info = new PluginInfo(manifest.Name, manifest.Version, manifest.Entries[0].Kind.ToString().ToLowerInvariant(), manifest.Sha256);
        Live = Registry.Of(manifest, manifest.Sha256);
    }

    public string Name => Info.Name;
    public Manifest? Manifest { get; }
    public PluginInfo Info { get; }
    public LivePlugin Live { get; }

    /// <summary>What the configuration said when it was found; loading keeps to it.</summary>
    public PluginRules Rules { get; init; } = PluginRules.Default;

    /// <summary>What was odd at loading and no fault.</summary>
    public IReadOnlyList<string> Notes => Live.Notes;

    /// <summary>How it broke the contract; null while it keeps it. No call goes into one that broke it (OBJ-16).</summary>
    public Absence? Fault => Live.Fault;

    public void Breaks(string call, Exception error) => Live.Breaks(call, error);
}
