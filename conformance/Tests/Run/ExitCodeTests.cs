using Xunit;

namespace Backends.Conformance.Tests.Run;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("pass", 0)]
    [InlineData("pass vacuous unsupported skipped", 0)]
    [InlineData("unsupported skipped", 3)]
    [InlineData("", 3)]
    [InlineData("pass fail", 2)]
    [InlineData("pass crash not-run", 2)]
    [InlineData("hang", 2)]
    [InlineData("out-of-bounds", 2)]
    [InlineData("input-changed", 2)]
    [InlineData("pass fell-back", 2)]
    [InlineData("pass not-run", 5)]
    [InlineData("not-run", 5)]
    public void The_answer_follows_from_the_verdicts(string verdicts, int code) => Assert.Equal(code, (int)ExitCodes.Of(Of(verdicts)));

    [Fact]
    public void Totals_add_up_to_the_number_of_cases()
    {
        var totals = Of("pass pass fail vacuous crash not-run skipped");
        Assert.Equal(7, totals.Count);
        Assert.Equal(totals.Count, totals.Verdicts.Sum(v => v.Count));
        Assert.Equal(2, totals.Findings);
    }

    [Fact]
    public void A_failure_of_the_suite_itself_is_no_verdict_of_the_device()
    {
        var totals = Of("pass fail");
        totals.Add(Finish(Verdict.NotRun, broken: true));
        Assert.Equal(ExitCode.Error, ExitCodes.Of(totals));
    }

    private static Totals Of(string verdicts)
    {
        var totals = new Totals();
        foreach (string word in verdicts.Split(' ', StringSplitOptions.RemoveEmptyEntries)) totals.Add(Finish(Verdicts.Parse(word)));
        return totals;
    }

    private static CaseFinished Finish(Verdict verdict, bool broken = false)
    {
        var c = CaseId.Parse("relu/values/f32/x=3/fill=integers@1/seed=1");
        return new CaseFinished(c, new CaseResult { Id = c.Id, Verdict = verdict, Broken = broken }, 1, 1);
    }
}
