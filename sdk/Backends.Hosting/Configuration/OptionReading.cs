using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Backends.Hosting;

/// <summary>One reading of a configuration into options: collects every fault, each with its key and the place to correct it.</summary>
internal sealed class OptionReading(IConfiguration configuration)
{
    private readonly List<OptionFault> _faults = [];

    /// <summary>Reads section <c>Backends</c> into options.</summary>
    /// <exception cref="OptionsValidationException">BK1001, BK1002: with every fault.</exception>
    public static void Read(IConfiguration configuration, BackendsOptions options)
    {
        var reading = new OptionReading(configuration);
        bool isRequiredInCode = TrustGuard.IsRequiredInCode(options);
        OptionKeys.All.Read(reading, configuration.GetSection(OptionRules.Section), options);
        reading._faults.AddRange(TrustGuard.Check(configuration, options, isRequiredInCode));
        // What a key's own form forbids is said once.
        foreach (var fault in OptionRules.Check(options))
            if (!reading._faults.Exists(f => f.Key == fault.Key)) reading._faults.Add(fault with { Remedy = $"{fault.Remedy}; it stands in {ConfigurationOrigin.Of(configuration, fault.Key)}" });
        ThrowIfAny(reading._faults);
    }

    /// <summary>Throws what is wrong, if anything is.</summary>
    public static void ThrowIfAny(IReadOnlyCollection<OptionFault> faults)
    {
        if (faults.Count > 0) throw Exception(faults.Select(f => f.ToString()));
    }

    /// <summary>The exception of all faults. Its message joins them by "; ": each one begins a line of its own all the same.</summary>
    public static OptionsValidationException Exception(IEnumerable<string> messages) => new(OptionRules.Section, typeof(BackendsOptions), messages.Select((m, i) => i == 0 ? m : $"\n{m}"));

    /// <summary>Takes a single value; null, as JSON can say, means the default.</summary>
    public void Value(IConfigurationSection section, OptionForm form, Func<string, bool> take)
    {
        if (section.GetChildren().Any()) Fault(section, "an object or a list", form.Words, $"write for example {form.Example}");
        else if (section.Value is { } value && !take(value.Trim())) Fault(section, value, form.Words, $"write for example {form.Example}");
    }

    /// <summary>What lies below; a single value in its place is a fault.</summary>
    public IEnumerable<IConfigurationSection> Children(IConfigurationSection section, string words, string example)
    {
        // An empty list or object of JSON comes as an empty text.
        if (!string.IsNullOrEmpty(section.Value)) Fault(section, section.Value, words, $"write for example {example}");
        return section.GetChildren();
    }

    /// <summary>A key that nobody knows.</summary>
    public void Unknown(IConfigurationSection section, IEnumerable<string> known)
    {
        string path = Below(section.Path), origin = ConfigurationOrigin.Of(configuration, section.Path);
        string[] parts = path.Split(':');
        string general = parts.Length == 3 && parts[0].Equals("Devices", StringComparison.OrdinalIgnoreCase) ? $"Devices:*:{parts[2]}" : path;
        if (OptionKeys.NotYet.TryGetValue(general, out string? why)) _faults.Add(new OptionFault("BK1001", OptionRules.Key(path), $"{OptionRules.Key(path)} is not known yet.", why, $"take it out of {origin}"));
        else _faults.Add(new OptionFault("BK1001", OptionRules.Key(path), $"{OptionRules.Key(path)} is no known key.",
            Names.Nearest(section.Key, known) is { } nearest ? $"nearest: {nearest}" : $"known: {string.Join(" ", known)}", $"correct it in {origin}"));
    }

    private void Fault(IConfigurationSection section, string value, string words, string remedy)
    {
        string key = section.Path.Length == OptionRules.Section.Length ? OptionRules.Section : OptionRules.Key(Below(section.Path));
        _faults.Add(new OptionFault("BK1001", key, $"{key} is '{value}'.", words, $"{remedy}; it stands in {ConfigurationOrigin.Of(configuration, section.Path)}"));
    }

    // Environment variables come in capitals: the section's own name is written as everywhere.
    private static string Below(string path) => path[(OptionRules.Section.Length + 1)..];
}
