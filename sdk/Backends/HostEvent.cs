namespace Backends;

/// <summary>What a host tells about itself; Backends.Hosting makes a log line with an event id of each.</summary>
internal enum HostEventKind
{
    PluginFound,
    /// <summary>A plugin that is there and is refused, or breaks its contract.</summary>
    PluginRejected,
    /// <summary>Something else that is absent, for example for lack of a driver.</summary>
    Absent,
    DeviceChosen,
    /// <summary>A device that was looked at and not chosen.</summary>
    DevicePassed,
    DeviceOpened,
    DeviceLost,
    FellBack,
    NoFallback,
    /// <summary>Odd, and no fault.</summary>
    Note,
    DidNotEndWell,
    Reloaded,
    ReloadRefused,
}

/// <summary>One of these, with what it is about.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">A plugin or device.</param>
/// <param name="Text">In words, without the subject.</param>
internal sealed record HostEvent(HostEventKind Kind, string Subject, string Text)
{
    /// <summary>Whether somebody should read it who looks at nothing else.</summary>
    public bool IsWarning => Kind is HostEventKind.FellBack or HostEventKind.NoFallback or HostEventKind.DidNotEndWell or HostEventKind.ReloadRefused;

    public override string ToString() => $"{Subject}: {Text}";
}
