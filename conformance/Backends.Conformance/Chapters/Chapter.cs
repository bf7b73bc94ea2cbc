namespace Backends.Conformance;

/// <summary>A part of the contract that is proven on the device itself, whatever operators it has: its checks, each of one clause.</summary>
internal sealed record Chapter(string Name, IReadOnlyList<Check> Checks)
{
    /// <summary>All of them, in the order in which a run takes them.</summary>
    public static IReadOnlyList<Chapter> All { get; } =
    [
        new("memory", [.. MemoryChecks.All, .. LimitChecks.All]),
        new("copies", CopyChecks.All),
        new("queues", [.. QueueChecks.All, .. WaitChecks.All, .. HazardChecks.All]),
        new("threads", ThreadChecks.All),
        new("kernels", KernelChecks.All),
        new("fallback", FallbackChecks.All),
        new("capability", CapabilityChecks.All),
        new("errors", ErrorChecks.All),
    ];

    /// <summary>Its cases, as a profile of seconds has them.</summary>
    /// <param name="run">The run's seed.</param>
    /// <param name="times">How many times as often each of them does what it does.</param>
    public IEnumerable<ChapterCase> Cases(ulong run, int times = 1) => Checks.Select(c => new ChapterCase(this, c) { Count = c.Count * times }.In(run));
}

/// <summary>One thing to prove: the clause, a name for it, what it needs of the device, and the code.</summary>
/// <param name="Clause">For example <c>QUE-7</c>; every failure quotes it.</param>
/// <param name="Name">What is tried, for example <c>fan-out</c>.</param>
/// <param name="Run">Returns when the clause holds, and throws what <see cref="Trial"/> has for everything else.</param>
internal sealed record Check(string Clause, string Name, Action<Trial> Run)
{
    /// <summary>What the device must have; without it the verdict is <c>unsupported</c>.</summary>
    public Needs Needs { get; init; }

    /// <summary>How often in a profile of seconds, or 0 where that is no question; ids say it, so a longer run is another id.</summary>
    public int Count { get; init; }

    /// <summary>Whether its data and its order of calls come from a seed.</summary>
    public bool IsRandom { get; init; }
}

/// <summary>What a check cannot do without.</summary>
[Flags]
internal enum Needs
{
    /// <summary>Any device will do.</summary>
    Nothing = 0,
    /// <summary>A queue of the plugin's: a device whose memory is the host's has none (QUE-10).</summary>
    Queue = 1,
    /// <summary>Queues with a timeline: an asynchronous device.</summary>
    Timeline = 3,
    /// <summary>So little memory that the plugin's can be taken wholly.</summary>
    SmallMemory = 4,
    /// <summary>A device that answers at once (QUE-10).</summary>
    Synchronous = 8,
    /// <summary>A host that gives little of it: the device is opened for this case with <c>memory-limit</c>.</summary>
    MemoryLimit = 16,
}
