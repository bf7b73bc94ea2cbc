using System.Text.RegularExpressions;

namespace Backends.Cli.Generate;

/// <summary>
/// Code in pages is code that compiles: a line <c>&lt;!-- quote: samples/FirstApp/Program.cs --&gt;</c> before a fenced block says which file, or which
/// named part of it (<c>#name</c>, between the comments <c>quote name</c> and <c>end name</c>), the block holds. A part of a doc comment loses its
/// slashes.
/// </summary>
internal static partial class Quotes
{
    /// <summary>Every page of the repository that quotes: its path, and its text with the quotes as the files have them now.</summary>
    public static IEnumerable<(string Path, string Text)> Pages(string root)
    {
        string docs = Path.Combine(root, "docs");
        var pages = Directory.EnumerateFiles(root, "*.md").Concat(Directory.Exists(docs) ? Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories) : []);
        foreach (string page in pages.Order(StringComparer.Ordinal))
        {
            string text = File.ReadAllText(page).ReplaceLineEndings("\n");
            if (Block().IsMatch(text)) yield return (Path.GetRelativePath(root, page), Block().Replace(text, m => Renewed(root, page, m)));
        }
    }

    private static string Renewed(string root, string page, Match block)
    {
        string[] source = block.Groups["source"].Value.Split('#');
        string file = Path.Combine(root, source[0]);
        if (!File.Exists(file)) throw new FileNotFoundException($"{page} quotes {source[0]}, which is not there.");
        string text = File.ReadAllText(file).ReplaceLineEndings("\n").TrimStart('\uFEFF');
        if (source.Length > 1) text = Part(text, source[1]) ?? throw new InvalidDataException($"{page} quotes {source[0]}#{source[1]}: the file has no part of that name.");
        return $"{block.Groups["head"].Value}{text.TrimEnd('\n')}\n```";
    }

    private static string? Part(string text, string name)
    {
        string[] lines = text.Split('\n');
        int from = Array.FindIndex(lines, l => Comment(l).EndsWith($"quote {name}", StringComparison.Ordinal));
        int to = Array.FindIndex(lines, l => Comment(l).EndsWith($"end {name}", StringComparison.Ordinal));
        if (from < 0 || to < from) return null;
        string[] part = lines[(from + 1)..to];
        if (part.All(l => l.TrimStart().StartsWith("///", StringComparison.Ordinal)) && lines[from].TrimEnd().EndsWith("-->", StringComparison.Ordinal))
            part = [.. part.Select(l => l.TrimStart()[3..])];
        int indent = part.Where(l => l.Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', part.Select(l => l.Length > indent ? l[indent..] : ""));
    }

    // Without what ends a comment in C#, C or XML.
    private static string Comment(string line) => line.TrimEnd(' ', '*', '/', '-', '>');

    [GeneratedRegex(@"(?<head><!-- quote: (?<source>\S+) -->\n```[a-z]*\n)[\s\S]*?```")]
    private static partial Regex Block();
}
