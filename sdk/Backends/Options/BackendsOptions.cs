namespace Backends;

/// <summary>
/// What an app says about its devices: in code, or in section <c>Backends</c> of its configuration (package Backends.Hosting). Every option stands
/// here with its default and its range. A host copies what it is given: later changes reach it by <see cref="BackendHost.Reload"/> alone.
/// </summary>
/// <remarks>A plain class of the host's own assembly, without a configuration library, so that a host works without either.</remarks>
public sealed class BackendsOptions
{
    /// <summary>A device string, a name of <see cref="Devices"/>, or <c>auto</c>, the default. A named device is an order: if it is absent, that is an error.
    /// <c>auto</c> is a request: the best device that fits.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>The backends that <c>auto</c> tries, in order. Empty, the default: accelerators in the order in which they are found, then <c>cpu</c>.
    /// <c>reference</c> is never chosen unasked.</summary>
    public IList<string> Preference { get; } = [];

    /// <summary>What <c>auto</c> insists on. Default: nothing.</summary>
    public DeviceRequirements Requirements { get; } = new();

    /// <summary>Devices by names of the app's own (letters, digits and <c>-</c>), case ignored. Default: none. A name must not be a backend's.</summary>
    public IDictionary<string, NamedDevice> Devices { get; } = new Dictionary<string, NamedDevice>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What happens to an operator with neither kernel nor decomposition. Default: <see cref="FallbackPolicy.Warn"/>.</summary>
    public FallbackPolicy Fallback { get; set; } = FallbackPolicy.Warn;

    /// <summary>The same for single operators, by name, on every device: before the device's policy. Default: none.</summary>
    public IDictionary<string, FallbackPolicy> FallbackByOperator { get; } = new Dictionary<string, FallbackPolicy>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which plugins are found, and which of them may load.</summary>
    public PluginOptions Plugins { get; } = new();

    /// <summary>Threads of CPU kernels: the option <c>threads</c> of every device that has one. 0, the default: all processors; at most <see cref="MostThreads"/>.</summary>
    public int Threads { get; set; }

    /// <summary>How much freed memory of a device is kept for reuse. Default: 25 % of what the host may take of it.</summary>
    public CacheLimit CacheLimit { get; set; } = CacheLimit.Default;

    /// <summary>The most that <see cref="Threads"/> can be.</summary>
    public const int MostThreads = 1024;
}

/// <summary>What a device must have to be chosen by <c>auto</c>.</summary>
public sealed class DeviceRequirements
{
    /// <summary>Bytes of memory. Default: 0, any.</summary>
    public long Memory { get; set; }

    /// <summary>Dtypes that it computes with. Default: any.</summary>
    public IList<DType> DTypes { get; } = [];

    /// <summary>Features that it has, by name, for example <c>host-accessible</c>. Default: none.</summary>
    public IList<string> Features { get; } = [];

    internal bool AskNothing => Memory == 0 && DTypes.Count == 0 && Features.Count == 0;
}

/// <summary>A device under a name of the app's own, with settings of its own.</summary>
public sealed class NamedDevice
{
    /// <summary>A device string, or <c>auto</c>, the default.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>What it must have. Default: for <c>auto</c> what <see cref="BackendsOptions.Requirements"/> says, for others nothing.</summary>
    public DeviceRequirements Requirements { get; } = new();

    /// <summary>Its policy. Default: null, that of <see cref="BackendsOptions.Fallback"/>.</summary>
    public FallbackPolicy? Fallback { get; set; }

    /// <summary>The most bytes that the host takes of it. Default: null, all of its memory.</summary>
    public long? MemoryLimit { get; set; }

    /// <summary>How far results must repeat, bit by bit (RND-5). Default: null, as the kernels promise.</summary>
    public Plugins.Determinism? Determinism { get; set; }

    /// <summary>Options that the device declares, as after the question mark of a device string. Default: none.</summary>
    public IDictionary<string, string> Options { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Which plugins are found, and which of them may load.</summary>
public sealed class PluginOptions
{
    private TrustMode _trust = TrustMode.Off;

    /// <summary>Folders of plugins, each a plugin's own or one that holds several; relative to the app's folder, never to the current directory.
    /// Empty, the default: <c>backends</c>.</summary>
    public IList<string> Directories { get; } = [];

    /// <summary>Backends that are never loaded. Default: none.</summary>
    public IList<string> Disabled { get; } = [];

    /// <summary>Whether a plugin must be in the trust file to load. Default: <see cref="TrustMode.Off"/>.</summary>
    public TrustMode Trust
    {
        get => _trust;
        set => (_trust, IsTrustSetInCode) = (value, true);
    }

    /// <summary>Whether code said last what <see cref="Trust"/> is, and not a configuration: then environment and command line cannot loosen it either (MAN-6).</summary>
    internal bool IsTrustSetInCode { get; private set; }

    /// <summary>Takes what a configuration says.</summary>
    internal void ReadTrust(TrustMode trust) => (_trust, IsTrustSetInCode) = (trust, false);

    /// <summary>The trust file, relative to the app's folder. Default: null, <c>backends.trust.json</c>.</summary>
    public string? TrustFile { get; set; }
}
