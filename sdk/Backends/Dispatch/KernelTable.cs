using Backends.Plugins;

namespace Backends;

/// <summary>
/// A device's kernels, found by two array loads: operator number, then combination of dtypes. Made when the device is opened, never changed.
/// Records that no call could use are left out, each with a reason; the rest works (KER-7).
/// </summary>
internal sealed class KernelTable
{
    private readonly Candidate?[][] _candidates;
    private readonly List<string> _notes = [];

    public KernelTable(KernelList list)
    {
        var kernels = list.Kernels;
        _notes.AddRange(list.Notes);
        var operators = CoreOperators.All;
        _candidates = new Candidate?[operators.Max(o => o.Number) + 1][];
        Fast = new Candidate?[_candidates.Length][];
        // Numbers are dense over all operators of the process, the catalogue's among them: others leave rows without room.
        Array.Fill(_candidates, []);
        Array.Fill(Fast, []);
        foreach (var op in operators)
        {
            _candidates[op.Number] = new Candidate?[op.CombinationCount];
            Fast[op.Number] = new Candidate?[op.CombinationCount];
        }
        // Built from the back, so that each chain runs from the highest priority down, then in order of registration (KER-4).
        foreach (var kernel in kernels.Select((k, i) => (k, i)).OrderBy(p => p.k.Priority).ThenByDescending(p => p.i).Select(p => p.k)) Add(kernel);
    }

    /// <summary>For the fast path: the first candidate, where it takes every plain call.</summary>
    public Candidate?[][] Fast { get; }

    /// <summary>Records that were left out, with the reason.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The first candidate, or null.</summary>
    public Candidate? First(Operator op, int combination) =>
        op.Number < _candidates.Length && combination < _candidates[op.Number].Length ? _candidates[op.Number][combination] : null;

    /// <summary>How many records there are for an operator.</summary>
    public int Count(Operator op) => op.Number < _candidates.Length ? _candidates[op.Number].Count(c => c is not null) : 0;

    private unsafe void Add(Kernel kernel)
    {
        var op = CoreOperators.All.FirstOrDefault(o => o.Name == kernel.Operator);
        string? problem =
            op is null ? $"there is no operator '{kernel.Operator}'"
            : op.Kind == OperatorKind.View ? $"'{op.Name}' is done by the host"
            : kernel.Run == null && kernel.RunNative == null ? "it has no code"
            : kernel.Types.Count != op.Schema.FreeVariables.Count() ? $"'{op.Name}' has {op.Schema.FreeVariables.Count()} type variables, the record names {kernel.Types.Count}"
            : op.Schema.FreeVariables.Zip(kernel.Types).FirstOrDefault(p => !p.First.DTypes.Contains(p.Second)) is { First: not null } wrong ? $"'{op.Name}' has no {wrong.First.Name} = {wrong.Second.Name}"
            : null;
        if (problem is not null)
        {
            _notes.Add($"kernel {kernel.Name} is left out: {problem}");
            return;
        }
        int combination = Operator.Combination([.. kernel.Types]);
        ref var first = ref _candidates[op!.Number][combination];
        first = new Candidate(op, kernel, first);
        Fast[op.Number][combination] = first.IsSimple && op.ResultIsLikeInputs ? first : null;
    }
}
