using Xunit;

namespace Backends.Conformance.Tests.Run;

public sealed class CaseFilterTests
{
    private const string Id = "relu/values/f32/x=3x5/fill=integers@1/seed=1";

    [Theory]
    [InlineData("relu", true)]
    [InlineData("re*", true)]
    [InlineData("rel", false)]
    [InlineData("values", false)]
    [InlineData("relu/**", true)]
    [InlineData("relu/*", false)]
    [InlineData("*/values/**", true)]
    [InlineData("*/*/f??/x=3x*/**", true)]
    [InlineData("**/seed=1", true)]
    [InlineData("*/seed=1", false)]
    [InlineData("relu/values/f32/x=3x5/fill=integers@1/seed=1", true)]
    public void A_star_stays_within_a_part_and_two_cross(string pattern, bool matches) => Assert.Equal(matches, new CaseFilter(pattern).Matches(CaseId.Parse(Id)));

    [Theory]
    [InlineData("rleu", "nearest operator: relu")]
    [InlineData("nosuchop", "nearest operator: none")]
    [InlineData("relu/f32", "'relu' is an operator")]
    public void A_pattern_that_selects_nothing_names_the_nearest_operator(string pattern, string why) =>
        Assert.Contains(why, new CaseFilter(pattern).NoMatch("cpu").Message, StringComparison.Ordinal);
}
