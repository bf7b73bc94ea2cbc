using System.CommandLine;
using Backends.Conformance;

namespace Backends.Cli.Verbs;

/// <summary>The hidden verb `worker`: runs cases that another process of this tool sends, until its input ends.</summary>
internal static class WorkerVerb
{
    public static Command Create()
    {
        var verb = new Command(WorkerCommand.Verb, "Runs cases for 'conform'; not for people.") { Hidden = true };
        verb.SetAction(_ => Run());
        return verb;
    }

    private static int Run()
    {
        // Ctrl-C goes to the whole group of processes; the run decides, and closes this one's input.
        Console.CancelKeyPress += (_, key) => key.Cancel = true;
        using var replies = ProtocolStream.Take();
        using var bench = new Bench();
        WorkerLoop.Run(Console.In, replies, bench);
        return 0;
    }
}
