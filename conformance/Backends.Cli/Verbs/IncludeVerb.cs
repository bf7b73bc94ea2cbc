using System.CommandLine;

namespace Backends.Cli.Verbs;

/// <summary>The verb <c>include</c>: prints the folder to give to a C compiler as <c>-I</c>; in it lie backends/*.h.</summary>
internal static class IncludeVerb
{
    public static Command Create()
    {
        var command = new Command("include", "Prints the folder of backends/*.h.");
        command.SetAction(_ => Console.WriteLine(Path.Combine(AppContext.BaseDirectory, "include")));
        return command;
    }
}
