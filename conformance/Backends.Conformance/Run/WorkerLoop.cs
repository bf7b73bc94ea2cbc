namespace Backends.Conformance;

/// <summary>What a worker does with a device: the suite's Bench, or a test's stand-in.</summary>
internal interface ICaseRunner : IDisposable
{
    /// <summary>Opens the device.</summary>
    /// <exception cref="BackendException">It cannot be used; the message lists devices and reasons.</exception>
    DeviceFacts Open(string device, IReadOnlyList<string> plugins);

    /// <summary>Runs and judges one case. Whatever the device does wrong is a verdict, never an exception.</summary>
    CaseResult Run(Case c);
}

/// <summary>The worker's side of the protocol: reads requests until its input ends, answers each.</summary>
internal static class WorkerLoop
{
    public static void Run(TextReader requests, TextWriter replies, ICaseRunner runner)
    {
        while (requests.ReadLine() is { } line)
            if (ProtocolJson.ReadRequest(line) is { } request) replies.WriteLine(ProtocolJson.Write(Answer(request, runner)));
    }

    private static Reply Answer(Request request, ICaseRunner runner)
    {
        try
        {
            return request.Do == "open" ? new Reply { Opened = runner.Open(request.Device!, request.Plugins ?? []) } : new Reply { Result = runner.Run(CaseId.Parse(request.Id!)) };
        }
        catch (BackendException refusal) when (request.Do == "open")
        {
            return new Reply { Refused = refusal.Message };
        }
        catch (Exception broken)
        {
            return new Reply { Broken = broken.ToString() };
        }
    }
}
