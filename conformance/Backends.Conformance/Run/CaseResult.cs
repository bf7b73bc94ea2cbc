namespace Backends.Conformance;

/// <summary>What became of a case, as the worker tells it.</summary>
internal sealed record CaseResult
{
    public required string Id { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Who computed: <c>native</c>, <c>decomposed</c> (every part native), <c>fallback</c> (any part), <c>host</c> (views, contiguous copies, results without elements); null when nobody did.</summary>
    public string? Ran { get; init; }

    /// <summary>The kernel's name, where one ran.</summary>
    public string? Kernel { get; init; }

    /// <summary>The operators that a decomposition called.</summary>
    public IReadOnlyList<string>? Parts { get; init; }

    /// <summary>Milliseconds of the call.</summary>
    public double Ms { get; init; }

    /// <summary>Error ÷ bound, of the worst element.</summary>
    public double? Margin { get; init; }

    /// <summary>The error in units of the last place, of the worst element.</summary>
    public double? Ulp { get; init; }

    /// <summary>The worst element's bound.</summary>
    public BoundText? Bound { get; init; }

    /// <summary>Which element the numbers are of.</summary>
    public IReadOnlyList<long>? At { get; init; }

    /// <summary>The oracle's number, as text.</summary>
    public string? Expected { get; init; }

    /// <summary>The device's number, as text.</summary>
    public string? Actual { get; init; }

    /// <summary>The bits of both, in hexadecimal.</summary>
    public string? ExpectedBits { get; init; }

    /// <summary>See <see cref="ExpectedBits"/>.</summary>
    public string? ActualBits { get; init; }

    /// <summary>Why the verdict is no pass.</summary>
    public string? Reason { get; init; }

    /// <summary>Where the culprit is, for people: the result's dtype and shape, how many elements are wrong.</summary>
    public string? Where { get; init; }

    /// <summary>How the bound comes about, in numbers; and the page that explains it.</summary>
    public string? Derivation { get; init; }

    /// <summary>For example <c>docs/accuracy.md#sum</c>.</summary>
    public string? Anchor { get; init; }

    /// <summary>Whether the suite itself failed: that is nobody's verdict, and the run's answer is an error.</summary>
    public bool Broken { get; init; }

    /// <summary>Whether the process may be damaged: it is replaced before the next case.</summary>
    public bool Damaged { get; init; }
}

/// <summary>A bound's kind and value.</summary>
internal sealed record BoundText(string Kind, double Value);
