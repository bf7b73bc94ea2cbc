using System.Diagnostics.Metrics;

namespace Backends.Hosting;

/// <summary>
/// Meter <c>Backends</c>. Every instrument is observable: it reads what the host counts anyway when somebody collects, and a call pays nothing for it.
/// </summary>
internal sealed class HostMeter : IDisposable
{
    private readonly BackendHost _host;
    private readonly Meter _meter;

    public HostMeter(BackendHost host, IMeterFactory? factory = null)
    {
        _host = host;
        _meter = factory?.Create("Backends") ?? new Meter("Backends");
        _meter.CreateObservableCounter("backends.calls", Calls, "{call}", "Calls of operators, by device and way.");
        _meter.CreateObservableCounter("backends.fallbacks", Fallbacks, "{call}", "Calls that ran on another device, by device, operator and reason.");
        _meter.CreateObservableUpDownCounter("backends.memory", Memory, "By", "Memory held of a device, in use or kept for reuse.");
        _meter.CreateObservableCounter("backends.waits", Waits, "{wait}", "How often the host waited for a device, by cause.");
    }

    /// <summary>Whether an instrument is this host's.</summary>
    internal bool Owns(Instrument instrument) => instrument.Meter == _meter;

    // A meter of a factory is the factory's to end; its instruments would go on asking this host all the same.
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Calls() =>
        from device in _host.OpenDevices
        from way in (Way[])[Way.Native, Way.Decomposed, Way.Fallback, Way.Host]
        select new Measurement<long>(device.Calls.Total(way), Tag("device", device.Name), Tag("way", Word(way)));

    private IEnumerable<Measurement<long>> Fallbacks() =>
        from device in _host.OpenDevices
        from fallback in device.Calls.Fallbacks
        select new Measurement<long>(fallback.Value.Calls, Tag("device", device.Name), Tag("operator", fallback.Key.Operator), Tag("reason", Word(fallback.Key.Reason)));

    private IEnumerable<Measurement<long>> Memory() => _host.OpenDevices.SelectMany(device =>
    {
        var memory = device.Memory;
        return (Measurement<long>[])[new(memory.Live, Tag("device", device.Name), Tag("state", "live")), new(memory.Cached, Tag("device", device.Name), Tag("state", "cached"))];
    });

    private IEnumerable<Measurement<long>> Waits() =>
        from device in _host.OpenDevices
        from wait in device.Waits
        select new Measurement<long>(wait.Value, Tag("device", device.Name), Tag("cause", Word(wait.Key)));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
