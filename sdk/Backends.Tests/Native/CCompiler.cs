using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Backends.Tests.Native;

/// <summary>The machine's C compiler, <c>cc</c>. Tests that need it are skipped where there is none: the SDK alone is enough to pass.</summary>
internal static class CCompiler
{
    private static readonly Lazy<bool> s_isPresent = new(() => Find("cc"));

    /// <summary>Ends the running test as skipped when there is no compiler.</summary>
    public static void Require() => Assert.SkipUnless(s_isPresent.Value, "there is no C compiler (cc) on this machine");

    /// <summary>The folder of backends/*.h.</summary>
    public static string Include { get; } = Path.Combine(Repository(), "sdk", "include");

    /// <summary>A file of the samples, for example <c>MinimalNative/minimal.c</c>.</summary>
    public static string Sample(string path) => Path.Combine(Repository(), "samples", path);

    /// <summary>Compiles a text of C11.</summary>
    /// <param name="source">The text.</param>
    /// <param name="output">The file to write: a library when its name says so, else a program.</param>
    public static void Compile(string source, string output)
    {
        string file = Path.ChangeExtension(output, ".c");
        File.WriteAllText(file, source);
        CompileFile(file, output);
    }

    /// <summary>Compiles a file of C11 as vendors are told to, warnings being errors.</summary>
    public static void CompileFile(string file, string output, params string[] options)
    {
        Require();
        string[] shape = Path.GetExtension(output) is ".so" or ".dylib" ? ["-fPIC", "-shared", "-fvisibility=hidden"] : [];
        (int code, string text) = Run("cc", ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", .. shape, .. options, "-I", Include, file, "-o", output]);
        Assert.True(code == 0, text);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, and what it printed.</returns>
    public static (int Code, string Text) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text + errors.Result);
    }

    private static bool Find(string program) => !RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, program)));

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "sdk", "include", "backends", "backend.h"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"no backends/backend.h above {AppContext.BaseDirectory}");
    }
}
