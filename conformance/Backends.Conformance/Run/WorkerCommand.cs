using System.Diagnostics;

namespace Backends.Conformance;

/// <summary>How to start a worker: a program and its arguments.</summary>
internal sealed record WorkerCommand(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>The verb of the tool that is a worker; it is not listed in the help.</summary>
    public const string Verb = "worker";

    /// <summary>This very program, started again as a worker.</summary>
    public static WorkerCommand Same()
    {
        string process = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        bool isRuntime = Path.GetFileNameWithoutExtension(process) == "dotnet";
        return new WorkerCommand(process, isRuntime ? [Environment.GetCommandLineArgs()[0], Verb] : [Verb]);
    }

    public ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(File, Arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // A crash is a result: no dump of it, and no minutes spent on writing one.
        info.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return info;
    }
}
