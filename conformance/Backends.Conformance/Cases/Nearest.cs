namespace Backends.Conformance;

/// <summary>Which name somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>Everything that an id may begin with.</summary>
    public static IEnumerable<string> Subjects => Chapter.All.Select(c => c.Name).Concat(CoreOperators.All.Select(o => o.Name));

    /// <summary>The nearest of some names, or null when none is near.</summary>
    public static string? To(string text, IEnumerable<string> names)
    {
        string? nearest = names.MinBy(name => Distance(text, name));
        return nearest is not null && Distance(text, nearest) <= Math.Max(2, text.Length / 3) ? nearest : null;
    }

    /// <summary>For example <c>; nearest: relu</c>, or nothing.</summary>
    public static string Hint(string text, IEnumerable<string> names) => To(text, names) is { } name ? $"; nearest: {name}" : "";

    // Levenshtein: the fewest letters to insert, delete or replace.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
