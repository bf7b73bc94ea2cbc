namespace Backends.Conformance;

/// <summary>Counts that always add up: every case selected is under exactly one verdict.</summary>
internal sealed class Totals
{
    private readonly Dictionary<(string Subject, Verdict Verdict), int> _counts = [];
    private readonly Dictionary<string, (double Margin, string DType)> _worst = [];
    private readonly Dictionary<string, HashSet<string>> _natively = [], _ways = [];
    private readonly List<string> _findings = [];
    private readonly HashSet<string> _operators = [];
    private static readonly string[] s_ways = [Route.Native, Route.Decomposed, Route.Fallback, Route.Host];

    public int Count => _counts.Values.Sum();

    /// <summary>The operators that have cases, in the order of their first.</summary>
    public IEnumerable<string> Operators => _operators.Order(StringComparer.Ordinal);

    /// <summary>Whether any case was a chapter's.</summary>
    public bool HasChapters => _counts.Keys.Any(k => !_operators.Contains(k.Subject));

    /// <summary>The operators and chapters with findings.</summary>
    public IEnumerable<string> Culprits => _findings.Distinct();

    public int Findings => _findings.Count;

    /// <summary>Cases at which the suite itself failed.</summary>
    public int Broken { get; private set; }

    public int this[Verdict verdict] => _counts.Where(c => c.Key.Verdict == verdict).Sum(c => c.Value);

    public int this[string op, Verdict verdict] => _counts.GetValueOrDefault((op, verdict));

    /// <summary>How many cases of all chapters together ended so.</summary>
    public int OfChapters(Verdict verdict) => _counts.Where(c => c.Key.Verdict == verdict && !_operators.Contains(c.Key.Subject)).Sum(c => c.Value);

    /// <summary>The verdicts that occurred, with their counts.</summary>
    public IEnumerable<(Verdict Verdict, int Count)> Verdicts => Enum.GetValues<Verdict>().Select(v => (v, this[v])).Where(v => v.Item2 > 0);

    /// <summary>An operator's largest margin below a finding's, and its dtype.</summary>
    public (double Margin, string DType)? Worst(string op) => _worst.TryGetValue(op, out var worst) ? worst : null;

    /// <summary>The dtypes for which an operator passed on the device's own kernels, or was decomposed onto them.</summary>
    public IReadOnlyCollection<string> Proven(string op) => _natively.TryGetValue(op, out var dtypes) ? dtypes : [];

    /// <summary>How many operators ran a way: <c>native</c>, <c>decomposed</c>, <c>fallback</c>. One that ran several ways counts once, for the best of them.</summary>
    public int Operated(string way) => _ways.Count(o => Way(o.Value) == way);

    public void Add(CaseFinished finished)
    {
        string op = finished.Case.Subject;
        var result = finished.Result;
        _counts[(op, result.Verdict)] = _counts.GetValueOrDefault((op, result.Verdict)) + 1;
        if (result.Broken) Broken++;
        if (result.Verdict.IsFinding) _findings.Add(op);
        if (finished.Case is not CallCase call) return;
        _operators.Add(op);
        if (result.Verdict != Verdict.Pass) return;
        if (result.Ran is { } way) Set(_ways, op).Add(way);
        if (result.Ran is Route.Native or Route.Decomposed) Set(_natively, op).Add(call.TypeText);
        if (result.Margin is { } margin && (Worst(op)?.Margin ?? -1) < margin) _worst[op] = (margin, call.TypeText);
    }

    private static string Way(HashSet<string> ways) => s_ways.First(ways.Contains);

    private static HashSet<string> Set(Dictionary<string, HashSet<string>> sets, string op) =>
        sets.TryGetValue(op, out var set) ? set : sets[op] = new(StringComparer.Ordinal);
}
