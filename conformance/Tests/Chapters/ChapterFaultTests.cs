using Xunit;

namespace Backends.Conformance.Tests.Chapters;

/// <summary>The chapters' own test: each fault is found by the case that names its clause, and that case passes on the right device (<see cref="RightDeviceTests"/>).</summary>
public sealed class ChapterFaultTests
{
    private static readonly Dictionary<string, ChapterFault> s_faults = MemoryFaults.All.Concat(QueueFaults.All).Concat(CallFaults.All).ToDictionary(f => $"{f.Case}: {f.Name}");

    public static TheoryData<string> Names() => new(s_faults.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fault_is_found_by_the_case_of_its_clause(string name)
    {
        var fault = s_faults[name];
        string[] parts = fault.Case.Split('/');
        var c = Assert.Single(On.Cases(parts[0]), c => c.Id == fault.Case || c.Id.StartsWith(fault.Case + "/", StringComparison.Ordinal));
        // A race is not lost each time: three tries, which any sane machine loses once.
        var result = Enumerable.Range(0, 3).Select(_ => On.Run(fault.Device, c)[0]).SkipWhile(r => r.Verdict == Verdict.Pass).FirstOrDefault();
        Assert.NotNull(result);
        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.StartsWith($"{parts[1]}: ", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_chapter_has_faults() => Assert.Empty(Chapter.All.Select(c => c.Name).Except(s_faults.Values.Select(f => f.Case.Split('/')[0])));
}
