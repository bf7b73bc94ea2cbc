using System.Globalization;
using Backends.Plugins;

namespace Backends;

/// <summary>What a host goes by: its options, checked and copied. Never changed, but swapped whole by a reload.</summary>
internal sealed record Settings
{
    public static Settings Default { get; } = From(new BackendsOptions());

    /// <summary>The default device: a name, or a device string.</summary>
    public required string Device { get; init; }
    public required IReadOnlyList<string> Preference { get; init; }
    public required DeviceRequirements Requirements { get; init; }
    public required IReadOnlyDictionary<string, Wish> Named { get; init; }
    public required FallbackPolicy Fallback { get; init; }
    public required IReadOnlyDictionary<string, FallbackPolicy> FallbackByOperator { get; init; }
    public required int Threads { get; init; }
    public required CacheLimit CacheLimit { get; init; }
    public required PluginSettings Plugins { get; init; }

    /// <summary>A copy of options that have no fault.</summary>
    public static Settings From(BackendsOptions options)
    {
        var requirements = Copy(options.Requirements);
        return new Settings
        {
            Device = options.Device.Trim(),
            Preference = [.. options.Preference.Select(p => p.ToLowerInvariant()).Distinct()],
            Requirements = requirements,
            Named = options.Devices.ToDictionary(d => d.Key, d => Wish.Of(d.Key, d.Value, requirements), StringComparer.OrdinalIgnoreCase),
            Fallback = options.Fallback,
            FallbackByOperator = options.FallbackByOperator.ToDictionary(StringComparer.OrdinalIgnoreCase),
            Threads = options.Threads,
            CacheLimit = options.CacheLimit,
            Plugins = new PluginSettings([.. options.Plugins.Directories], [.. options.Plugins.Disabled], options.Plugins.Trust, options.Plugins.TrustFile),
        };
    }

    /// <summary>What a text asks for: a name's settings, or the device string that it is.</summary>
    /// <param name="text">A name, <c>auto</c>, or a device string.</param>
    /// <param name="isConfigured">Whether the configuration says it, and not code.</param>
    public Wish WishFor(string text, bool isConfigured)
    {
        if (Named.TryGetValue(text.Trim(), out var named)) return named;
        var device = DeviceString.Parse(text);
        return new Wish("", device.IsAuto ? Requirements : new DeviceRequirements(), device, isConfigured);
    }

    /// <summary>How the configuration sets a device up that it names with options; null where it does not.</summary>
    public DeviceString? SetUp(OfferedDevice offer) => Named.Values.Select(w => w.Device).Concat(Named.ContainsKey(Device) ? [] : [DeviceString.Parse(Device)])
        .FirstOrDefault(d => d.Options.Count > 0 && d.Backend == offer.Plugin.Name && (d.Uuid == Guid.Empty ? d.Index == offer.Info.Ordinal : d.Uuid == offer.Info.Uuid));

    internal static DeviceRequirements Copy(DeviceRequirements from)
    {
        var copy = new DeviceRequirements { Memory = from.Memory };
        foreach (var dtype in from.DTypes) copy.DTypes.Add(dtype);
        foreach (string feature in from.Features) copy.Features.Add(feature.ToLowerInvariant());
        return copy;
    }
}

/// <summary>What the app wants of one device.</summary>
/// <param name="Name">Its name among the app's own; empty when it has none.</param>
/// <param name="Requirements">What it must have.</param>
/// <param name="Device">The device string, with all that the configuration adds to it.</param>
/// <param name="IsConfigured">Whether the configuration says it, and not code.</param>
internal sealed record Wish(string Name, DeviceRequirements Requirements, DeviceString Device, bool IsConfigured)
{
    public static Wish Of(string name, NamedDevice named, DeviceRequirements common)
    {
        var options = new Dictionary<string, string>();
        if (named.Fallback is { } fallback) options.Add("fallback", fallback.ToString().ToLowerInvariant());
        if (named.MemoryLimit is { } limit) options.Add("memory-limit", limit.ToString(CultureInfo.InvariantCulture));
        if (named.Determinism is { } class_) options.Add("determinism", class_ == Determinism.BatchInvariant ? "batch-invariant" : class_.ToString().ToLowerInvariant());
        var device = DeviceString.Parse(named.Device).With(named.Options).With(options);
        return new Wish(name, device.IsAuto && named.Requirements.AskNothing ? common : Settings.Copy(named.Requirements), device, true);
    }
}

/// <summary>The part that finding goes by: it is read once, when the host is made.</summary>
internal sealed record PluginSettings(IReadOnlyList<string> Directories, IReadOnlyList<string> Disabled, TrustMode Trust, string? TrustFile)
{
    // Lists have no equality of their own.
    public bool Equals(PluginSettings? other) => other is not null && Directories.SequenceEqual(other.Directories) && Disabled.SequenceEqual(other.Disabled, StringComparer.OrdinalIgnoreCase)
        && Trust == other.Trust && TrustFile == other.TrustFile;

    public override int GetHashCode() => HashCode.Combine(Directories.Count, Disabled.Count, Trust, TrustFile);

    public PluginRules ToRules() => new() { Disabled = Disabled, Trust = Trust, TrustFile = TrustFile is null ? null : FromApp(TrustFile) };

    /// <summary>A path of the configuration: relative to the app, never to the current directory (MAN-7).</summary>
    public static string FromApp(string path) => Path.GetFullPath(path, AppContext.BaseDirectory);
}
