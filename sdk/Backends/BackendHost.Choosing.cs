using Backends.Plugins;

namespace Backends;

// From what the app wants to one device: a name is an order, `auto` is a request. Each choice says why (contract: DIS-8; docs/app.md).
public sealed partial class BackendHost
{
    private readonly Dictionary<string, DeviceChoice> _choices = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<OfferedDevice> _chosenByAuto = [];

    /// <summary>The device that the options ask for; <c>auto</c> without any. Opened when it is first asked for.</summary>
    /// <exception cref="DeviceNotUsableException">BK1101: it is absent. BK1102: nothing fits <c>auto</c>.</exception>
    public Device Device => Choice.Device;

    /// <summary>The same, with the reasons.</summary>
    public DeviceChoice Choice
    {
        get
        {
            lock (_lock) return Choose(_settings.Device, isConfigured: true);
        }
    }

    /// <summary>Chooses and opens a device, and says why it is this one.</summary>
    /// <param name="device">A name of <see cref="BackendsOptions.Devices"/>, <c>auto</c>, or a device string.</param>
    public DeviceChoice Choose(string device)
    {
        ArgumentNullException.ThrowIfNull(device);
        lock (_lock) return Choose(device, isConfigured: false);
    }

    /// <summary>The default's choice where one was made: asking opens nothing.</summary>
    internal DeviceChoice? ChoiceMade
    {
        get
        {
            lock (_lock) return _choices.GetValueOrDefault(_settings.Device);
        }
    }

    /// <summary>Opens the default device and each that has a name: whoever starts an app wants to know then.</summary>
    internal void OpenConfigured()
    {
        lock (_lock)
        {
            Choose(_settings.Device, isConfigured: true);
            foreach (string name in _settings.Named.Keys) Choose(name, isConfigured: true);
        }
    }

