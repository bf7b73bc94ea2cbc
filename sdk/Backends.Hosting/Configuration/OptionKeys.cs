using Microsoft.Extensions.Configuration;

namespace Backends.Hosting;

/// <summary>
/// Every key of section <c>Backends</c>: what it means, its default, its form, and where its value goes. Reading, the texts of errors, the JSON schema
/// and the table of docs/app.md are made from this one list.
/// </summary>
internal static class OptionKeys
{
    /// <summary>Keys that later versions will have, and what to do meanwhile: they are refused, never ignored.</summary>
    public static IReadOnlyDictionary<string, string> NotYet { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Layers"] = "layers come with a later version", ["Profiler"] = "the profiler comes with a later version", ["Validation"] = "the validation layer comes with a later version",
        ["Precision"] = "precision modes come with a later version; until then every device is strict", ["OnDeviceLost"] = "failover comes with a later version; until then a lost device fails",
        ["Devices:*:Precision"] = "precision modes come with a later version; until then every device is strict", ["Plugins:Options"] = "options for discovery come with a later version",
    };

    private static OptionGroup<DeviceRequirements> Requirements { get; } = new OptionGroup<DeviceRequirements>()
        .Value("Memory", "any", "Bytes of memory that a device must have.", OptionForm.Bytes, (r, v) => Set(Sizes.Parse(v), n => r.Memory = n))
        .List("DTypes", "any", "Dtypes that it must compute with.", OptionForm.DType, (r, v) => DTypes.TryParse(v, out var dtype) && Add(r.DTypes, dtype), r => r.DTypes.Clear())
        .List("Features", "none", "Features that it must have.", OptionForm.Feature, (r, v) => Add(r.Features, v), r => r.Features.Clear());

    private static OptionGroup<NamedDevice> Device { get; } = new OptionGroup<NamedDevice>()
        .Value("Device", "auto", "A device string, or auto.", OptionForm.Device, (d, v) => Set(v, t => d.Device = t))
        .Group("Requirements", "for auto those of all, else none", "What this device must have.", Requirements, d => d.Requirements)
        .Value("Fallback", "that of all", "What happens on it to an operator with neither kernel nor decomposition.", OptionForm.Policy, (d, v) => Set(OptionForm.Word<FallbackPolicy>(v), p => d.Fallback = p))
        .Value("MemoryLimit", "all", "The most bytes that the host takes of it.", OptionForm.Bytes, (d, v) => Set(Sizes.Parse(v), n => d.MemoryLimit = n))
        .Value("Determinism", "Varying", "How far results must repeat bit by bit; other kernels are no candidates.", OptionForm.Determinism, (d, v) => Set(OptionForm.Word<Plugins.Determinism>(v), c => d.Determinism = c))
        .Map("Options", "none", "Options that the device declares, as in a device string.", OptionForm.Any, (d, k, v) => Set(OptionForm.Plain(v), t => d.Options[k] = t));

    private static OptionGroup<PluginOptions> Plugins { get; } = new OptionGroup<PluginOptions>()
        .List("Directories", "backends", "Folders of plugins, relative to the app's folder.", OptionForm.Path, (p, v) => Add(p.Directories, v), p => p.Directories.Clear())
        .List("Disabled", "none", "Backends that are never loaded.", OptionForm.Backend, (p, v) => Add(p.Disabled, v), p => p.Disabled.Clear())
        .Value("Trust", "Off", "Required: only plugins that the trust file pins are loaded.", OptionForm.Trust, (p, v) => Set(OptionForm.Word<TrustMode>(v), t => p.ReadTrust(t)))
        .Value("TrustFile", "backends.trust.json", "The trust file, relative to the app's folder.", OptionForm.Path, (p, v) => Set(v, t => p.TrustFile = t));

    /// <summary>The whole section.</summary>
    public static OptionGroup<BackendsOptions> All { get; } = new OptionGroup<BackendsOptions>()
        .Value("Device", "auto", "The default device: a device string, a name of Devices, or auto.", OptionForm.Device, (o, v) => Set(v, t => o.Device = t))
        .List("Preference", "accelerators, then cpu", "The backends that auto tries, in order.", OptionForm.Backend, (o, v) => Add(o.Preference, v), o => o.Preference.Clear())
        .Group("Requirements", "none", "What auto insists on.", Requirements, o => o.Requirements)
        .Groups("Devices", "none", "Devices by names of the app's own.", Device, (o, name) => o.Devices.TryGetValue(name, out var known) ? known : o.Devices[name] = new NamedDevice())
        .Value("Fallback", "Warn", "What happens to an operator with neither kernel nor decomposition.", OptionForm.Policy, (o, v) => Set(OptionForm.Word<FallbackPolicy>(v), p => o.Fallback = p))
        .Map("FallbackByOperator", "none", "The same for single operators, before the device's policy.", OptionForm.Policy, (o, k, v) => Set(OptionForm.Word<FallbackPolicy>(v), p => o.FallbackByOperator[k] = p))
        .Group("Plugins", "", "Which plugins are found, and which of them may load.", Plugins, o => o.Plugins)
        .Value("Threads", "0", "Threads of CPU kernels; 0: all processors.", OptionForm.Threads, (o, v) => Set(OptionForm.Number(v), n => o.Threads = n))
        .Value("CacheLimit", "25%", "How much freed memory of a device is kept for reuse.", OptionForm.Cache, (o, v) => CacheLimit.TryParse(v, out var limit) && Set<CacheLimit>(limit, l => o.CacheLimit = l));

    private static bool Set<T>(T? value, Action<T> set) where T : struct
    {
        if (value is { } known) set(known);
        return value is not null;
    }

    private static bool Set(string value, Action<string> set)
    {
        set(value);
        return value.Length > 0;
    }

    private static bool Add<T>(IList<T> list, T item)
    {
        list.Add(item);
        return item is not "";
    }
}
