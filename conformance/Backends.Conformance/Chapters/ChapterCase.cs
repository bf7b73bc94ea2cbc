using System.Globalization;

namespace Backends.Conformance;

/// <summary>A check of a chapter with its data: <c>queues/QUE-7/fan-out</c>, <c>memory/MEM-2/sizes/n=40/seed=7</c>.</summary>
internal sealed class ChapterCase(Chapter chapter, Check check) : Case
{
    /// <summary>What is checked.</summary>
    public Check Check => check;

    /// <summary>How often; 0 where that is no question.</summary>
    public int Count { get; init; }

    /// <inheritdoc/>
    public override string Subject => chapter.Name;

    /// <inheritdoc/>
    public override string Aspect { get; init; } = chapter.Name;

    /// <summary>The same case with the seed that it has in a run.</summary>
    public ChapterCase In(ulong run) => check.IsRandom ? new(chapter, check) { Count = Count, Seed = SeedOf(run, Id) } : this;

    /// <summary>Rebuilds a case from its parts.</summary>
    /// <exception cref="ConformanceException">The text is no id; the message says what comes nearest.</exception>
    public static ChapterCase Parse(string id, Chapter chapter, string[] parts)
    {
        if (parts.Length < 3) throw CaseId.Bad(id, "a chapter's id has at least chapter, clause and name");
        string asked = $"{parts[1]}/{parts[2]}";
        var check = chapter.Checks.FirstOrDefault(c => Key(c) == asked)
            ?? throw CaseId.Bad(id, $"chapter {chapter.Name} has no check '{asked}'{Nearest.Hint(asked, chapter.Checks.Select(Key))}");
        int at = 3;
        ulong count = check.Count > 0 ? Setting(id, parts, at++, "n") : 0;
        ulong seed = check.IsRandom ? Setting(id, parts, at++, "seed") : 0;
        if (check.Count > 0 && count is 0 or > int.MaxValue) throw CaseId.Bad(id, "n must be 1 or more");
        return at == parts.Length ? new ChapterCase(chapter, check) { Count = (int)count, Seed = seed } : throw CaseId.Bad(id, $"'{parts[at]}' is too much");
    }

    /// <inheritdoc/>
    protected override string Write() => $"{chapter.Name}/{Key(check)}{(check.Count > 0 ? $"/n={Count}" : "")}{(check.IsRandom ? $"/seed={Seed}" : "")}";

    private static string Key(Check check) => $"{check.Clause}/{check.Name}";

    private static ulong Setting(string id, string[] parts, int at, string name)
    {
        if (at < parts.Length && parts[at].StartsWith($"{name}=", StringComparison.Ordinal)
            && ulong.TryParse(parts[at].AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)) return value;
        throw CaseId.Bad(id, $"'{name}=' with a number is missing");
    }
}
