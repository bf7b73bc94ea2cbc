using System.CommandLine;
using Backends.Conformance;

namespace Backends.Cli.Verbs;

/// <summary>The verb <c>include</c>: prints the folder to give to a C compiler as <c>-I</c>; in it lie backends/*.h.</summary>
internal static class IncludeVerb
{
    public static Command Create() => VerbOptions.On(new Command("include", "Prints the folder of backends/*.h."), (_, answer) =>
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "include");
        if (answer.IsJson) answer.Write(new IncludeReport(1, folder));
        else answer.Text.Line(folder);
        return ExitCode.Yes;
    }, asksDevices: false);
}
