namespace Backends.Conformance;

/// <summary>What the judge found in one case.</summary>
internal sealed record JudgeResult
{
    /// <summary>Whether every element is right.</summary>
    public required bool Passed { get; init; }

    /// <summary>Why a pass proves nothing, for example <c>all zeros would pass</c>; null when it proves something.</summary>
    public string? Vacuous { get; init; }

    /// <summary>The output of which the rest speaks: the first wrong one, else the one with the worst margin.</summary>
    public int Output { get; init; }

    /// <summary>Elements of the output.</summary>
    public long Elements { get; init; }

    /// <summary>Elements that are wrong.</summary>
    public long Bad { get; init; }

    /// <summary>The worst error over its bound.</summary>
    public double Margin { get; init; }

    /// <summary>The worst distance in units in the last place; NaN when there is none.</summary>
    public double Ulps { get; init; } = double.NaN;

    /// <summary>The index of the element of which the rest speaks: the worst one; null when there is none.</summary>
    public long[]? At { get; init; }

    public string Expected { get; init; } = "";
    public string ExpectedBits { get; init; } = "";
    public string Actual { get; init; } = "";
    public string ActualBits { get; init; } = "";

    /// <summary>The bound at that element.</summary>
    public Bound? Bound { get; init; }

    /// <summary>What is wrong, in a few words: <c>NaN lost</c>. Empty for a pass.</summary>
    public string Reason { get; init; } = "";
}
