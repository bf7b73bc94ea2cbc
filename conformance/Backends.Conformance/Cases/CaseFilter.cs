using System.Text;
using System.Text.RegularExpressions;

namespace Backends.Conformance;

/// <summary>A pattern over ids: <c>*</c> stays within a part, <c>**</c> crosses slashes; a pattern without a slash is an operator's or a chapter's name.</summary>
/// <remarks>Of a chapter's ids a pattern may leave the last parts out: <c>queues/*</c>, <c>queues/QUE-7</c>.</remarks>
internal sealed class CaseFilter
{
    private readonly Regex _regex;
    private readonly bool _subjectOnly;

    public CaseFilter(string pattern)
    {
        Pattern = pattern;
        _subjectOnly = !pattern.Contains('/');
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

    public bool Matches(Case c)
    {
        if (_subjectOnly) return _regex.IsMatch(c.Subject);
        if (_regex.IsMatch(c.Id)) return true;
        if (c is not ChapterCase) return false;
        for (int end = c.Id.LastIndexOf('/'); end > 0; end = c.Id.LastIndexOf('/', end - 1))
            if (_regex.IsMatch(c.Id.AsSpan(0, end))) return true;
        return false;
    }

    /// <summary>The error for a pattern that selects nothing: BK5001 with the operator or chapter whose name is nearest.</summary>
    public ConformanceException NoMatch(string device)
    {
        string head = Pattern.Split('/')[0];
        string why = CoreOperators.All.Any(o => o.Name == head) ? $"'{head}' is an operator, the rest selects none of its cases"
            : Chapter.All.Any(c => c.Name == head) ? $"'{head}' is a chapter, the rest selects none of its cases"
            : Names.Nearest(head, Nearest.Subjects) is { } name && Chapter.All.Any(c => c.Name == name) ? $"nearest chapter: {name}"
            : $"nearest operator: {Names.Nearest(head, CoreOperators.All.Select(o => o.Name)) ?? "none"}";
        return new ConformanceException($"No case matches '{Pattern}'.", why, $"backends conform {device} --list");
    }
}
