using System.Text;
using System.Text.RegularExpressions;
using Backends.Conformance;

namespace Backends.Cli.Generate;

/// <summary>Writes docs/chapters.md: which clause of the contract is proven on a device by which checks, and which clause by none.</summary>
internal static partial class ChapterTable
{
    /// <param name="contract">The page with the clauses; empty where there is none.</param>
    public static string Write(string contract)
    {
        var text = new StringBuilder(Head);
        foreach (var chapter in Chapter.All)
            foreach (var clause in chapter.Checks.GroupBy(c => c.Clause).OrderBy(g => g.Key[..4], StringComparer.Ordinal).ThenBy(g => int.Parse(g.Key[4..])))
                text.Append($"| {chapter.Name} | {clause.Key} | {string.Join(", ", clause.Select(c => $"`{c.Name}`{Marks(c)}"))} |\n");
        var proven = Chapter.All.SelectMany(c => c.Checks).Select(c => c.Clause).ToHashSet();
        string[] others = [.. Clause().Matches(contract).Select(m => m.Groups[1].Value).Where(c => !proven.Contains(c))];
        text.Append($"\nClauses without a check of their own: {string.Join(", ", others)}. They are the operators' cases', the host's own tests', or of a kind that no run on a device shows.\n");
        return text.ToString();
    }

    private static string Marks(Check check) => check.Needs switch
    {
        Needs.Nothing => "",
        Needs.Timeline => " (timeline)",
        Needs.Queue => " (queue)",
        Needs.SmallMemory or Needs.MemoryLimit => " (small)",
        _ => " (synchronous)",
    };

    private const string Head = """
        # Chapters: what is proven of the device itself

        Written by `backends generate` from the checks in conformance/Backends.Conformance/Chapters; do not edit. What a clause says: [contract.md](contract.md).

        A case is `chapter/clause/check`, with `n=` for how often and `seed=` for its data where there are any: `queues/QUE-2/order/n=10/seed=7`. What a check cannot do
        without stands behind it, and without it the case is `unsupported`: *queue*: memory of the device's own, so that a queue copies; *timeline*: an asynchronous device;
        *synchronous*: one that is not; *small*: at most 256 MiB of memory, or a device that the suite may open again with `memory-limit`.

        | chapter | clause | checks |
        |---|---|---|

        """;

    [GeneratedRegex(@"\*\*([A-Z]{3}-[0-9]+) [PHB]\*\*")]
    private static partial Regex Clause();
}
