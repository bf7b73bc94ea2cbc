using Xunit;

namespace Backends.Conformance.Tests.Chapters;

public sealed class ChapterCaseTests
{
    private static readonly ChapterCase[] s_cases = [.. Profile.Smoke.Cases(1).OfType<ChapterCase>()];

    [Fact]
    public void Every_case_is_rebuilt_by_its_id() => Assert.All(s_cases, c =>
    {
        var again = Assert.IsType<ChapterCase>(CaseId.Parse(c.Id));
        Assert.Equal((c.Id, c.Check, c.Count, c.Seed), (again.Id, again.Check, again.Count, again.Seed));
    });

    [Fact]
    public void No_case_is_listed_twice() => Assert.Empty(s_cases.GroupBy(c => c.Id.Split("/n=")[0].Split("/seed=")[0]).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void Another_run_s_seed_gives_other_data_where_there_are_any()
    {
        var other = Profile.Smoke.Cases(2).OfType<ChapterCase>().ToArray();
        Assert.Equal(s_cases.Where(c => c.Check.IsRandom).Select(c => c.Check), s_cases.Zip(other).Where(p => p.First.Seed != p.Second.Seed).Select(p => p.First.Check));
    }

    [Theory]
    [InlineData("memory/MEM-2/sizes/n=40/seed=7", "memory", true)]
    [InlineData("memory/MEM-2/sizes/n=40/seed=7", "memory/*", true)]
    [InlineData("memory/MEM-2/sizes/n=40/seed=7", "memory/MEM-2", true)]
    [InlineData("memory/MEM-2/sizes/n=40/seed=7", "*/MEM-2/sizes", true)]
    [InlineData("memory/MEM-2/sizes/n=40/seed=7", "memory/**", true)]
    [InlineData("memory/MEM-2/sizes/n=40/seed=7", "memory/MEM-3", false)]
    [InlineData("memory/MEM-2/sizes/n=40/seed=7", "memory/MEM", false)]
    [InlineData("memory/MEM-2/sizes/n=40/seed=7", "copies/*", false)]
    public void A_pattern_may_leave_a_chapter_s_last_parts_out(string id, string pattern, bool matches) => Assert.Equal(matches, new CaseFilter(pattern).Matches(CaseId.Parse(id)));

    [Theory]
    [InlineData("memory/MEM-2", "at least chapter, clause and name")]
    [InlineData("memory/MEM-2/size", "nearest: MEM-2/sizes")]
    [InlineData("memroy/MEM-2/sizes/n=40/seed=7", "nearest: memory")]
    [InlineData("memory/MEM-2/sizes/n=40", "'seed=' with a number is missing")]
    [InlineData("memory/MEM-2/sizes/seed=7", "'n=' with a number is missing")]
    [InlineData("memory/MEM-2/sizes/n=0/seed=7", "n must be 1 or more")]
    [InlineData("memory/MEM-2/alignment/n=1", "'n=1' is too much")]
    public void What_is_no_id_is_refused_by_what_is_wrong_with_it(string id, string why) =>
        Assert.Contains(why, Assert.Throws<ConformanceException>(() => CaseId.Parse(id)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("memroy", "nearest chapter: memory")]
    [InlineData("memory/QUE-7", "'memory' is a chapter")]
    public void A_pattern_that_selects_nothing_names_the_nearest_chapter(string pattern, string why) =>
        Assert.Contains(why, new CaseFilter(pattern).NoMatch("cpu").Message, StringComparison.Ordinal);
}
