using Microsoft.Extensions.Logging;

namespace Backends.Hosting;

/// <summary>Every line that a host logs, under category <c>Backends</c>. Event ids are public and never used again: docs/app.md has the table.</summary>
internal static partial class Log
{
    public const string Category = "Backends";

    [LoggerMessage(LogEvents.PluginFound, LogLevel.Information, "Plugin {Subject}: {Text}")]
    public static partial void PluginFound(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.PluginRejected, LogLevel.Warning, "Plugin {Subject} is rejected: {Text}")]
    public static partial void PluginRejected(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.Absent, LogLevel.Information, "{Subject} is absent: {Text}")]
    public static partial void Absent(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.DeviceChosen, LogLevel.Information, "Device {Subject} {Text}")]
    public static partial void DeviceChosen(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.DevicePassed, LogLevel.Information, "Device {Subject} was not chosen: {Text}")]
    public static partial void DevicePassed(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.DeviceOpened, LogLevel.Debug, "Device {Subject} is open: {Text}")]
    public static partial void DeviceOpened(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.DeviceLost, LogLevel.Error, "Device {Subject} is lost: {Text}")]
    public static partial void DeviceLost(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.FellBack, LogLevel.Warning, "{Subject}: {Text}")]
    public static partial void FellBack(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.NoFallback, LogLevel.Warning, "{Subject}: {Text}")]
    public static partial void NoFallback(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.Note, LogLevel.Information, "{Subject}: {Text}")]
    public static partial void Note(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.DidNotEndWell, LogLevel.Warning, "{Subject} {Text}")]
    public static partial void DidNotEndWell(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.Reloaded, LogLevel.Information, "{Subject}: {Text}")]
    public static partial void Reloaded(ILogger logger, string subject, string text);

    [LoggerMessage(LogEvents.ReloadRefused, LogLevel.Error, "{Subject}: the reload is refused, all stays as it was. {Text}")]
    public static partial void ReloadRefused(ILogger logger, string subject, string text);

    [LoggerMessage(EventId = LogEvents.PluginLine, Message = "{Plugin} ({Event}): {Text}")]
    public static partial void PluginLine(ILogger logger, LogLevel level, string plugin, int @event, string text);

    /// <summary>The line of an event.</summary>
    public static void Write(ILogger logger, HostEvent told)
    {
        Action<ILogger, string, string> line = told.Kind switch
        {
            HostEventKind.PluginFound => PluginFound,
            HostEventKind.PluginRejected => PluginRejected,
            HostEventKind.Absent => Absent,
            HostEventKind.DeviceChosen => DeviceChosen,
            HostEventKind.DevicePassed => DevicePassed,
            HostEventKind.DeviceOpened => DeviceOpened,
            HostEventKind.DeviceLost => DeviceLost,
            HostEventKind.FellBack => FellBack,
            HostEventKind.NoFallback => NoFallback,
            HostEventKind.Note => Note,
            HostEventKind.DidNotEndWell => DidNotEndWell,
            HostEventKind.Reloaded => Reloaded,
            HostEventKind.ReloadRefused => ReloadRefused,
            _ => throw new ArgumentOutOfRangeException(nameof(told), told.Kind, null),
        };
        line(logger, told.Subject, told.Text);
    }
}

/// <summary>The event ids of category <c>Backends</c>: numbers of events that are gone stay, marked.</summary>
public static class LogEvents
{
    /// <summary>A plugin was found: its manifest was read, nothing of it has run.</summary>
    public const int PluginFound = 1001;
    /// <summary>A plugin is there and is refused, or broke its contract.</summary>
    public const int PluginRejected = 1002;
    /// <summary>A plugin offers nothing, or less than it could, for example for lack of a driver.</summary>
    public const int Absent = 1003;
    /// <summary>The default device, or a named one, was chosen, and why.</summary>
    public const int DeviceChosen = 1101;
    /// <summary>A device was looked at for <c>auto</c> and not chosen, and why.</summary>
    public const int DevicePassed = 1102;
    /// <summary>A device was opened.</summary>
    public const int DeviceOpened = 1103;
    /// <summary>A device is lost.</summary>
    public const int DeviceLost = 1104;
    /// <summary>An operator fell back, the first time with its dtypes on the device.</summary>
    public const int FellBack = 1201;
    /// <summary>A device to fall back to cannot be used.</summary>
    public const int NoFallback = 1202;
    /// <summary>Something odd that is no fault.</summary>
    public const int Note = 1301;
    /// <summary>A device, queue or plugin threw when it was ended.</summary>
    public const int DidNotEndWell = 1302;
    /// <summary>Changed options were taken.</summary>
    public const int Reloaded = 1401;
    /// <summary>Changed options were refused.</summary>
    public const int ReloadRefused = 1402;
    /// <summary>A plugin's own line; its level and text, its event number beside them.</summary>
    public const int PluginLine = 1501;
}
