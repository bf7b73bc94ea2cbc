using Xunit;

namespace Backends.Conformance.Tests.Faults;

/// <summary>A finding says what is wrong: the fault's own name, and no fill that it does not concern.</summary>
public sealed class DiagnosisTests
{
    [Fact]
    public void An_unwritten_tail_is_named_by_its_poison_and_its_place()
    {
        var findings = Findings(StructureFaults.All, "the last element of a row of 33 is not written");
        Assert.All(findings, f => Assert.Equal(33, f.Case.Shapes[0][^1]));
        Assert.Contains(findings, f => f.Result.Reason!.Contains("unwritten", StringComparison.Ordinal) && f.Result.Reason.Contains("last element", StringComparison.Ordinal));
    }

    [Fact]
    public void A_narrow_accumulator_is_no_finding_of_the_fill_that_proves_structure() =>
        Assert.DoesNotContain(Findings(TermFaults.All, "an f16 accumulator", "f16"), f => f.Case.Fill == FillAxis.Integers);

    [Fact]
    public void A_lost_NaN_is_named_and_found_among_special_values_alone()
    {
        var findings = Findings(TermFaults.All, "NaN never wins");
        Assert.All(findings, f => Assert.Equal("special", f.Case.Aspect));
        Assert.Contains(findings, f => f.Result.Reason!.Contains("NaN lost", StringComparison.Ordinal));
    }

    [Fact]
    public void A_write_past_the_end_says_where() =>
        Assert.Contains(Findings(StructureFaults.All, "one element too many is written at a width of 33"), f => f.Result.Verdict == Verdict.OutOfBounds && f.Result.Reason!.Contains("after", StringComparison.Ordinal));

    private static (CallCase Case, CaseResult Result)[] Findings(IEnumerable<Fault> faults, string name, string types = "f32")
    {
        var findings = Planted.Run(faults.First(f => f.Name == name && f.Types == types)).Where(r => r.Result.Verdict.IsFinding).ToArray();
        Assert.NotEmpty(findings);
        return findings;
    }
}
