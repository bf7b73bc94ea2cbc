using System.CommandLine;
using Backends.Cli.Generate;

namespace Backends.Cli.Verbs;

/// <summary>The verb <c>generate</c>, for maintainers: writes the files that are derived from the operators' declarations.</summary>
internal static class GenerateVerb
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; name the stale files and exit 2 if there are any." };
        var command = new Command("generate", "Writes header, lock and table from the operators' declarations, and renews the code that pages quote.") { check };
        command.SetAction(result => Run(result.GetValue(check)));
        return command;
    }

    private static int Run(bool check)
    {
        if (Generated.RootAbove(Environment.CurrentDirectory) is not { } root)
        {
            Console.Error.WriteLine("The current directory is in no checkout of Backends; there is nothing to write.");
            return 1;
        }
        var stale = check ? Generated.Stale(root) : Generated.Write(root);
        foreach (string path in stale) Console.WriteLine($"{(check ? "stale" : "written")}  {path}");
        if (stale.Count == 0) Console.WriteLine($"{Generated.Files(root).Count} files are up to date");
        return check && stale.Count > 0 ? 2 : 0;
    }
}
