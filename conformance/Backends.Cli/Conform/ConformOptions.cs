using Backends.Conformance;

namespace Backends.Cli.Conform;

/// <summary>What the user asked of `conform`.</summary>
internal sealed record ConformOptions
{
    public required string Device { get; init; }
    public IReadOnlyList<string> Plugins { get; init; } = [];
    public Profile Profile { get; init; } = Profile.Smoke;
    public string? Filter { get; init; }
    public string? Case { get; init; }
    public bool List { get; init; }
    public ulong Seed { get; init; } = 1;
    public int Times { get; init; } = 1;
    public string? Out { get; init; }
    public int Jobs { get; init; } = 1;
    public TimeSpan CaseLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The worker to start; null: this program.</summary>
    public WorkerCommand? Worker { get; init; }

    /// <summary>The folders that are searched: the user's, in order, then the one beside the tool, so that the built-in devices stay to fall back to.</summary>
    public IReadOnlyList<string> Folders => [.. Plugins, Path.Combine(AppContext.BaseDirectory, "backends")];
}
