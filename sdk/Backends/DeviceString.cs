using System.Globalization;
using Backends.Plugins;

namespace Backends;

/// <summary>How a device is written: <c>backend [":" (index | uuid)] ["?" option *("&amp;" option)]</c>, an option being <c>key=value</c>; case of the name is ignored.</summary>
/// <param name="Backend">The backend's name.</param>
/// <param name="Index">The device's number.</param>
/// <param name="Options">What follows the question mark.</param>
internal sealed record DeviceString(string Backend, int Index, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>The word that leaves the choice to the host.</summary>
    public const string Auto = "auto";

    // Names of options that are the host's own and work on every device.
    private static readonly string[] s_own = ["determinism", "fallback", "memory-limit"];

    /// <summary>The device without its options, for example <c>cuda:0</c>.</summary>
    public string Name => IsAuto ? Auto : Uuid != Guid.Empty ? $"{Backend}:{Uuid}" : $"{Backend}:{Index}";

    /// <summary>The hardware itself, whatever its number is today (DIS-7); empty: <see cref="Index"/> says which.</summary>
    public Guid Uuid { get; init; }

    public bool IsAuto => Backend == Auto;

    /// <exception cref="DeviceNotUsableException">BK1002: it is no device string.</exception>
    public static DeviceString Parse(string text)
    {
        string[] parts = text.Trim().Split('?', 2);
        string[] head = parts[0].ToLowerInvariant().Split(':', 2);
        int index = 0, column = text.Length - text.TrimStart().Length + 1;
        if (head[0].Length == 0 || !char.IsAsciiLetter(head[0][0])) throw Wrong(text, $"a backend's name starts with a letter (column {column})");
        if (!ManifestReader.IsPluginName(head[0]))
            throw Wrong(text, $"a backend's name has letters, digits and '-', at most 32 (column {column + Math.Min(32, head[0].TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '-').Count())})");
        column += head[0].Length + 1;
        var uuid = Guid.Empty;
        if (head.Length > 1 && !int.TryParse(head[1], NumberStyles.None, CultureInfo.InvariantCulture, out index) && !(Guid.TryParseExact(head[1], "D", out uuid) && uuid != Guid.Empty)) throw Wrong(text, $"'{head[1]}' is no device's number (column {column})");
        if (head.Length > 1 && head[0] == Auto) throw Wrong(text, $"auto has no numbers (column {column})", "write auto, or a device such as cuda:0; order belongs in Backends:Preference");
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);   // in any order they ask for the same
        if (parts.Length > 1)
            foreach (string option in parts[1].Split('&'))
            {
                string[] pair = option.Split('=', 2);
                if (pair.Length < 2 || pair[0].Length == 0) throw Wrong(text, $"'{option}' is no key=value");
                if (!options.TryAdd(pair[0].ToLowerInvariant(), pair[1])) throw Wrong(text, $"'{pair[0]}' is given twice");
            }
        return new DeviceString(head[0], index, options) { Uuid = uuid };
    }

    /// <summary>The same device with more options; one that it has already is refused.</summary>
    public DeviceString With(IEnumerable<KeyValuePair<string, string>> more)
    {
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Options) options.Add(key, value);
        foreach (var (key, value) in more)
            if (!options.TryAdd(key.ToLowerInvariant(), value)) throw Wrong(ToString(), $"'{key}' is given twice");
        return this with { Options = options };
    }

    /// <summary>What is for the host and what for the device; a name that neither knows is refused (DIS-9).</summary>
    /// <exception cref="DeviceNotUsableException">BK1002, with the nearest known name.</exception>
    public (HostOptions Host, Dictionary<string, string> Device) Split(IReadOnlyList<string> known)
    {
        var host = new HostOptions();
        var device = new Dictionary<string, string>();
        foreach (var (key, value) in Options)
            if (key == "memory-limit") host = host with { MemoryLimit = Sizes.Parse(value) ?? throw Wrong(ToString(), $"memory-limit is '{value}'", "write for example 64MiB or 2GiB") };
            else if (key == "fallback") host = host with { Fallback = Word<FallbackPolicy>(value) ?? throw Wrong(ToString(), $"fallback is '{value}'", "write allow, warn or deny") };
            else if (key == "determinism") host = host with { Determinism = Word<Determinism>(value.Replace("-", "", StringComparison.Ordinal)) ?? throw Wrong(ToString(), $"determinism is '{value}'", "write varying, bitwise or batch-invariant") };
            else if (known.Contains(key)) device.Add(key, value);
            else throw Unknown(key, known);
        return (host, device);
    }

    /// <summary>Refuses values of the host's own options that make no sense; those of the device are not known yet.</summary>
    public void CheckOwnOptions() => Split([.. Options.Keys.Except(s_own)]);

    /// <inheritdoc/>
    public override string ToString() => Options.Count == 0 ? Name : $"{Name}?{string.Join('&', Options.Select(o => $"{o.Key}={o.Value}"))}";

    /// <summary>A word of an enumeration, in any case; numbers and lists are none.</summary>
    internal static T? Word<T>(string text) where T : struct, Enum =>
        Enum.TryParse(text, true, out T value) && text.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase) ? value : null;

    private DeviceNotUsableException Unknown(string key, IReadOnlyList<string> known)
    {
        string[] all = [.. known.Concat(s_own).Order(StringComparer.Ordinal)];
        string nearest = Names.Nearest(key, all) is { } name ? $"; nearest: {name}" : "";
        return Wrong(ToString(), $"{Name} has no option '{key}'; it has: {string.Join(" ", all)}{nearest}", "correct the option's name");
    }

    private static DeviceNotUsableException Wrong(string text, string why, string remedy = "for example cuda:0, or opencl:1?profiling=on") => new($"'{text}' is no device string.", why, remedy, "BK1002");
}

/// <summary>The options of a device string that are the host's own, and what the host adds to them.</summary>
internal sealed record HostOptions
{
    /// <summary>The most bytes that the host takes of the device.</summary>
    public long MemoryLimit { get; init; } = long.MaxValue;

    /// <summary>The device's policy; null: the host's.</summary>
    public FallbackPolicy? Fallback { get; init; }

    /// <summary>The least class that kernels must have (RND-5).</summary>
    public Determinism Determinism { get; init; }

    /// <summary>What freed memory may be kept.</summary>
    public CacheLimit CacheLimit { get; init; } = CacheLimit.Default;

    /// <summary>Whether the configuration says so: then a policy set in code stands before it (FAL-1).</summary>
    public bool IsConfigured { get; init; }
}
