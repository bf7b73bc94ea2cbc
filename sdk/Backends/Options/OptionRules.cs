using Backends.Plugins;

namespace Backends;

/// <summary>One thing that is wrong with options, in the form of all errors.</summary>
/// <param name="Id">BK1001 or BK1002.</param>
/// <param name="Key">Where, for example <c>Backends:Devices:encoder:Device</c>.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Why">The reason.</param>
/// <param name="Remedy">What the reader can do.</param>
internal sealed record OptionFault(string Id, string Key, string What, string Why, string Remedy)
{
    public BackendException ToException() => new(Id, What, Why, Remedy);

    public override string ToString() => ToException().Message;
}

/// <summary>What options must keep to, wherever they come from. Faults name the key, as a configuration has it.</summary>
internal static class OptionRules
{
    public const string Section = "Backends";

    public static IEnumerable<OptionFault> Check(BackendsOptions options)
    {
        var faults = new List<OptionFault>();
        foreach (var (name, device) in options.Devices) faults.AddRange(CheckNamed(name, device, options));
        if (!options.Devices.ContainsKey(options.Device.Trim())) Add(faults, CheckDevice("Device", options.Device));
        for (int i = 0; i < options.Preference.Count; i++) Add(faults, CheckBackend($"Preference:{i}", options.Preference[i]));
        for (int i = 0; i < options.Plugins.Disabled.Count; i++) Add(faults, CheckBackend($"Plugins:Disabled:{i}", options.Plugins.Disabled[i]));
        Add(faults, CheckMemory("Requirements", options.Requirements));
        foreach (var (op, policy) in options.FallbackByOperator)
        {
            Add(faults, CheckOperator(op));
            Add(faults, CheckWord($"FallbackByOperator:{op}", policy));
        }
        Add(faults, CheckWord("Fallback", options.Fallback));
        Add(faults, CheckWord("Plugins:Trust", options.Plugins.Trust));
        if (options.Threads is < 0 or > BackendsOptions.MostThreads)
            faults.Add(Wrong("Threads", $"{options.Threads}", $"it is 0 (all processors) to {BackendsOptions.MostThreads}", "correct it"));
        if (faults.Count == 0) Add(faults, TwoWays(options));
        return faults;
    }

    /// <summary>Names of devices that are a backend's: what they ask for could be either.</summary>
    public static OptionFault? NameOfBackend(IEnumerable<string> names, IEnumerable<string> backends) =>
        names.FirstOrDefault(n => backends.Contains(n, StringComparer.OrdinalIgnoreCase)) is { } name
            ? new OptionFault("BK1001", Key($"Devices:{name}"), $"{Key("Devices")} has a name '{name}'.", "a backend has this name", "choose another name for the device") : null;

    public static OptionFault Wrong(string key, string value, string why, string remedy) => new("BK1001", Key(key), $"{Key(key)} is '{value}'.", why, remedy);

    public static string Key(string key) => $"{Section}:{key}";

    private static void Add(List<OptionFault> faults, OptionFault? fault)
    {
        if (fault is not null) faults.Add(fault);
    }

    private static IEnumerable<OptionFault> CheckNamed(string name, NamedDevice device, BackendsOptions options)
    {
        string key = $"Devices:{name}";
        if (!ManifestReader.IsPluginName(name.ToLowerInvariant()) || name.Equals(DeviceString.Auto, StringComparison.OrdinalIgnoreCase))
            yield return new OptionFault("BK1001", Key(key), $"{Key("Devices")} has a name '{name}'.", "a name is a letter and at most 31 letters, digits and '-', and not auto", "choose another name for the device");
        if (device.MemoryLimit is <= 0) yield return Wrong($"{key}:MemoryLimit", $"{device.MemoryLimit}", "it is 1 byte or more", "leave it out, or write for example 4GiB");
        if (options.Devices.ContainsKey(device.Device.Trim()))
            yield return Wrong($"{key}:Device", device.Device, "it names another name", "name the device itself, for example cuda:0");
        if (CheckMemory($"{key}:Requirements", device.Requirements) is { } memory) yield return memory;
        if (CheckWord($"{key}:Fallback", device.Fallback ?? default) is { } policy) yield return policy;
        if (CheckWord($"{key}:Determinism", device.Determinism ?? default) is { } determinism) yield return determinism;
        if (CheckDevice($"{key}:Device", device.Device, device) is { } wrong) yield return wrong;
    }

    private static OptionFault? CheckDevice(string key, string text, NamedDevice? named = null)
    {
        try
        {
            var device = named is { MemoryLimit: not <= 0 } ? Wish.Of("", named, named.Requirements).Device : DeviceString.Parse(text);
            device.CheckOwnOptions();
            return null;
        }
        catch (DeviceNotUsableException e)
        {
            return new OptionFault(e.Id, Key(key), $"{Key(key)}: {e.What}", e.Why, e.Remedy);
        }
    }

    private static OptionFault? CheckBackend(string key, string name) => ManifestReader.IsPluginName(name.ToLowerInvariant()) && !name.Equals(DeviceString.Auto, StringComparison.OrdinalIgnoreCase)
        ? null : Wrong(key, name, "it is no backend's name", "write a backend's name alone, for example cuda");

    // Code can cast any number, and one that nobody knows would be taken for the mildest.
    private static OptionFault? CheckWord<T>(string key, T word) where T : struct, Enum =>
        Enum.IsDefined(word) ? null : Wrong(key, $"{word}", $"it is one of {string.Join(", ", Enum.GetNames<T>())}", "choose one of them");

    private static OptionFault? CheckMemory(string key, DeviceRequirements requirements) =>
        requirements.Memory < 0 ? Wrong($"{key}:Memory", $"{requirements.Memory}", "it is 0 (any) or more", "write for example 8GiB") : null;

    private static OptionFault? CheckOperator(string name)
    {
        if (CoreOperators.All.Any(o => o.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) return null;
        string why = Names.Nearest(name, CoreOperators.All.Select(o => o.Name)) is { } nearest ? $"nearest: {nearest}" : "docs/operators.md lists them";
        return new OptionFault("BK1001", Key($"FallbackByOperator:{name}"), $"{Key("FallbackByOperator")}: there is no operator '{name}'.", why, "correct it");
    }

    // A device is opened once, with one set of options: who comes second would get the first one's, or an error, by the order of opening.
    private static OptionFault? TwoWays(BackendsOptions options)
    {
        var all = options.Devices.Select(d => (Key: $"Devices:{d.Key}", Wish.Of(d.Key, d.Value, options.Requirements).Device)).ToList();
        if (!options.Devices.ContainsKey(options.Device.Trim())) all.Add(("Device", DeviceString.Parse(options.Device)));
        foreach (var group in all.Where(a => !a.Device.IsAuto).GroupBy(a => a.Device.Name))
            if (group.FirstOrDefault(g => g.Device.ToString() != group.First().Device.ToString()) is { Device: not null } other)
                return new OptionFault("BK1001", Key(other.Key), $"{Key(group.First().Key)} and {Key(other.Key)} open {group.Key} in two ways.",
                    $"{group.First().Device} and {other.Device}: a device is opened once", "ask for the same options, or for another device");
        return null;
    }
}
