namespace Backends.Plugins;

/// <summary>What the configuration says about plugins: all that finding and loading take from it.</summary>
internal sealed record PluginRules
{
    /// <summary>Nothing is disabled, nothing needs to be pinned.</summary>
    public static PluginRules Default { get; } = new();

    /// <summary>Names of backends that are never loaded: absent with <see cref="AbsenceCode.Disabled"/>.</summary>
    public IReadOnlyCollection<string> Disabled { get; init; } = [];

    /// <summary>Whether a plugin must be in the trust file.</summary>
    public TrustMode Trust { get; init; }

    /// <summary>The trust file, absolute or relative to the app's folder; null: <c>backends.trust.json</c> there.</summary>
    public string? TrustFile { get; init; }

    /// <summary>Where plugins that must be trusted are staged; null: the user's own folder for data.</summary>
    public string? StagingFolder { get; init; }

    /// <summary>Whether a managed plugin's context may be unloaded after its backend's end (OBJ-12). Native code is never unmapped.</summary>
    public bool Collectible { get; init; }
}
