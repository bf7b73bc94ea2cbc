using Backends.Plugins;

namespace Backends;

// From a device string to an open device, or to the reason why there is none.
public sealed partial class BackendHost
{
    /// <summary>Opens a device by its name: <c>cpu</c>, <c>cpu:0</c>.</summary>
    /// <exception cref="DeviceNotUsableException">BK1101, with the reason and what is usable instead.</exception>
    public Device this[string device]
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return Open(device);
            }
        }
    }

    private Device Open(string text)
    {
        var asked = DeviceString.Parse(text);
        // A device string that names a backend asks that one alone (DIS-1).
        foreach (var plugin in _plugins.Where(p => p.Name == asked.Backend)) Discover(plugin);
        var offer = _offers.Find(o => o.Name == asked.Name);
        if (offer is not { Slot.Device: not null }) throw NotUsable(asked.Name, asked.Backend, null);
        if (offer.Plugin.Fault is { } fault) throw NotUsable(asked.Name, asked.Backend, fault.Text);
        if (offer.Opened is { } open && asked.Options.Count > 0 && open.OpenedAs != asked.ToString())
            throw new DeviceNotUsableException($"Device '{asked}' cannot be used.", $"it is open already, as {open.OpenedAs}", "ask for the same options, or for none");
        return offer.Opened ??= OpenOffer(offer, asked);
    }

    private Device OpenOffer(OfferedDevice offer, DeviceString asked)
    {
        var (own, options) = asked.Split(offer.Info.Options);
        OpenedDevice? open = null;
        BackendQueue? queue = null;
        try
        {
            open = offer.Plugin.Live.Open(offer.Slot, options);
            queue = open.Device.CreateQueue();
            return new Device(this, asked, open, offer.Plugin, queue, own);
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
            throw NotUsable(offer.Name, offer.Plugin.Name, $"it does not open: {e.Message}");
        }
    }

    private DeviceNotUsableException NotUsable(string device, string backend, string? why)
    {
        DiscoverAll();
        var reasons = AllAbsences.Where(a => a.Subject == backend || a.Subject.StartsWith(backend + ":", StringComparison.Ordinal)).ToArray();
        why ??= reasons.Length > 0 ? string.Join("; ", reasons.Select(a => $"{a.Subject}: {a.Text}"))
            : _plugins.Any(p => p.Name == backend) ? $"{backend} offers no such device" : $"no plugin of the name '{backend}' was found";
        // The device itself may have been offered: it cannot be used all the same.
        string usable = string.Join(", ", _offers.Where(o => o.Name != device && o.Slot.IsThere && o.Plugin.Fault is null).Select(o => $"{o.Name} ({o.Info.Name})"));
        string remedy = reasons.FirstOrDefault(a => a.Remedy.Length > 0)?.Remedy ?? "choose one of the usable devices";
        return new DeviceNotUsableException($"Device '{device}' cannot be used.", $"{why}\n  usable   {(usable.Length > 0 ? usable : "nothing")}", remedy);
    }

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
                if (_plugins.Any(p => p.Name == name)) targets.Add(Open($"{name}:0"));
            }
            catch (DeviceNotUsableException e)
            {
                Log($"no fallback to {name}: {e.Why}");
            }
        }
        return targets;
    }
}
