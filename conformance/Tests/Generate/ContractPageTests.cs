using System.Text.RegularExpressions;
using Backends.Cli.Generate;
using Xunit;

namespace Backends.Conformance.Tests.Generate;

/// <summary>A clause that code cites can be looked up.</summary>
public sealed partial class ContractPageTests
{
    [Fact]
    public void Every_clause_that_is_cited_stands_in_the_contract_once()
    {
        string root = Generated.RootAbove(AppContext.BaseDirectory)!;
        var stated = Statement().Matches(File.ReadAllText(Path.Combine(root, "docs/contract.md"))).Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(stated.Distinct(), stated);
        var cited = Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories)
            .Where(f => !f.StartsWith(Path.Combine(root, "artifacts"), StringComparison.Ordinal) && Path.GetExtension(f) is ".cs" or ".h" or ".c" or ".md" or ".targets")
            .SelectMany(f => Clause().Matches(File.ReadAllText(f)).Select(m => m.Value)).Distinct();
        Assert.Empty(cited.Except(stated).Order());
    }

    [GeneratedRegex(@"\*\*([A-Z]{3}-[0-9]+) [PHB]\*\*")]
    private static partial Regex Statement();

    [GeneratedRegex(@"\b(OBJ|DIS|MEM|QUE|KER|CAP|FAL|RND|CUS|ABI|MAN|OBS)-[0-9]+\b")]
    private static partial Regex Clause();
}
