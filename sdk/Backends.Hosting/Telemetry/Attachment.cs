using Microsoft.Extensions.Logging;

namespace Backends.Hosting;

/// <summary>What a configured host has beside a bare one: a log and a meter, ended with it.</summary>
internal static class Attachment
{
    public static void Attach(this BackendHost host, ILogger? logger, HostMeter meter)
    {
        host.Attached.Add(meter);
        if (logger is null) return;
        host.Tell(told => Log.Write(logger, told));
        // The levels have the same numbers.
        host.PluginLog = entry => Log.PluginLine(logger, (LogLevel)entry.Level, entry.Plugin, entry.Event, entry.Text);
    }
}
