namespace Backends.Plugins;

/// <summary>What a plugin may call on the host, from any of its threads until the backend's end (OBJ-8). <c>bk_host</c> in C.</summary>
public abstract class HostServices
{
    /// <summary>What there is before the host has given its own: nobody listens.</summary>
    public static HostServices None { get; } = new Silent();

    /// <summary>
    /// Says something to the app's log. Never blocks and never fails: a bounded queue takes it, and counts what it has no room for (OBS-1). The app's
    /// sink runs on a thread of the host.
    /// </summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="eventId">The vendor's number for this kind of event; 0 for none.</param>
    /// <param name="text">What happened, in a line.</param>
    public abstract void Log(PluginLogLevel level, int eventId, string text);

    private sealed class Silent : HostServices
    {
        public override void Log(PluginLogLevel level, int eventId, string text) { }
    }
}

/// <summary>How much a plugin's words matter; the numbers are those of .NET's logging. Append-only; an unknown one counts as the nearest known.</summary>
public enum PluginLogLevel
{
    /// <summary>For the vendor alone.</summary>
    Trace = 0,
    /// <summary>For whoever looks for a fault.</summary>
    Debug = 1,
    /// <summary>Good to know.</summary>
    Information = 2,
    /// <summary>Odd, and it goes on.</summary>
    Warning = 3,
    /// <summary>Something failed.</summary>
    Error = 4,
    /// <summary>Nothing goes on.</summary>
    Critical = 5,
}
