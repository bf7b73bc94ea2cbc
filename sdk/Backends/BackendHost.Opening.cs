using System.Globalization;
using Backends.Plugins;

namespace Backends;

// From a device string to an open device, or to the reason why there is none.
public sealed partial class BackendHost
{
    /// <summary>Opens a device: a device string such as <c>cpu</c> or <c>cpu:0</c>, a name of <see cref="BackendsOptions.Devices"/>, or <c>auto</c>.</summary>
    /// <exception cref="DeviceNotUsableException">BK1101, with the reason and what is usable instead.</exception>
    public Device this[string device] => Choose(device).Device;

    // A device string that names a backend asks that one alone (DIS-1).
    private OfferedDevice Offer(Wish wish)
    {
        var asked = wish.Device;
        foreach (var plugin in _plugins.Where(p => p.Name == asked.Backend)) Discover(plugin);
        var offer = _offers.Find(o => asked.Uuid == Guid.Empty ? o.Name == asked.Name : o.Plugin.Name == asked.Backend && o.Info.Uuid == asked.Uuid);
        if (offer is not { Slot.Device: not null }) throw NotUsable(asked.Name, asked.Backend, null, wish);
        return offer.Plugin.Fault is { } fault ? throw NotUsable(asked.Name, asked.Backend, fault.Text, wish) : offer;
    }

    private Device Open(OfferedDevice offer, Wish wish)
    {
        if (offer.Opened is { } any && wish.Device.Options.Count == 0) return any;
        // Who asks without options means the device as the configuration sets it up, also when nobody has opened that yet.
        var setUp = wish.Device.Options.Count == 0 ? _settings.SetUp(offer) : null;
        var asked = new DeviceString(offer.Plugin.Name, offer.Info.Ordinal, (setUp ?? wish.Device).Options);
        if (offer.Opened is { } open && asked.Options.Count > 0 && open.OpenedAs != asked.ToString())
            throw new DeviceNotUsableException($"Device '{asked}' cannot be used.", $"it is open already, as {open.OpenedAs}", "ask for the same options, or for none");
        return offer.Opened ??= OpenOffer(offer, asked, wish, wish.IsConfigured || setUp is not null);
    }

    private Device OpenOffer(OfferedDevice offer, DeviceString asked, Wish wish, bool isConfigured)
    {
        var (own, options) = asked.Split(offer.Info.Options);
        own = own with { CacheLimit = _settings.CacheLimit, IsConfigured = isConfigured };
        if (_settings.Threads > 0 && offer.Info.Options.Contains(ThreadsOption)) options.TryAdd(ThreadsOption, _settings.Threads.ToString(CultureInfo.InvariantCulture));
        using var activity = Activities.Start("open", offer.Name);
        OpenedDevice? open = null;
        BackendQueue? queue = null;
        try
        {
            open = offer.Plugin.Live.Open(offer.Slot, options);
            queue = open.Device.CreateQueue();
            var device = new Device(this, asked, open, offer.Plugin, queue, own);
            Report(HostEventKind.DeviceOpened, offer.Name, $"{asked}, {offer.Info.Name}");
            foreach (string note in device.Notes) Report(HostEventKind.Note, offer.Name, note);
            return device;
        }
        catch (DeviceNotUsableException)   // another host has it open, otherwise
        {
            throw;
        }
#pragma warning disable CA1031 // whatever a vendor's code throws is a reason why the device cannot be used
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (queue is not null && offer.Plugin.Fault is null) End($"queue of {offer.Name}", queue.Dispose);
            if (open is not null) End(offer.Name, () => offer.Plugin.Live.Close(offer.Slot));
            throw NotUsable(offer.Name, offer.Plugin.Name, $"it does not open: {e.Message}", wish);
        }
    }

    // A device that has such an option gets Backends:Threads by it.
    private const string ThreadsOption = "threads";

    private DeviceNotUsableException NotUsable(string device, string backend, string? why, Wish wish)
    {
        DiscoverAll();
        var reasons = AbsencesOf(backend);
        why ??= reasons.Length > 0 ? string.Join("; ", reasons.Select(a => $"{a.Subject}: {a.Text}"))
            : _plugins.Any(p => p.Name == backend) ? $"{backend} offers no such device" : $"no plugin of the name '{backend}' was found{NearestTo(backend)}";
        // The device itself may have been offered: it cannot be used all the same.
        var others = _offers.Where(o => o.Name != device && o.Slot.IsThere && o.Plugin.Fault is null).ToArray();
        string usable = others.Length > 0 ? string.Join(", ", others.Select(Capabilities.Text)) : "nothing";
        string remedy = reasons.FirstOrDefault(a => a.Remedy.Length > 0) is { } known ? $"{known.Remedy}, or " : "";
        string instead = others.FirstOrDefault(o => o.Plugin.Name != ReferenceName)?.Name is { } first ? $" or \"{first}\"" : "";
        return new DeviceNotUsableException($"Device '{device}' cannot be used.", $"{why}\n  usable   {usable}",
            $"{remedy}{Correct(wish)} \"{DeviceString.Auto}\"{instead}. All devices and reasons: backends devices") { Device = device };
    }

    // Where the name stands: another place would not help.
    private static string Correct(Wish wish) => !wish.IsConfigured ? "ask for"
        : $"set {(wish.Name.Length > 0 ? $"{OptionRules.Key("Devices")}:{wish.Name}:Device" : OptionRules.Key("Device"))} to";

    private string NearestTo(string backend) => Names.Nearest(backend, _settings.Named.Keys.Concat(_plugins.Select(p => p.Name))) is { } name ? $"; nearest: {name}" : "";

    /// <summary>Where calls go that a device cannot do: the fast CPU, then the reference.</summary>
    internal IReadOnlyList<Device> FallbackTargets
    {
        get
        {
            lock (_lock) return _fallbackTargets ??= FindFallbackTargets();
        }
    }

    // One that does not open is passed over: the reason is told to whoever asks for it by name.
    private List<Device> FindFallbackTargets()
    {
        var targets = new List<Device>();
        foreach (string name in (string[])["cpu", "reference"])
        {
            try
            {
                if (_plugins.Any(p => p.Name == name)) targets.Add(Choose($"{name}:0", isConfigured: false).Device);
            }
            catch (DeviceNotUsableException e)
            {
                Report(HostEventKind.NoFallback, name, $"nothing falls back to it: {e.Why}");
            }
        }
        return targets;
    }
}
