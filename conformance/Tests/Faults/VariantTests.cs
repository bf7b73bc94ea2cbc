using Xunit;

namespace Backends.Conformance.Tests.Faults;

/// <summary>The suite's other duty: kernels that differ from ours and are right pass everything, with several seeds.</summary>
public sealed class VariantTests
{
    private static readonly Dictionary<string, Fault> s_variants = Variants.All.Concat(OrderFaults.Variants).Concat(WindowFaults.Variants).Concat(RowFaults.Variants).Concat(AttentionFaults.Variants).ToDictionary(v => $"{v.Operator} {v.Types}: {v.Name}");

    public static TheoryData<string> Names() => new(s_variants.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_different_but_right_kernel_passes_everything(string name)
    {
        foreach (ulong seed in (ulong[])[1, 2, 3])
        {
            var results = Planted.Run(s_variants[name], seed).Where(r => r.Case.Error is null).ToArray();
            string[] findings = [.. results.Where(r => r.Result.Verdict.IsFinding).Select(r => $"{r.Case} {r.Result.Reason} {r.Result.Expected} {r.Result.Actual}")];
            Assert.True(findings.Length == 0, string.Join('\n', findings));
            Assert.Contains(results, r => r.Result is { Verdict: Verdict.Pass, Ran: Route.Native });
        }
    }
}