    private DeviceChoice Choose(string text, bool isConfigured)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_choices.TryGetValue(text, out var made)) return made;
        var wish = _settings.WishFor(text, isConfigured);
        var choice = wish.Device.IsAuto ? Auto(wish) : ByName(wish, text);
        // Device strings are found by what is open: an app may write any number of them.
        if (!wish.Device.IsAuto && wish.Name.Length == 0 && !isConfigured) return choice;
        _choices[text] = choice;
        Report(choice);
        return choice;
    }

    private DeviceChoice ByName(Wish wish, string text)
    {
        var offer = Offer(wish);
        if (Obstacle(offer, wish.Requirements) is { } obstacle) throw NotUsable(offer.Name, offer.Plugin.Name, $"{offer.Name}: {obstacle}", wish);
        return new DeviceChoice(text.Trim(), Open(offer, wish), wish.Name.Length > 0 ? $"{OptionRules.Key("Devices")}:{wish.Name} names it" : text == _settings.Device ? $"{OptionRules.Key("Device")} names it" : "asked for by name", []);
    }

    private DeviceChoice Auto(Wish wish)
    {
        var passed = new List<PassedDevice>();
        string[] order = Order();
        for (int i = 0; i < order.Length; i++)
        {
            if (FirstThatFits(order[i], wish, passed) is not { } device) continue;
            bool isNamed = _settings.Preference.Count > 0;
            string because = (isNamed ? $"the first of {string.Join(", ", _settings.Preference)}" : order[i] == CpuName ? "no accelerator" : "the first accelerator")
                + (isNamed || order[i] != CpuName ? " that fits" : " fits");
            passed.AddRange(order[(i + 1)..].Select(b => new PassedDevice(b, $"comes after {device.Name}")));
            passed.AddRange(_plugins.Where(p => !order.Contains(p.Name)).Select(p => new PassedDevice(p.Name, Unasked(p.Name))));
            return new DeviceChoice(wish.Name.Length > 0 ? wish.Name : DeviceString.Auto, device, because, passed);
        }
        passed.AddRange(_plugins.Where(p => !order.Contains(p.Name)).Select(p => new PassedDevice(p.Name, Unasked(p.Name))));
        string mend = order.SelectMany(AbsencesOf).FirstOrDefault(a => a.Remedy.Length > 0) is { } known ? $"{known.Remedy}, or " : "";
        throw new DeviceNotUsableException("'auto' found no device.", passed.Count > 0 ? string.Join("; ", passed) : "there is no plugin",
            mend + (wish.Requirements.AskNothing ? "name a device, or lay a plugin beside the app. All devices and reasons: backends devices" : $"relax {OptionRules.Key("Requirements")}, or name a device"), "BK1102");
    }

    private const string CpuName = "cpu", ReferenceName = "reference";

    private string[] Order() => _settings.Preference.Count > 0 ? [.. _settings.Preference]
        : [.. _plugins.Select(p => p.Name).Where(n => n is not (CpuName or ReferenceName)), .. _absences.Where(a => IsAccelerator(a.Subject)).Select(a => a.Subject).Distinct(), CpuName];

    // A plugin that was refused before it was ever asked: its reason belongs among the others.
    private bool IsAccelerator(string subject) => ManifestReader.IsPluginName(subject) && subject is not (CpuName or ReferenceName) && _plugins.TrueForAll(p => p.Name != subject);

    private string Unasked(string backend) => _settings.Preference.Count > 0 ? $"is not in {OptionRules.Key("Preference")}" : "is chosen only by name";

    private Device? FirstThatFits(string backend, Wish wish, List<PassedDevice> passed)
    {
        foreach (var plugin in _plugins.Where(p => p.Name == backend)) Discover(plugin);
        var absences = AbsencesOf(backend);
        var offers = _offers.Where(o => o.Plugin.Name == backend && o.Slot.IsThere).ToArray();
        if (absences.Length == 0 && offers.Length == 0)
            passed.Add(new PassedDevice(backend, _plugins.Exists(p => p.Name == backend) ? "offers no device" : "no plugin of this name was found"));
        foreach (var offer in offers)
        {
            string? reason = Unwanted(offer) ?? Obstacle(offer, wish.Requirements);
            try
            {
                if (reason is null)
                {
                    var device = Open(offer, wish);
                    _chosenByAuto.Add(offer);
                    return device;
                }
            }
            catch (DeviceNotUsableException e)
            {
                reason = e.Id == "BK1002" || offer.Plugin.Fault is null ? e.Why.Split('\n')[0] : offer.Plugin.Fault.Text;
            }
            passed.Add(new PassedDevice(offer.Name, reason));
        }
        passed.AddRange(absences.Select(a => new PassedDevice(a.Subject, a.Text)));
        return null;
    }

    // Without an order of the app's own, what computes on the host's processor is no accelerator. And hardware that several plugins offer is opened
    // once: by the plugin that comes first (DIS-8).
    private string? Unwanted(OfferedDevice offer)
    {
        if (_settings.Preference.Count == 0 && offer.Info.Kind == DeviceKind.Cpu && offer.Plugin.Name != CpuName) return "is no accelerator, and is chosen only by name";
        return _chosenByAuto.Find(o => o.Plugin != offer.Plugin && OfferedDevice.IsSame(o.Info, offer.Info)) is { } same
            ? $"is the same hardware as {same.Name}, which is chosen already" : null;
    }

    private Absence[] AbsencesOf(string backend) => [.. AllAbsences.Where(a => a.Subject == backend || a.Subject.StartsWith(backend + ":", StringComparison.Ordinal))];

    // What a device lacks of what is required, in words; null: nothing.
    private static string? Obstacle(OfferedDevice offer, DeviceRequirements required)
    {
        if (offer.Plugin.Fault is { } fault) return fault.Text;
        if (offer.Opened is { IsLost: true }) return "it is lost";
        if (required.AskNothing) return null;
        var lacks = new List<string>();
        if (required.Memory > 0 && Capabilities.Memory(offer.Info) is var memory && (memory is null || memory < required.Memory))
            lacks.Add($"{(memory is { } known ? Sizes.Text(known) : "memory unknown")}, {Sizes.Text(required.Memory)} required");
        lacks.AddRange(required.DTypes.Where(d => (offer.Info.ComputedDTypes ?? offer.Info.StoredDTypes)?.Contains(d) == false).Select(d => $"lacks dtype {d.Name}"));
        lacks.AddRange(required.Features.Except(Capabilities.Features(offer.Info)).Select(f => $"lacks feature {f}{Capabilities.Nearest(f)}"));
        return lacks.Count == 0 ? null : string.Join(", ", lacks);
    }

    private void Report(DeviceChoice choice)
    {
        Report(HostEventKind.DeviceChosen, choice.Device.Name, $"chosen for '{choice.Asked}': {choice.Because}");
        foreach (var passed in choice.Passed) Report(HostEventKind.DevicePassed, passed.Device, passed.Reason);
    }
}
