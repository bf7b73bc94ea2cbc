using Backends.Plugins;
using Xunit;

namespace Backends.Conformance.Tests.Mutants;

/// <summary>The suite's own test: a planted fault is found, by the aspect or the fill that names it, and a right kernel is not failed.</summary>
public sealed class MutantTests
{
    [Fact]
    public void A_right_kernel_is_not_failed()
    {
        var results = Run(FaultyKernels.Right);
        Assert.DoesNotContain(results, r => r.Result.Verdict.IsFinding);
        Assert.Contains(results, r => r.Result is { Verdict: Verdict.Pass, Ran: Route.Native, Kernel: "mutant.relu.f32" });
    }

    [Fact]
    public void An_unwritten_tail_at_width_33_is_named_by_its_poison()
    {
        var findings = Findings(FaultyKernels.TailUnwritten);
        Assert.All(findings, f => Assert.Equal(33, f.Case.Shapes[0][^1]));
        Assert.Contains(findings, f => f.Case.Aspect == "values" && f.Result.Reason!.Contains("unwritten", StringComparison.Ordinal) && f.Result.Reason.Contains("last element", StringComparison.Ordinal));
    }

    [Fact]
    public void An_f16_accumulator_is_found_by_the_fills_that_need_a_wider_one()
    {
        var findings = Findings(FaultyKernels.NarrowAccumulator);
        Assert.Contains(findings, f => f.Case is { Aspect: "values", Fill: "integers-precise" });
        Assert.DoesNotContain(findings, f => f.Case.Fill == "integers");
    }

    [Fact]
    public void A_NaN_that_amax_loses_is_found_by_the_special_values()
    {
        var findings = Findings(FaultyKernels.NaNLost);
        Assert.All(findings, f => Assert.Equal("special", f.Case.Aspect));
        Assert.Contains(findings, f => f.Result.Reason!.Contains("NaN lost", StringComparison.Ordinal));
    }

    [Fact]
    public void A_kernel_that_is_left_out_is_said_with_its_reason()
    {
        var misspelt = new Kernel { Operator = "rleu", Types = [DType.F32], Name = "mutant.rleu.f32" };
        using var bench = new Bench(folders => BackendHost.FromPlugins(folders).Add("mutant", new MutantBackend(misspelt)));
        Assert.Equal(["kernel mutant.rleu.f32 is left out: there is no operator 'rleu'"], bench.Open("mutant", [Path.Combine(AppContext.BaseDirectory, "backends")]).Notes);
    }

    [Fact]
    public void A_write_past_the_end_meets_a_guard() =>
        Assert.Contains(Findings(FaultyKernels.PastTheEnd), f => f.Result.Verdict == Verdict.OutOfBounds && f.Result.Reason!.Contains("after", StringComparison.Ordinal));

    [Fact]
    public void An_input_used_as_scratch_is_found() => Assert.Contains(Findings(FaultyKernels.ScratchInInput), f => f.Result.Verdict == Verdict.InputChanged);

    [Fact]
    public void A_kernel_that_declines_what_it_claims_is_no_pass() =>
        Assert.All(Run(FaultyKernels.Declining).Where(r => r.Case is { Error: null, Types: [DType.F32] } && r.Case.Shapes[0].Elements > 0), r => Assert.Equal(Verdict.FellBack, r.Result.Verdict));

    private static (Case Case, CaseResult Result)[] Findings(Kernel kernel)
    {
        var findings = Run(kernel).Where(r => r.Result.Verdict.IsFinding).ToArray();
        Assert.NotEmpty(findings);
        return findings;
    }

    private static (Case Case, CaseResult Result)[] Run(Kernel kernel)
    {
        using var bench = new Bench(folders => BackendHost.FromPlugins(folders).Add("mutant", new MutantBackend(kernel)));
        bench.Open("mutant", [Path.Combine(AppContext.BaseDirectory, "backends")]);
        var cases = Profile.Smoke.Cases(1).Where(c => c.Operator.Name == kernel.Operator && c.Types.SequenceEqual(kernel.Types));
        return [.. cases.Select(c => (c, bench.Run(c)))];
    }
}
