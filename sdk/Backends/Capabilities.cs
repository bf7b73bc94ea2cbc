using Backends.Plugins;

namespace Backends;

/// <summary>What a device can do, in the words of a configuration.</summary>
internal static class Capabilities
{
    private static readonly (DeviceTraits Trait, string Name)[] s_features =
    [
        (DeviceTraits.Synchronous, "synchronous"), (DeviceTraits.LinearAddresses, "linear-addresses"), (DeviceTraits.HostAccessible, "host-accessible"), (DeviceTraits.Coherent, "coherent"), (DeviceTraits.Recoverable, "recoverable"),
    ];

    /// <summary>Its features, by name.</summary>
    public static IEnumerable<string> Features(DeviceInfo info) => s_features.Where(f => info.Traits.HasFlag(f.Trait)).Select(f => f.Name);

    /// <summary>What may have been meant by a feature that no device can have; empty for one that some have.</summary>
    public static string Nearest(string feature) => s_features.All(f => f.Name != feature) && Names.Nearest(feature, s_features.Select(f => f.Name)) is { } name ? $" (nearest: {name})" : "";

    /// <summary>Bytes of memory; null when unknown. A device that works in the host's memory has what this process may take of it.</summary>
    public static long? Memory(DeviceInfo info) => info.TotalMemory != ulong.MaxValue ? (long)Math.Min(info.TotalMemory, long.MaxValue)
        : info.Traits.HasFlag(DeviceTraits.Synchronous | DeviceTraits.HostAccessible) ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : null;

    /// <summary>For people: <c>opencl:0 (PoCL, 23.4 GiB)</c>.</summary>
    public static string Text(OfferedDevice offer) => $"{offer.Name} ({offer.Info.Name}{(Memory(offer.Info) is { } memory ? $", {Sizes.Text(memory)}" : "")})";
}
