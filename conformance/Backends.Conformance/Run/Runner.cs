using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Backends.Conformance;

/// <summary>What a run needs to know.</summary>
internal sealed record RunOptions
{
    public required string Device { get; init; }
    public required IReadOnlyList<Case> Cases { get; init; }
    public required WorkerCommand Worker { get; init; }
    public IReadOnlyList<string> Plugins { get; init; } = [];
    public int Jobs { get; init; } = 1;
    public TimeSpan CaseLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a worker may take to load plugins and open the device.</summary>
    public TimeSpan OpenLimit { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>
/// Runs cases in worker processes. Every case gets exactly one verdict: a crash or a hang costs the case that ran, the worker is replaced and the
/// run goes on; what is left when the run is stopped is <c>not-run</c>. This process loads no plugin, so no plugin can end it.
/// </summary>
internal sealed class Runner(RunOptions options)
{
    private const int OpenAttempts = 3;

    private readonly ConcurrentQueue<Case> _waiting = new(options.Cases);
    private readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>(new() { SingleReader = true });

    /// <summary>The run, as it happens. Ends when every case has its verdict or the device was refused.</summary>
    public async IAsyncEnumerable<RunEvent> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var work = WorkAsync(stop);
        await foreach (var happened in _events.Reader.ReadAllAsync(CancellationToken.None)) yield return happened;
        await work;
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            // The first worker alone opens the device first: if it is refused, there is one refusal, not one a job.
            var first = await OpenAsync(stop);
            if (first is null) return;
            int jobs = Math.Clamp(options.Jobs, 1, Math.Max(1, _waiting.Count));
            await Task.WhenAll([WorkAsync(1, first, stop), .. Enumerable.Range(2, jobs - 1).Select(number => WorkAsync(number, null, stop))]);
            while (_waiting.TryDequeue(out var left)) Finish(left, Outcome(left, Verdict.NotRun, stop.IsCancellationRequested ? "the run was stopped" : "no worker could be started"), 0);
        }
        finally
        {
            _events.Writer.Complete();
        }
    }

    private async Task<WorkerProcess?> OpenAsync(CancellationToken stop)
    {
        try
        {
            return await StartAsync(announce: true, stop);
        }
        catch (WorkerDied died)
        {
            _events.Writer.TryWrite(new DeviceRefused($"The worker ended while it opened {options.Device}: {died.Message}"));
        }
        catch (OperationCanceledException)
        {
            while (_waiting.TryDequeue(out var left)) Finish(left, Outcome(left, Verdict.NotRun, "the run was stopped"), 0);
        }
        return null;
    }

    private async Task WorkAsync(int number, WorkerProcess? worker, CancellationToken stop)
    {
        int failures = 0;
        try
        {
            while (!stop.IsCancellationRequested && failures < OpenAttempts)
            {
                if (worker is null)
                    try
                    {
                        if (_waiting.IsEmpty) break;
                        worker = await StartAsync(announce: false, stop);
                    }
                    catch (WorkerDied)
                    {
                        failures++;
                        continue;
                    }
                if (worker is null || !_waiting.TryDequeue(out var next)) break;
                var result = await RunAsync(worker, next, stop);
                Finish(next, result, number);
                failures = 0;
                if (!result.Damaged) continue;
                await worker.DisposeAsync();
                worker = null;
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped while a worker opened the device.
        }
        finally
        {
            if (worker is not null) await worker.DisposeAsync();
        }
    }

    /// <summary>Gives a worker that has opened the device, or null when the device is refused.</summary>
    private async Task<WorkerProcess?> StartAsync(bool announce, CancellationToken stop)
    {
        var worker = new WorkerProcess(options.Worker);
        try
        {
            var reply = await worker.AskAsync(new Request { Do = "open", Device = options.Device, Plugins = options.Plugins }, options.OpenLimit, stop);
            if (announce) _events.Writer.TryWrite(reply.Opened is { } device ? new DeviceOpened(device) : new DeviceRefused(reply.Refused!));
            if (reply.Opened is not null) return Interlocked.Exchange(ref worker, null!);
            return null;
        }
        finally
        {
            if (worker is not null) await worker.DisposeAsync();
        }
    }

    private async Task<CaseResult> RunAsync(WorkerProcess worker, Case next, CancellationToken stop)
    {
        try
        {
            var reply = await worker.AskAsync(new Request { Do = "run", Id = next.Id }, options.CaseLimit, stop);
            return reply.Result ?? Outcome(next, Verdict.NotRun, reply.Broken!) with { Broken = true };
        }
        catch (WorkerDied died)
        {
            return Outcome(next, died.Verdict, died.Message);
        }
        catch (OperationCanceledException)
        {
            return Outcome(next, Verdict.NotRun, "the run was stopped");
        }
    }

    private static CaseResult Outcome(Case c, Verdict verdict, string reason) => new() { Id = c.Id, Verdict = verdict, Reason = reason, Damaged = true };

    private void Finish(Case c, CaseResult result, int worker) => _events.Writer.TryWrite(new CaseFinished(c, result, worker, 1));
}
