using Microsoft.Extensions.Configuration;

namespace Backends.Hosting;

/// <summary>
/// Environment and command line may tighten trust, never loosen it (MAN-6). What they may not do is an error and not passed over: whoever set it
/// believes that it holds. Files and code are the app's own, and decide.
/// </summary>
internal static class TrustGuard
{
    public static IEnumerable<OptionFault> Check(IConfiguration configuration, BackendsOptions options, bool isRequiredInCode)
    {
        var outside = ConfigurationOrigin.Providers(configuration).ToLookup(ConfigurationOrigin.IsOutside);
        var (own, foreign) = (outside[false].ToArray(), outside[true].ToArray());
        // A list's entry is overridden by index: what the app's own configuration disables stays so.
        foreach (string path in Below(own, Key("Disabled")))
            if (Value(own, path) is { Length: > 0 } name && !options.Plugins.Disabled.Contains(name, StringComparer.OrdinalIgnoreCase)) options.Plugins.Disabled.Add(name);
        if (!isRequiredInCode && OptionForm.Word<TrustMode>(Value(own, Key("Trust"))?.Trim() ?? "") != TrustMode.Required) yield break;
        if (options.Plugins.Trust != TrustMode.Required)
        {
            if (Value(foreign, Key("Trust")) is null) yield break;   // the app's own files take back what its code said before
            yield return Loosened(configuration, Key("Trust"));
        }
        foreach (var fault in CheckPlaces(configuration)) yield return fault;
    }

    /// <summary>Whether code requires trust, whatever a configuration says before it.</summary>
    public static bool IsRequiredInCode(BackendsOptions options) => options.Plugins is { Trust: TrustMode.Required, IsTrustSetInCode: true };

    /// <summary>Where trust is required by the app itself: another list or other folders from outside.</summary>
    public static IEnumerable<OptionFault> CheckPlaces(IConfiguration configuration)
    {
        var foreign = ConfigurationOrigin.Providers(configuration).Where(ConfigurationOrigin.IsOutside).ToArray();
        foreach (string key in (string[])[Key("TrustFile"), Key("Directories")])
            if (Below(foreign, key).Prepend(key).FirstOrDefault(p => Value(foreign, p) is not null) is { } path) yield return Loosened(configuration, path);
    }

    private static OptionFault Loosened(IConfiguration configuration, string key) => new("BK1001", key, $"{key} is '{configuration[key]}' by {ConfigurationOrigin.Of(configuration, key)}.",
        "Trust is Required by the app itself: environment and command line may tighten it, never loosen it", "take it away there, or change the app");


    private static string Key(string key) => OptionRules.Key($"Plugins:{key}");

    private static string[] Below(IEnumerable<IConfigurationProvider> providers, string path) =>
        providers.SelectMany(p => p.GetChildKeys([], path)).Distinct().Select(k => $"{path}:{k}").ToArray();

    // As the configuration itself: who comes later overrides.
    private static string? Value(IEnumerable<IConfigurationProvider> providers, string path) =>
        providers.Reverse().Select(p => p.TryGet(path, out string? value) ? value : null).FirstOrDefault(v => v is not null);
}
