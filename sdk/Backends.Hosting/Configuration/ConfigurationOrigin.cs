using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Backends.Hosting;

/// <summary>Where a value of a configuration comes from: for texts, and because environment and command line may not loosen trust (MAN-6).</summary>
internal static class ConfigurationOrigin
{
    /// <summary>The place where somebody can correct a key, in words.</summary>
    public static string Of(IConfiguration configuration, string path)
    {
        var provider = Providers(configuration).Reverse().FirstOrDefault(p => Has(p, path));
        return provider switch
        {
            EnvironmentVariablesConfigurationProvider => $"the environment variable {path.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()}",
            CommandLineConfigurationProvider or ArgumentsProvider => "the command line",
            FileConfigurationProvider { Source.Path: { } file } => file,
            _ => "the configuration",
        };
    }

    /// <summary>Whether it is set from outside of the app's own files and code: by whoever starts the process.</summary>
    public static bool IsOutside(IConfigurationProvider provider) => provider is EnvironmentVariablesConfigurationProvider or CommandLineConfigurationProvider or ArgumentsProvider;

    /// <summary>All providers in the order in which they override each other.</summary>
    public static IEnumerable<IConfigurationProvider> Providers(IConfiguration configuration) => configuration is not IConfigurationRoot root ? []
        : root.Providers.SelectMany(p => p is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? Providers(inner) : [p]);

    private static bool Has(IConfigurationProvider provider, string path) => provider.TryGet(path, out _) || provider.GetChildKeys([], path).Any();
}
