using System.Globalization;
using Backends.Plugins;

namespace Backends;

/// <summary>How a device is written: <c>backend [":" index] ["?" option *("&amp;" option)]</c>, an option being <c>key=value</c>; case of the name is ignored.</summary>
/// <param name="Backend">The backend's name.</param>
/// <param name="Index">The device's number.</param>
/// <param name="Options">What follows the question mark.</param>
internal sealed record DeviceString(string Backend, int Index, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>The device without its options, for example <c>cuda:0</c>.</summary>
    public string Name => $"{Backend}:{Index}";

    /// <exception cref="DeviceNotUsableException">BK1002: it is no device string.</exception>
    public static DeviceString Parse(string text)
    {
        string[] parts = text.Trim().Split('?', 2);
        string[] head = parts[0].ToLowerInvariant().Split(':', 2);
        int index = 0;
        if (!ManifestReader.IsPluginName(head[0])) throw Wrong(text, "a backend's name starts with a letter, then letters, digits and '-' follow");
        if (head.Length > 1 && !int.TryParse(head[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)) throw Wrong(text, $"'{head[1]}' is no device's number");
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);   // in any order they ask for the same
        if (parts.Length > 1)
            foreach (string option in parts[1].Split('&'))
            {
                string[] pair = option.Split('=', 2);
                if (pair.Length < 2 || pair[0].Length == 0) throw Wrong(text, $"'{option}' is no key=value");
                if (!options.TryAdd(pair[0].ToLowerInvariant(), pair[1])) throw Wrong(text, $"'{pair[0]}' is given twice");
            }
        return new DeviceString(head[0], index, options);
    }

    /// <summary>What is for the host and what for the device; a name that neither knows is refused (DIS-9).</summary>
    /// <exception cref="DeviceNotUsableException">BK1002, with the nearest known name.</exception>
    public (HostOptions Host, IReadOnlyDictionary<string, string> Device) Split(IReadOnlyList<string> known)
    {
        var host = new HostOptions();
        var device = new Dictionary<string, string>();
        foreach (var (key, value) in Options)
            if (key == "memory-limit") host = host with { MemoryLimit = Bytes(value) ?? throw Wrong(ToString(), $"memory-limit is '{value}'", "write for example 64MiB or 2GiB") };
            else if (key == "fallback") host = host with { Fallback = Enum.TryParse(value, true, out FallbackPolicy policy) && value.Equals(policy.ToString(), StringComparison.OrdinalIgnoreCase) ? policy : throw Wrong(ToString(), $"fallback is '{value}'", "write allow, warn or deny") };
            else if (known.Contains(key)) device.Add(key, value);
            else throw Wrong(ToString(), $"{Name} has no option '{key}'; it has: {string.Join(" ", known.Concat(["memory-limit", "fallback"]).Order(StringComparer.Ordinal))}", "correct the option's name");
        return (host, device);
    }

    /// <inheritdoc/>
    public override string ToString() => Options.Count == 0 ? Name : $"{Name}?{string.Join('&', Options.Select(o => $"{o.Key}={o.Value}"))}";

    // A number of bytes as people write it: 4096, 64KiB, 64MiB, 2GiB.
    private static long? Bytes(string text)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        int digits = text.TakeWhile(char.IsAsciiDigit).Count(), unit = digits == text.Length ? 0 : Array.FindIndex(units, u => u.Equals(text[digits..], StringComparison.OrdinalIgnoreCase));
        return unit >= 0 && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 && number <= long.MaxValue >> 10 * unit
            ? number << 10 * unit : null;
    }

    private static DeviceNotUsableException Wrong(string text, string why, string remedy = "for example cuda:0, or opencl:1?profiling=on") => new($"'{text}' is no device string.", why, remedy, "BK1002");
}

/// <summary>The options of a device string that are the host's own.</summary>
internal sealed record HostOptions
{
    /// <summary>The most bytes that the host takes of the device.</summary>
    public long MemoryLimit { get; init; } = long.MaxValue;

    /// <summary>The device's policy; null: the host's.</summary>
    public FallbackPolicy? Fallback { get; init; }
}
