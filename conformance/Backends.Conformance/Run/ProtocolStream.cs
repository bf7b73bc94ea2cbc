using System.Runtime.InteropServices;

namespace Backends.Conformance;

/// <summary>
/// A worker's way to the run: the process's standard output as it was at the start. Everybody else's output is led to standard error first,
/// so that neither <c>Console.WriteLine</c> nor a plugin's <c>printf</c> can break a line of the protocol (OBJ-14 forbids them; a suite does not rely on it).
/// </summary>
internal static partial class ProtocolStream
{
    private const int Output = 1, Error = 2;

    /// <summary>Takes standard output away from everybody else. To be called before any plugin's code is loaded.</summary>
    public static TextWriter Take()
    {
        var stream = Console.OpenStandardOutput();            // on Unix a duplicate, which stays where it is; unlike a file's stream it moves on with who writes after it
        if (!OperatingSystem.IsWindows() && DuplicateTo(Error, Output) < 0) throw new IOException("Standard output cannot be led to the error output.");
        Console.SetOut(Console.Error);
        return new StreamWriter(stream) { AutoFlush = true, NewLine = "\n" };
    }

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int DuplicateTo(int from, int to);
}
