using System.Diagnostics;
using System.Text;

namespace Backends.Conformance;

/// <summary>
/// One worker, seen from the run: ask, and get an answer or learn how it died. Whoever asks has the whole process to lose, and nothing else:
/// after <see cref="WorkerDied"/> or a hang it is ended and another one takes its place.
/// </summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int TailLines = 8;

    private readonly Process _process;
    private readonly Queue<string> _tail = [];

    public WorkerProcess(WorkerCommand command)
    {
        _process = new Process { StartInfo = command.StartInfo() };
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>Sends one request and waits for its reply.</summary>
    /// <exception cref="WorkerDied">The process ended, or the limit passed; it is of no use any more.</exception>
    /// <exception cref="OperationCanceledException">The run is to stop.</exception>
    public async Task<Reply> AskAsync(Request request, TimeSpan limit, CancellationToken stop)
    {
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(stop);
        clock.CancelAfter(limit);
        try
        {
            await _process.StandardInput.WriteLineAsync(ProtocolJson.Write(request).AsMemory(), clock.Token);
            await _process.StandardInput.FlushAsync(clock.Token);
            while (await _process.StandardOutput.ReadLineAsync(clock.Token) is { } line)
            {
                if (ProtocolJson.ReadReply(line) is { } reply && Answers(reply, request)) return reply;
                Remember(line);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new WorkerDied(Verdict.Hang, $"no answer within {limit.TotalSeconds:0.###} s");
        }
        catch (IOException)
        {
            // Its end of the pipe is closed: it ended before it read the request. How, the exit code says.
        }
        throw new WorkerDied(Verdict.Crash, await LastWordsAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It ended by itself between the question and the call.
            }
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    /// <summary>What an exit code says: signals by name.</summary>
    public static string Ending(int exitCode) => exitCode switch
    {
        129 => "ended by SIGHUP",
        130 => "ended by SIGINT",
        131 => "ended by SIGQUIT",
        132 => "illegal instruction (SIGILL)",
        134 => "aborted (SIGABRT)",
        135 => "bus error (SIGBUS)",
        136 => "arithmetic fault (SIGFPE)",
        137 => "killed (SIGKILL): by somebody else, or for want of memory",
        139 => "segmentation fault (SIGSEGV)",
        143 => "ended by SIGTERM",
        _ => $"the process ended with exit code {exitCode}",
    };

    // A late answer to an earlier question must not become this one's.
    private static bool Answers(Reply reply, Request request) =>
        request.Do == "open" ? reply.Opened is not null || reply.Refused is not null : reply.Broken is not null || reply.Result?.Id == request.Id;

    private async Task<string> LastWordsAsync()
    {
        await _process.WaitForExitAsync();
        var text = new StringBuilder(Ending(_process.ExitCode));
        lock (_tail)
            foreach (string line in _tail.Take(2)) text.Append(" · ").Append(line.Trim());
        return text.ToString();
    }

    private void Remember(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines) _tail.Dequeue();
        }
    }
}

/// <summary>A worker is gone: a verdict for the case that it ran, and the reason.</summary>
internal sealed class WorkerDied(Verdict verdict, string reason) : Exception(reason)
{
    public Verdict Verdict { get; } = verdict;
}
