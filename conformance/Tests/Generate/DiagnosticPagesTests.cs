using System.Text.RegularExpressions;
using Backends.Cli.Generate;
using Xunit;

namespace Backends.Conformance.Tests.Generate;

/// <summary>Whoever meets an id finds its page.</summary>
public sealed partial class DiagnosticPagesTests
{
    [Fact]
    public void Every_id_that_the_code_can_say_has_a_page_and_no_page_is_left_over()
    {
        string root = Generated.RootAbove(AppContext.BaseDirectory)!;
        string[] folders = ["sdk", "backends", "conformance/Backends.Conformance", "conformance/Backends.Cli"];
        var said = folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(root, f), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Id().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)).Distinct().Order();
        var pages = Directory.EnumerateFiles(Path.Combine(root, "docs/diagnostics"), "BK*.md").Select(p => Path.GetFileNameWithoutExtension(p)!).Order();
        Assert.Equal(pages, said);
    }

    [GeneratedRegex("\"(BK[0-9]{4})[\" ]")]
    private static partial Regex Id();
}
