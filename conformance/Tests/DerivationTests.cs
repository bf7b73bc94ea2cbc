using Xunit;

namespace Backends.Conformance.Tests;

public sealed class DerivationTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<CallCase> s_cases = Profile.Smoke.CallCases(seed: 1);

    [Fact]
    public void No_case_is_listed_twice() => Assert.Empty(s_cases.GroupBy(c => c.Id).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void Every_case_is_rebuilt_by_its_id() => Assert.All(s_cases, c => Assert.Equal(c.Id, CaseId.Parse(c.Id).Id));

    [Fact]
    public void Smoke_takes_seconds_because_it_is_small() => Assert.InRange(s_cases.Count / CoreOperators.All.Count, 60, 170);

    [Fact]
    public void Every_operator_has_sixty_cases_with_elements()
    {
        var counts = CoreOperators.All.ToDictionary(o => o.Name, o => s_cases.Count(c => c.Operator == o && c.Error is null && !DeclaredCall.IsEmpty(c)));
        foreach (var (name, count) in counts) output.WriteLine($"{name,-10} {count}");
        Assert.All(counts, c => Assert.InRange(c.Value, 60, int.MaxValue));
    }

    [Fact]
    public void Every_combination_of_dtypes_has_a_case() =>
        Assert.All(CoreOperators.All, op =>
            Assert.Empty(new Axes(op).Types.Select(t => string.Join(',', t.Select(d => d.Name))).Except(s_cases.Where(c => c.Operator == op).Select(c => c.TypeText))));

    [Fact]
    public void Every_sum_has_an_exact_a_precise_and_a_positive_fill_of_4096_terms() =>
        Assert.All(from op in CoreOperators.All
                   where op.Schema.Shape.Name is "reduce" or "matmul"
                   from fill in FillAxis.Values
                   select (op, fill),
            p => Assert.Contains(s_cases, c => c.Operator == p.op && c.Fill == p.fill && c.Shapes[0].Any(n => n >= 4096)));

    [Fact]
    public void Every_layout_is_tried_on_every_operator_that_has_tensors()
    {
        var missing = from op in CoreOperators.All
                      from layouts in new Axes(op).Layouts
                      from one in layouts
                      // What has one dimension in all of its cases has no other layout than that.
                      where s_cases.Any(c => c.Operator == op && c.Error is null && LayoutAxis.Fits(one.Value, ShapeOf(c, one.Key)))
                      where !s_cases.Any(c => c.Operator == op && c.Layouts.TryGetValue(one.Key, out var layout) && layout == one.Value)
                      select $"{op.Name} {one.Key}.{one.Value}";
        Assert.Empty(missing);
    }

    // Of an input, by its name; of a result any will do.
    private static Shape ShapeOf(CallCase c, string tensor) =>
        Enumerable.Range(0, c.Shapes.Count).Where(i => c.Parameter(i).Name == tensor).Select(i => c.Shapes[i]).FirstOrDefault(DeclaredCall.Outputs(c)[0]);

    [Fact]
    public void Another_seed_lists_the_same_cases_with_other_data()
    {
        var other = Profile.Smoke.CallCases(seed: 2);
        Assert.Equal(s_cases.Count, other.Count);
        Assert.Equal(s_cases.Select(c => c.Id.Split("/seed=")[0]), other.Select(c => c.Id.Split("/seed=")[0]));
        Assert.NotEqual(Profile.Hash(s_cases), Profile.Hash(other));
    }

    [Fact]
    public void The_list_is_the_same_each_time()
    {
        string hash = Profile.Hash(Profile.Smoke.Cases(seed: 1));
        output.WriteLine($"{Profile.Smoke} seed 1: {s_cases.Count} calls, sha256 of all {hash}");
        Assert.Equal(Profile.Hash(Profile.Smoke.Cases(seed: 1)), hash);
    }
}
