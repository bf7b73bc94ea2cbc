using Xunit;

namespace Backends.Conformance.Tests.Run;

public sealed class RunnerTests
{
    private static readonly int[] s_sizes = [1, 7, 8, 9, 15, 16, 17, 31, 32, 33];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Every_case_has_exactly_one_verdict_whatever_becomes_of_its_worker(int jobs)
    {
        var cases = FakeWorker.Cases(s_sizes);
        var finished = Finished(await RunAsync(cases, jobs));
        Assert.Equal(cases.Select(c => c.Id).Order(), finished.Select(f => f.Case.Id).Order());
        Assert.Equal(Verdict.Crash, Of(finished, FakeWorker.Crashes).Verdict);
        Assert.Equal(Verdict.Hang, Of(finished, FakeWorker.Hangs).Verdict);
        Assert.Equal(Verdict.Crash, Of(finished, FakeWorker.Exits).Verdict);
        Assert.Equal(cases.Length - 3, finished.Count(f => f.Result.Verdict == Verdict.Pass));
    }

    [Fact]
    public async Task A_crash_is_told_by_its_signal_and_an_exit_by_code_and_last_words()
    {
        var finished = Finished(await RunAsync(FakeWorker.Cases(7, 15), 1));
        Assert.Contains("SIGSEGV", Of(finished, FakeWorker.Crashes).Reason, StringComparison.Ordinal);
        Assert.Contains("exit code 3", Of(finished, FakeWorker.Exits).Reason, StringComparison.Ordinal);
        Assert.Contains("terminate called", Of(finished, FakeWorker.Exits).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Noise_and_answers_to_other_questions_are_no_verdicts()
    {
        var finished = Finished(await RunAsync(FakeWorker.Cases(9, 16, 1), 1));
        Assert.All(finished, f => Assert.Equal((f.Case.Id, Verdict.Pass), (f.Result.Id, f.Result.Verdict)));
        Assert.Equal(3, finished.Length);
    }

    [Fact]
    public async Task A_crash_in_a_chapter_costs_one_case()
    {
        Case[] cases = [.. ((int[])[6, 7, 8]).Select(n => CaseId.Parse($"memory/MEM-2/sizes/n={n}/seed=1"))];
        var finished = Finished(await RunAsync(cases, 1));
        Assert.Equal([Verdict.Pass, Verdict.Crash, Verdict.Pass], finished.OrderBy(f => f.Case.Id).Select(f => f.Result.Verdict));
    }

    [Theory]
    [InlineData("refused", "no such device")]
    [InlineData("stillborn", "no driver")]
    public async Task A_device_that_cannot_be_opened_is_refused_once_and_nothing_runs(string device, string why)
    {
        var happened = await RunAsync(FakeWorker.Cases(1, 2, 3), 3, device);
        var refused = Assert.IsType<DeviceRefused>(Assert.Single(happened));
        Assert.Contains(why, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_run_says_not_run_for_what_is_left()
    {
        using var stop = new CancellationTokenSource();
        var cases = FakeWorker.Cases(1, 2, 8, 3, 4);
        var happened = new List<RunEvent>();
        await foreach (var one in new Runner(Options(cases, 1, "fake") with { CaseLimit = TimeSpan.FromMinutes(5) }).RunAsync(stop.Token))
        {
            happened.Add(one);
            if (one is CaseFinished { Case.Id: var id } && id.Contains("x=2/", StringComparison.Ordinal)) await stop.CancelAsync();
        }
        var totals = new Totals();
        foreach (var finished in happened.OfType<CaseFinished>()) totals.Add(finished);
        Assert.Equal((cases.Length, 2, 3), (totals.Count, totals[Verdict.Pass], totals[Verdict.NotRun]));
        Assert.Equal(ExitCode.Incomplete, ExitCodes.Of(totals));
    }

    private static async Task<RunEvent[]> RunAsync(Case[] cases, int jobs, string device = "fake")
    {
        var happened = new List<RunEvent>();
        await foreach (var one in new Runner(Options(cases, jobs, device)).RunAsync(TestContext.Current.CancellationToken)) happened.Add(one);
        return [.. happened];
    }

    // The limit is long beside what a script needs, and short beside what the hanging one sleeps.
    private static RunOptions Options(Case[] cases, int jobs, string device) =>
        new() { Device = device, Cases = cases, Worker = FakeWorker.Command, Jobs = jobs, CaseLimit = TimeSpan.FromSeconds(5) };

    private static CaseFinished[] Finished(RunEvent[] happened) => [.. happened.OfType<CaseFinished>()];

    private static CaseResult Of(CaseFinished[] finished, string part) => Assert.Single(finished, f => f.Case.Id.Contains(part, StringComparison.Ordinal)).Result;
}
