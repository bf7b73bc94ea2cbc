using Backends.Hosting;

namespace Backends.Cli.Generate;

/// <summary>
/// The files that are derived from the operators' declarations and committed, because a C compiler, a reviewer and a reader want files:
/// the C header, the lock of the generated members, the tables of operators and of chapters, what editors and readers know of the configuration; and the
/// code that pages quote. A test says when one is stale.
/// </summary>
internal static class Generated
{
    /// <summary>What to do about a stale file.</summary>
    public const string Remedy = "dotnet run --project conformance/Backends.Cli -- generate";

    /// <summary>Every derived file: where it lies below the repository's root, and what it must hold.</summary>
    public static IReadOnlyList<(string Path, string Text)> Files(string root) =>
    [
        ("sdk/include/backends/operators.h", OperatorHeader.Write(CoreOperators.All)),
        ("sdk/operators.lock", OperatorLock.Write()),
        ("docs/operators.md", OperatorTable.Write(CoreOperators.All)),
        ("sdk/Backends.Hosting/ConfigurationSchema.json", OptionSchema.Json()),
        ("docs/configuration.md", OptionSchema.Page()),
        ("docs/chapters.md", ChapterTable.Write(Read(root, "docs/contract.md") ?? "")),
        .. Quotes.Pages(root),
    ];

    /// <summary>The files that do not hold what they must.</summary>
    public static IReadOnlyList<string> Stale(string root) => [.. StaleFiles(root).Select(f => f.Path)];

    /// <summary>Writes the stale files and names them.</summary>
    public static IReadOnlyList<string> Write(string root)
    {
        var stale = StaleFiles(root);
        foreach (var (path, text) in stale)
        {
            string full = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }
        return [.. stale.Select(f => f.Path)];
    }

    /// <summary>The repository that holds a folder, or null.</summary>
    public static string? RootAbove(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (Directory.Exists(Path.Combine(at.FullName, "sdk", "Backends.Abstractions"))) return at.FullName;
        return null;
    }

    private static List<(string Path, string Text)> StaleFiles(string root) => [.. Files(root).Where(f => Read(root, f.Path) != f.Text)];

    // A checkout may have turned line ends; what counts is the text.
    private static string? Read(string root, string path)
    {
        string full = Path.Combine(root, path);
        return File.Exists(full) ? File.ReadAllText(full).ReplaceLineEndings("\n") : null;
    }
}
