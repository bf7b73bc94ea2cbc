using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>A pass that an idle backend would get is no pass.</summary>
public class VacuityTests
{
    [Fact]
    public void A_case_that_zeros_would_pass_is_vacuous()
    {
        using var trial = new Trial(CoreOperators.Relu, [Trial.Of(DType.F32, -1, -2, 0)]);
        Assert.Equal("all zeros would pass", trial.Write(_ => 0).Judge().Vacuous);
    }

    [Fact]
    public void A_case_that_its_first_input_would_pass_is_vacuous()
    {
        using var trial = new Trial(CoreOperators.Relu, [Trial.Of(DType.F32, 1, 2)]);
        Assert.Equal("the first input would pass", trial.Write(i => i + 1).Judge().Vacuous);
        using var honest = new Trial(CoreOperators.Relu, [Trial.Of(DType.F32, 1, -2)]);
        Assert.Null(honest.Write(i => i == 0 ? 1 : 0).Judge().Vacuous);
    }

    [Fact]
    public void A_case_that_a_stale_output_would_pass_is_vacuous()
    {
        using var trial = new Trial(CoreOperators.Add, [Trial.Of(DType.F32, 1, 2), Trial.Of(DType.F32, 3, 4)]);
        var result = trial.Write(i => i == 0 ? 4 : 6).Judge(previous: Trial.Of(DType.F32, 4, 6));
        Assert.Equal("what the output held before would pass", result.Vacuous);
    }

    [Fact]
    public void A_case_whose_bound_lets_anything_through_is_vacuous()
    {
        double[] cancelling = new double[4000];
        for (int i = 0; i < cancelling.Length; i++) cancelling[i] = i % 2 == 0 ? 1e20 : -1e20;
        cancelling[0] += 1e14;
        using var trial = new Trial(CoreOperators.Sum, [Trial.Of(DType.F32, cancelling)]);
        var x = trial.Inputs[0];
        double sum = Enumerable.Range(0, 4000).Sum(i => x.Real(i));
        Assert.Matches("bound|zeros", trial.Write(_ => sum).Judge().Vacuous!);
    }

    [Fact]
    public void A_failure_is_never_called_vacuous()
    {
        using var trial = new Trial(CoreOperators.Relu, [Trial.Of(DType.F32, -1, -2, 0)]);
        Assert.Null(trial.Write(_ => 1).Judge().Vacuous);
    }
}
