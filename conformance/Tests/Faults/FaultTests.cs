using Xunit;

namespace Backends.Conformance.Tests.Faults;

/// <summary>The suite's own test: each planted fault is found, by the aspect, fill or verdict that names it.</summary>
public sealed class FaultTests
{
    private static readonly Dictionary<string, Fault> s_faults =
        StructureFaults.All.Concat(ValueFaults.All).Concat(FunctionFaults.All).Concat(TermFaults.All).Concat(OrderFaults.All)
            .Concat(WindowFaults.All).Concat(RowFaults.All).Concat(AttentionFaults.All).Concat(DrawFaults.All).ToDictionary(f => $"{f.Operator} {f.Types}: {f.Name}");

    public static TheoryData<string> Names() => new(s_faults.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_fault_is_found(string name)
    {
        var fault = s_faults[name];
        bool Named((CallCase Case, CaseResult Result) r) => r.Result.Verdict.IsFinding && (fault.By == r.Case.Aspect || fault.By == r.Case.Fill || fault.By == r.Result.Verdict.Word || fault.By.Length == 0);
        Assert.Contains(Planted.Run(fault), Named);
    }
}

/// <summary>Runs a planted kernel through the cases of its operator and dtypes.</summary>
internal static class Planted
{
    private static readonly Dictionary<ulong, IReadOnlyList<CallCase>> s_cases = [];

    /// <summary>One case after the other, as they are asked for; those that must find it first.</summary>
    public static IEnumerable<(CallCase Case, CaseResult Result)> Run(Fault fault, ulong seed = 1)
    {
        using var bench = new Bench(folders => BackendHost.FromPlugins(folders).Add("faulty", new FaultyBackend(fault)));
        bench.Open("faulty", [Path.Combine(AppContext.BaseDirectory, "backends")]);
        var cases = Cases(seed).Where(c => c.Operator.Name == fault.Operator && fault.Has(c.TypeText));
        foreach (var c in cases.OrderByDescending(c => c.Aspect == fault.By || c.Fill == fault.By)) yield return (c, bench.Run(c));
    }

    private static IReadOnlyList<CallCase> Cases(ulong seed)
    {
        lock (s_cases) return s_cases.TryGetValue(seed, out var cases) ? cases : s_cases[seed] = Profile.Smoke.CallCases(seed);
    }
}
