using Microsoft.Extensions.Configuration;

namespace Backends.Hosting;

/// <summary>The part of a command line that is for the host: <c>--device X</c> and <c>--Backends:Key value</c>, with <c>=</c> or without. All else is the app's.</summary>
/// <remarks>The configuration library's own reader takes the word after every <c>--flag</c> as its value: an app's <c>--verbose --device cpu</c> would lose the device.</remarks>
internal sealed class Arguments(IReadOnlyList<string> args) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new ArgumentsProvider(Read());

    private Dictionary<string, string?> Read()
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < args.Count && args[i] != "--"; i++)
        {
            string[] pair = args[i].Split('=', 2);
            if (Key(pair[0]) is not { } key) continue;
            values[key] = pair.Length == 2 ? pair[1] : i + 1 < args.Count ? args[++i] : "";
        }
        return values;
    }

    private static string? Key(string word) => word.Equals("--device", StringComparison.OrdinalIgnoreCase) ? OptionRules.Key("Device")
        : word.StartsWith($"--{OptionRules.Section}:", StringComparison.OrdinalIgnoreCase) ? word[2..] : null;
}

/// <summary>What <see cref="Arguments"/> read.</summary>
internal sealed class ArgumentsProvider : ConfigurationProvider
{
    public ArgumentsProvider(Dictionary<string, string?> values) => Data = values;
}
