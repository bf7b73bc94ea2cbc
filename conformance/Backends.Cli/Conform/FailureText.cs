using Backends.Conformance;

namespace Backends.Cli.Conform;

/// <summary>One finding for its reader: the block of a terminal, the line of a pipe. What is not known is left out, not made up.</summary>
internal static class FailureText
{
    /// <summary>For example <c>FAIL relu/special/f32/x=1/... | y[0] expected NaN actual 0 | bound 0 (Exact)</c>.</summary>
    public static string Line(CaseFinished finished)
    {
        var r = finished.Result;
        var parts = new List<string> { $"{Word(r)} {finished.Case.Id}" };
        if (r.Expected is not null) parts.Add($"{Place(finished)} expected {r.Expected} actual {r.Actual}");
        if (r.Bound is { } bound) parts.Add($"bound {bound.Value:G6} ({bound.Kind})");
        if (r.Reason is { } reason) parts.Add(reason.ReplaceLineEndings(" "));
        return string.Join(" | ", parts);
    }

    public static void Write(Output output, CaseFinished finished, DeviceFacts device, ConformOptions options)
    {
        var r = finished.Result;
        // A call that failed left no record of who ran it; its error says what is known.
        string ran = r.Kernel is { } kernel ? $", kernel {kernel} ({r.Ran})" : r.Ran is { } route ? $", {route}" : "";
        output.Row($"{output.Bad(Word(r))}  {output.Id(finished.Case.Id)}", device.Device + ran, 84);
        if (r.Where is not null) output.Field("where", r.Where);
        if (r.Reason is not null) output.Field("why", r.Reason);
        if (r.Expected is not null) output.Field("expected", $"{r.Expected}   {r.ExpectedBits}{(output.IsNarrow ? "\nactual " : "     actual")}  {r.Actual}   {r.ActualBits}");
        // A number where none is near enough to count has no distance worth printing.
        if (r.Margin is { } margin && double.IsFinite(margin)) output.Field("error", $"{(r.Ulp is { } ulp ? $"{ulp:N0} ulp = " : "")}{margin:G4} x bound");
        if (r.Bound is { } bound) output.Field("bound", $"{bound.Value:G4}{(string.IsNullOrEmpty(r.Derivation) ? "" : $" = {r.Derivation}")}   ({bound.Kind}{(r.Anchor is null ? "" : $": {r.Anchor}")})");
        string plugins = string.Concat(options.Plugins.Select(p => $" --plugins {p}"));
        output.Line($"  repeat    backends conform {Quoted(device.Device)}{plugins} --case '{finished.Case.Id}'");
        output.Line();
    }

    // To a shell ? is a pattern, and & the end of a command.
    private static string Quoted(string device) => device.Contains('?', StringComparison.Ordinal) ? $"'{device}'" : device;

    private static string Word(CaseResult result) => result.Verdict.Word.ToUpperInvariant();

    private static string Place(CaseFinished finished) =>
        $"{((CallCase)finished.Case).Operator.Schema.Outputs[0].Name}[{string.Join(", ", finished.Result.At ?? [])}]";
}
