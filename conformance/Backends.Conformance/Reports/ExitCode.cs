namespace Backends.Conformance;

/// <summary>The tool's answers, and which one wins when several hold: 1 &gt; 4 &gt; 3 &gt; 2 &gt; 5 &gt; 0.</summary>
internal enum ExitCode
{
    /// <summary>Yes.</summary>
    Yes = 0,
    /// <summary>Anything else: usage, files.</summary>
    Error = 1,
    /// <summary>A clear no.</summary>
    No = 2,
    /// <summary>Nothing ran.</summary>
    Nothing = 3,
    /// <summary>Device or plugin cannot be used.</summary>
    Unusable = 4,
    /// <summary>Stopped before the end.</summary>
    Incomplete = 5,
}

/// <summary>Decides it.</summary>
internal static class ExitCodes
{
    public static ExitCode Of(Totals totals) =>
        totals.Broken > 0 ? ExitCode.Error
        : totals.Findings > 0 ? ExitCode.No
        : totals[Verdict.NotRun] > 0 ? ExitCode.Incomplete
        : totals[Verdict.Pass] == 0 && totals[Verdict.Vacuous] == 0 ? ExitCode.Nothing
        : ExitCode.Yes;
}
