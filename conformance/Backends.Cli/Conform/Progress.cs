using System.Diagnostics;
using Backends.Conformance;

namespace Backends.Cli.Conform;

/// <summary>A listener that shows a run to its reader: on a terminal, or line by line.</summary>
internal abstract class Progress(Output output, ConformOptions options, IReadOnlyList<Case> cases) : IDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();

    protected Output Output => output;

    protected ConformOptions Options => options;

    protected int Cases => cases.Count;

    /// <summary>The device, once it is open.</summary>
    protected DeviceFacts? Device { get; private set; }

    protected Dictionary<Verdict, int> Counts { get; } = [];

    protected int Done { get; private set; }

    protected int Workers => Math.Clamp(options.Jobs, 1, Math.Max(1, cases.Count));

    protected TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>What remains at the rate so far.</summary>
    protected TimeSpan Left => Done == 0 ? TimeSpan.Zero : Elapsed * ((double)(Cases - Done) / Done);

    public void Begin(DeviceFacts device)
    {
        Device = device;
        Head(device);
    }

    public void Add(CaseFinished finished)
    {
        Done++;
        var verdict = finished.Result.Verdict;
        Counts[verdict] = Counts.GetValueOrDefault(verdict) + 1;
        Show(finished);
    }

    public abstract void End(Totals totals, ExitCode answer);

    public virtual void Dispose() { }

    protected abstract void Head(DeviceFacts device);

    protected abstract void Show(CaseFinished finished);

    protected static string Count(int number) => number.ToString("N0");

    protected string OutFile => options.Out is null ? "" : Path.Combine(options.Out, "cases.jsonl");
}
