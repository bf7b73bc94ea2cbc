namespace Backends.Plugins;

/// <summary>Loads a plugin and asks it for its devices. Whatever it does instead of answering becomes a reason (DIS-3).</summary>
internal static class Discoverer
{
    public static (Discovery Discovery, Absence? Absence) Ask(FoundPlugin plugin, TimeSpan limit)
    {
        var discovery = new Discovery();
        Absence? absence = null;
        var backend = plugin.Backend;
        // A thread of its own: one that hangs is abandoned, never ended, and nobody waits for it again (OBJ-16).
        var thread = new Thread(() => absence = Ask(plugin, ref backend, discovery)) { IsBackground = true, Name = $"discover {plugin.Name}" };
        thread.Start();
        bool answered = thread.Join(limit);
        // No call goes into one that hangs, not even its end: it is still inside another.
        plugin.Backend = answered ? backend : null;
        if (answered) return (discovery, absence);
        return (new Discovery(), new Absence(AbsenceCode.Timeout, plugin.Name, $"no answer within {limit.TotalSeconds:0.#} s", "report it to the plugin's vendor, or take the plugin away"));
    }

    private static Absence? Ask(FoundPlugin plugin, ref Backend? backend, Discovery discovery)
    {
        try
        {
            if (backend is null)
            {
                var loaded = PluginLoader.Load(plugin.Manifest!, plugin.Rules);
                plugin.Notes.AddRange(loaded.Notes);
                backend = loaded.Begin();
            }
            backend.Discover(discovery);
            return null;
        }
        catch (PluginLoadException e)
        {
            return e.ToAbsence(plugin.Name);
        }
#pragma warning disable CA1031 // a vendor's code may throw anything
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new Absence(AbsenceCode.Failed, plugin.Name, $"discovery failed: {e.Message}", "report it to the plugin's vendor");
        }
    }
}
