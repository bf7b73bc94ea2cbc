using Backends.Conformance;

namespace Backends.Cli.Conform;

/// <summary>The end of a run: a row for the device's chapters, one an operator, counts that add up, and the answer in words.</summary>
internal static class Summary
{
    private const int MostNamed = 6;

    public static void Write(Output output, Totals totals, ExitCode answer, Profile profile, DeviceFacts device, TimeSpan elapsed, string file)
    {
        foreach (var (left, right) in Rows(totals)) output.Row(left, right);
        string sum = string.Join(" + ", totals.Verdicts.Select(v => $"{v.Count:N0} {v.Verdict.Word}"));
        output.Row($"{totals.Count:N0} cases = {sum}", $"{elapsed.TotalSeconds:0.0} s");
        foreach (string line in Ways(totals, device)) output.Line(line);
        string text = Answer(totals, answer, profile, device);
        output.Row(answer == ExitCode.Yes ? output.Good(text) : output.Bad(text), file);
    }

    /// <summary>A line for the device's chapters, then one an operator: counts, worst margin last.</summary>
    public static IEnumerable<string> Lines(Totals totals) => Rows(totals).Select(r => r.Right.Length == 0 ? r.Left.TrimEnd() : $"{r.Left.PadRight(51)} {r.Right}");

    /// <summary>Which ways the operators took.</summary>
    public static IEnumerable<string> Ways(Totals totals, DeviceFacts device)
    {
        yield return $"{totals.Operated(Route.Native)} native, {totals.Operated(Route.Decomposed)} decomposed, {totals.Operated(Route.Fallback)} fallback operators on {device.Device}";
    }

    /// <summary>The last line: OK or not, and for what. A smoke run never says more than OK.</summary>
    public static string Answer(Totals totals, ExitCode answer, Profile profile, DeviceFacts device) => answer switch
    {
        ExitCode.Yes => $"OK at {profile} (what ran on {device.Device}: {Proven(totals)})",
        ExitCode.Error => $"BROKEN at {profile}: the suite itself failed at {totals.Broken:N0} cases",
        ExitCode.No => $"NOT OK at {profile}: {totals.Findings} finding{(totals.Findings == 1 ? "" : "s")} in {Named([.. totals.Culprits])}",
        ExitCode.Incomplete => $"INCOMPLETE at {profile}: {totals[Verdict.NotRun]:N0} cases did not run",
        _ => $"NOTHING RAN at {profile}",
    };

    private static IEnumerable<(string Left, string Right)> Rows(Totals totals)
    {
        if (totals.HasChapters) yield return (Counts("device chapters", totals.OfChapters), "");
        foreach (string op in totals.Operators)
            yield return (Counts(op, v => totals[op, v]), totals.Worst(op) is { Margin: > 0 } worst ? $"worst margin {worst.Margin:0.00} ({worst.DType})" : "");
    }

    private static string Counts(string subject, Func<Verdict, int> of)
    {
        var counts = Enum.GetValues<Verdict>().Where(v => v == Verdict.Pass || of(v) > 0).Select(v => $"{of(v),4:N0} {(v.IsFinding ? v.Word.ToUpperInvariant() : v.Word)}");
        return $"{subject,-15} {string.Join("  ", counts)}";
    }

    private static string Proven(Totals totals)
    {
        string[] native = [.. totals.Operators.Where(o => totals.Proven(o).Count > 0)];
        if (!totals.Operators.Any()) return "device chapters";
        if (native.Length == 0) return "nothing";
        if (native.Length > MostNamed) return $"{native.Length} of {totals.Operators.Count()} operators";
        return string.Join(", ", native.Select(o => $"{o} {string.Join(' ', totals.Proven(o).Order(StringComparer.Ordinal))}"));
    }

    private static string Named(string[] names) => names.Length <= MostNamed ? string.Join(", ", names) : $"{names.Length} operators and chapters";
}
