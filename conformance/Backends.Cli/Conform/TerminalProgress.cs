using Backends.Conformance;

namespace Backends.Cli.Conform;

/// <summary>A run on a terminal: one line that is rewritten and goes at the end, findings when they are found, a row an operator at the end.</summary>
internal sealed class TerminalProgress(Output output, ConformOptions options, IReadOnlyList<Case> cases) : Progress(output, options, cases)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private TimeSpan _shown;

    public override void End(Totals totals, ExitCode answer)
    {
        Output.ClearBar();
        Summary.Write(Output, totals, answer, Options.Profile, Device!, Elapsed, OutFile);
    }

    public override void Dispose()
    {
        Output.ClearBar();
        base.Dispose();
    }

    protected override void Head(DeviceFacts device)
    {
        string memory = device.Memory == ulong.MaxValue ? "" : $" · {device.Memory / 1073741824.0:0.0} GiB";
        string driver = device.Driver.Length == 0 ? "" : $" · driver {device.Driver}";
        string hash = device.Sha256.Length < 8 ? "" : $" · {device.Sha256[..8]}";
        Output.Row($"{device.Device,-9} {device.Name}{memory}{driver}", $"plugin {device.Plugin} {device.Version}{hash}");
        Output.Line($"suite     {Suite.Version} · {Options.Profile} · seed {Options.Seed} · {Count(Cases)} cases · {Workers} worker{(Workers == 1 ? "" : "s")}");
        foreach (string note in device.Notes) Output.Field("note", note, indent: 0);
    }

    protected override void Show(CaseFinished finished)
    {
        if (finished.Result.Verdict.IsFinding || finished.Result.Broken)
        {
            Output.ClearBar();
            FailureText.Write(Output, finished, Device!, Options);
        }
        if (Elapsed - _shown < s_pause) return;
        _shown = Elapsed;
        Output.Bar(BarText(finished.Case is CallCase ? $"{finished.Case.Subject}/{finished.Case.Aspect}" : finished.Case.Subject));
    }

    private string BarText(string where)
    {
        int percent = 100 * Done / Cases;
        if (Output.IsNarrow) return $"{percent} % {Done}/{Cases} {Left.TotalSeconds:0} s";
        const int length = 22;
        int full = length * Done / Cases;
        string rate = $"{Done / Math.Max(0.001, Elapsed.TotalSeconds):0}/s";
        return $"[{new string('#', full)}{new string('-', length - full)}] {Count(Done)}/{Count(Cases)}  {percent} %  {rate}  {Left.TotalSeconds:0} s left  {where}";
    }
}
