using Microsoft.Extensions.Logging;

namespace Backends.Hosting;

/// <summary>What a configured host has beside a bare one: a log and a meter, ended with it.</summary>
internal static class Attachment
{
    public static void Attach(this BackendHost host, ILogger? logger, HostMeter meter)
    {
        host.Attached.Add(meter);
        if (logger is not null) host.Tell(told => Log.Write(logger, told));
    }
}
