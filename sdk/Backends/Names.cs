namespace Backends;

/// <summary>Which name somebody may have meant.</summary>
internal static class Names
{
    /// <summary>The nearest of some names, or null when none is near.</summary>
    public static string? Nearest(string text, IEnumerable<string> names)
    {
        text = text.ToLowerInvariant();
        string? nearest = names.MinBy(name => Distance(text, name.ToLowerInvariant()));
        return nearest is not null && Distance(text, nearest.ToLowerInvariant()) <= Math.Max(2, text.Length / 3) ? nearest : null;
    }

    // Levenshtein: the fewest letters to insert, delete or replace.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
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
