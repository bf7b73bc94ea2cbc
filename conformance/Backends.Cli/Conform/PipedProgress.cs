using Backends.Conformance;

namespace Backends.Cli.Conform;

/// <summary>A run in a pipe or in CI: a line at the start, one each ten seconds, one a finding, the counts at the end. No colour, no cursor.</summary>
internal sealed class PipedProgress(Output output, ConformOptions options, IReadOnlyList<Case> cases) : Progress(output, options, cases)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);
    private TimeSpan _shown;

    public override void End(Totals totals, ExitCode answer)
    {
        foreach (string line in Summary.Lines(totals)) Output.Line(line);
        foreach (string line in Summary.Ways(totals, Device!)) Output.Line(line);
        string counts = string.Join(' ', totals.Verdicts.Select(v => $"{v.Verdict.Word}={v.Count}"));
        Output.Line($"total={totals.Count} {counts} | {Summary.Answer(totals, answer, Options.Profile, Device!)} | exit {(int)answer}");
    }

    protected override void Head(DeviceFacts device)
    {
        Output.Line($"conform {device.Device} {Options.Profile} seed={Options.Seed} cases={Cases} workers={Workers} plugin={device.Plugin}@{device.Version}");
        foreach (string note in device.Notes) Output.Line($"note {note}");
    }

    protected override void Show(CaseFinished finished)
    {
        if (finished.Result.Verdict.IsFinding || finished.Result.Broken)
        {
            string line = FailureText.Line(finished);
            Output.Line(line);
            if (Output.Annotates) Output.Line($"::error title={Escaped(finished.Case.Id).Replace(",", "%2C").Replace(":", "%3A")}::{Escaped(line)}");
        }
        if (Elapsed - _shown < s_pause) return;
        _shown = Elapsed;
        string findings = string.Concat(Counts.Where(c => c.Key != Verdict.Pass).OrderBy(c => c.Key).Select(c => $" {c.Key.Word}={c.Value}"));
        Output.Line($"{Elapsed.TotalSeconds:0} s {Done}/{Cases} pass={Counts.GetValueOrDefault(Verdict.Pass)}{findings} left={Left.TotalSeconds:0} s");
    }

    // A workflow command is one line, in which % begins an escape.
    private static string Escaped(string text) => text.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A");
}
