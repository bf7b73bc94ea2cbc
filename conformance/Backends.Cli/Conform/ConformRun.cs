using Backends.Conformance;

namespace Backends.Cli.Conform;

/// <summary>One run of `conform`: selects, runs, lets the listeners hear it, and decides the exit code.</summary>
internal sealed class ConformRun(ConformOptions options, Output output)
{
    public async Task<ExitCode> RunAsync(CancellationToken stop)
    {
        IReadOnlyList<Case> cases;
        try
        {
            cases = Select();
        }
        catch (ConformanceException nothing)
        {
            await Console.Error.WriteLineAsync(nothing.Message);
            return ExitCode.Nothing;
        }
        if (options.List)
        {
            foreach (var one in cases) output.Line(one.Id);
            return ExitCode.Yes;
        }
        if (PluginFolders.Fault(options.Plugins) is { } fault)
        {
            await Console.Error.WriteLineAsync(fault);
            return ExitCode.Unusable;
        }
        try
        {
            return await RunAsync(cases, stop);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            await Console.Error.WriteLineAsync(broken.Message);
            return ExitCode.Error;
        }
    }

    private IReadOnlyList<Case> Select()
    {
        if (options.Case is { } id) return [DeclaredCall.Checked(CaseId.Parse(id))];
        var cases = options.Profile.Cases(options.Seed, options.Times);
        if (options.Filter is not { } pattern) return cases;
        var filter = new CaseFilter(pattern);
        Case[] selected = [.. cases.Where(filter.Matches)];
        return selected.Length > 0 ? selected : throw filter.NoMatch(options.Device);
    }

    private async Task<ExitCode> RunAsync(IReadOnlyList<Case> cases, CancellationToken stop)
    {
        var totals = new Totals();
        Progress progress = output.IsTerminal ? new TerminalProgress(output, options, cases) : new PipedProgress(output, options, cases);
        var runner = new Runner(new RunOptions
        {
            Device = options.Device, Cases = cases, Worker = options.Worker ?? WorkerCommand.Same(), Plugins = options.Folders,
            Jobs = options.Jobs, CaseLimit = options.CaseLimit,
        });
        CaseLines? lines = null;
        string? refusal = null;
        using (progress)
        {
            try
            {
                await foreach (var happened in runner.RunAsync(stop))
                    switch (happened)
                    {
                        case DeviceOpened opened:
                            lines = Lines(opened.Device.Device);
                            progress.Begin(opened.Device);
                            break;
                        case DeviceRefused refused:
                            refusal = refused.Text;
                            break;
                        case CaseFinished finished:
                            totals.Add(finished);
                            lines?.Write(finished);
                            progress.Add(finished);
                            break;
                    }
            }
            finally
            {
                lines?.Dispose();
            }
            if (refusal is null)
            {
                var answer = ExitCodes.Of(totals);
                progress.End(totals, answer);
                return answer;
            }
        }
        await Console.Error.WriteLineAsync(refusal);
        return ExitCode.Unusable;
    }

    private CaseLines? Lines(string device)
    {
        if (options.Out is null) return null;
        Directory.CreateDirectory(options.Out);
        return new CaseLines(File.Create(Path.Combine(options.Out, "cases.jsonl")), device);
    }
}
