using CsCheck;

namespace Backends.Tests;

/// <summary>The property tests' own footing: they see the same values in every run, and a broken law fails.</summary>
public sealed class LawTests
{
    [Fact]
    public void A_broken_law_is_reported_with_its_smallest_case() =>
        Assert.Contains("seed", Assert.Throws<CsCheckException>(() => Gen.Int[0, 1_000].Holds(x => Assert.True(x < 500))).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_run_sees_the_same_values()
    {
        List<int> first = [], second = [];
        Gen.Int.Holds(first.Add, count: 100);
        Gen.Int.Holds(second.Add, count: 100);
        Assert.Equal(first, second);
        Assert.True(first.Distinct().Count() > 90);
    }
}
