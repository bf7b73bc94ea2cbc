using Backends.Plugins;

namespace Backends;

// What plugins say (OBS-1): it comes on a thread of the host's own, one entry at a time.
public sealed partial class BackendHost
{
    /// <summary>
    /// Takes what plugins log, on a thread of the host's own, never on the plugin's; what it throws reaches nobody. Null, the default: warnings
    /// and worse go to <see cref="Log"/> as lines.
    /// </summary>
    public Action<PluginLogEntry>? PluginLog { get; set; }

    internal void Deliver(in PluginLogEntry entry)
    {
        if (PluginLog is { } sink) sink(entry);
        else if (entry.Level >= PluginLogLevel.Warning) Log($"{entry.Plugin}: {entry.Text}");
    }
}

/// <summary>Something that a plugin said.</summary>
/// <param name="Plugin">The plugin's name.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Event">The vendor's number for this kind of event; 0 for none.</param>
/// <param name="Text">What happened.</param>
public readonly record struct PluginLogEntry(string Plugin, PluginLogLevel Level, int Event, string Text);
