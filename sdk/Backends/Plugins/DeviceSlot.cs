namespace Backends.Plugins;

/// <summary>
/// A place among a backend's devices. Its ordinal is fixed by the first discovery in the process: what vanishes keeps it, what comes back gets it
/// again, what appears gets the next (DIS-7). All hosts share the device in it (OBJ-1); the plugin's lock is held by whoever calls.
/// </summary>
internal sealed class DeviceSlot
{
    private OpenedDevice? _opened;

    private DeviceSlot(string name) => Name = name;

    /// <summary>The name, for example <c>acme:1</c>.</summary>
    public string Name { get; }

    /// <summary>What the device said of itself when it was offered, and the ordinal.</summary>
    public DeviceInfo Info { get; private set; } = null!;

    /// <summary>The device; null when it is not there, or nobody has asked yet.</summary>
    public BackendDevice? Device { get; private set; }

    /// <summary>Whether the last discovery saw it.</summary>
    public bool IsThere { get; private set; }

    /// <summary>The places after a discovery: known hardware keeps its own, also across the backend's end and next begin.</summary>
    public static IReadOnlyList<DeviceSlot> Merge(string backend, IReadOnlyList<DeviceSlot> known, IReadOnlyList<BackendDevice> offers, HostServices services)
    {
        var slots = new List<DeviceSlot>(known);
        var there = new HashSet<DeviceSlot>();
        foreach (var device in offers)
        {
            var slot = known.FirstOrDefault(s => !there.Contains(s) && s.IsOf(device.Info));
            if (slot is null) slots.Add(slot = new DeviceSlot($"{backend}:{slots.Count}"));
            there.Add(slot);
            device.Host = services;
            slot.Take(device, slots.IndexOf(slot));
        }
        foreach (var slot in slots)
            if (!there.Contains(slot)) slot.Forget();
        return slots;
    }

    /// <summary>The device object is gone with its backend, or has vanished; the ordinal stays.</summary>
    public void Forget()
    {
        IsThere = false;
        if (_opened is null) Device = null;
    }

    public OpenedDevice Open(LivePlugin plugin, IReadOnlyDictionary<string, string> options)
    {
        string asked = string.Join('&', options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}"));
        if (_opened is { } open)
        {
            if (open.Options != asked)
                throw new DeviceNotUsableException($"Device '{Name}' cannot be used.", $"this process has it open already, {Words(open.Options)}, not {Words(asked)}", "ask for the same options, or close the other host first");
            open.Users++;
            return open;
        }
        var device = Device ?? throw new BackendException(BackendStatus.DeviceLost, "it has vanished");
        var kernels = device.Open(options);
        if (!Snapshot(device.Info, Info.Ordinal).Equals(Info))
        {
            if (plugin.Fault is null) device.Close();
            throw new BackendException(BackendStatus.Internal, "it says something else of itself after it was opened than before (DIS-5)");
        }
        return _opened = new OpenedDevice(this, device, kernels, asked) { Users = 1 };

        static string Words(string options) => options.Length == 0 ? "without options" : $"with {options}";
    }

    public void Close(LivePlugin plugin)
    {
        if (_opened is not { } open || --open.Users > 0) return;
        _opened = null;
        if (!IsThere) Device = null;
        if (plugin.Fault is null) open.Device.Close();
    }

    // The lists are the vendor's: copied, so that what was said cannot change.
    private static DeviceInfo Snapshot(DeviceInfo info, int ordinal) => info with
    {
        Ordinal = ordinal,
        StoredDTypes = info.StoredDTypes is { } stored ? [.. stored] : null,
        ComputedDTypes = info.ComputedDTypes is { } computed ? [.. computed] : null,
        Options = [.. info.Options],
        FlushesSubnormals = [.. info.FlushesSubnormals],
    };

    // The uuid says it; without one the PCI address; without either the name, in order (DIS-6).
    private bool IsOf(DeviceInfo info) =>
        Info.Uuid != Guid.Empty || info.Uuid != Guid.Empty ? Info.Uuid == info.Uuid
        : Info.PciAddress.Length > 0 || info.PciAddress.Length > 0 ? Info.PciAddress.Equals(info.PciAddress, StringComparison.OrdinalIgnoreCase)
        : Info.Name == info.Name;

    // One that is open stays the object that it is.
    private void Take(BackendDevice device, int ordinal)
    {
        IsThere = true;
        if (_opened is not null) return;
        (Device, Info) = (device, Snapshot(device.Info, ordinal));
    }
}

/// <summary>A device that is open, for all hosts that use it.</summary>
/// <param name="Slot">Its place.</param>
/// <param name="Device">The plugin's object.</param>
/// <param name="Kernels">The kernels that it gave.</param>
/// <param name="Options">What it was opened with, in order of names.</param>
internal sealed record OpenedDevice(DeviceSlot Slot, BackendDevice Device, KernelList Kernels, string Options)
{
    /// <summary>How many hosts use it.</summary>
    public int Users { get; set; }
}
