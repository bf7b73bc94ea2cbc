namespace Backends;

/// <summary>Which name somebody may have meant. Generators and host compile this text too.</summary>
internal static class Names
{
    /// <summary>The nearest of some names, or null when none is near.</summary>
    public static string? Nearest(string text, IEnumerable<string> names)
    {
        var (name, edits) = names.Select(name => (name, Edits: Edits(text.ToLowerInvariant(), name.ToLowerInvariant()))).OrderBy(n => n.Edits).FirstOrDefault();
        return name is not null && edits <= Math.Max(2, text.Length / 3) ? name : null;
    }

    // Levenshtein's distance, with a swap of neighbours as one edit: most slips of the hand are swaps.
    private static int Edits(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
