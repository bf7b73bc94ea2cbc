using System.Text;
using System.Text.RegularExpressions;

namespace Backends.Conformance;

/// <summary>A pattern over ids: <c>*</c> stays within a part, <c>**</c> crosses slashes; a pattern without a slash is an operator's name.</summary>
internal sealed class CaseFilter
{
    private readonly Regex _regex;
    private readonly bool _operatorOnly;

    public CaseFilter(string pattern)
    {
        Pattern = pattern;
        _operatorOnly = !pattern.Contains('/');
        var text = new StringBuilder("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            bool crosses = pattern.AsSpan(i).StartsWith("**");
            if (crosses) i++;
            text.Append(pattern[i] switch
            {
                '*' => crosses ? ".*" : "[^/]*",
                '?' => "[^/]",
                char c => Regex.Escape(c.ToString()),
            });
        }
        _regex = new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    public string Pattern { get; }

    public bool Matches(Case c) => _regex.IsMatch(_operatorOnly ? c.Operator.Name : c.Id);

    /// <summary>The error for a pattern that selects nothing: BK5001 with the operator whose name is nearest.</summary>
    public ConformanceException NoMatch(string device)
    {
        string head = Pattern.Split('/')[0];
        var nearest = CoreOperators.All.Select(o => o.Name).MinBy(name => Distance(head, name));
        bool near = nearest is not null && Distance(head, nearest) <= Math.Max(2, head.Length / 3);
        string why = CoreOperators.All.Any(o => o.Name == head) ? $"'{head}' is an operator, the rest selects none of its cases" : $"nearest operator: {(near ? nearest : "none")}";
        return new ConformanceException($"No case matches '{Pattern}'.", why, $"backends conform {device} --list");
    }

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
