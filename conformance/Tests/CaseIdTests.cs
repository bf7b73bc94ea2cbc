using CsCheck;
using Xunit;

namespace Backends.Conformance.Tests;

public sealed class CaseIdTests
{
    private static readonly Gen<Shape> s_shape = Gen.Long[0, 70].Array[0, 5].Select(sizes => Shape.Create(sizes));

    [Fact]
    public void An_id_alone_rebuilds_its_case() =>
        AnyCase().Sample(c =>
        {
            var again = (CallCase)CaseId.Parse(c.Id);
            return again.Id == c.Id && again.Shapes.SequenceEqual(c.Shapes) && again.Types.SequenceEqual(c.Types) && again.Seed == c.Seed
                && again.Into == c.Into && again.Layouts.Count == c.Layouts.Count && again.Attributes.Count == c.Attributes.Count;
        }, seed: "0000KvgL7tO4", iter: 2000);

    [Theory]
    [InlineData("matmul/values/f32/a=3x65x129/b=129x31/layout=b.transposed/fill=integers@1/seed=7")]
    [InlineData("cast/values/f32,f16/x=scalar/fill=special@1/seed=1")]
    [InlineData("uniform/values/f64/shape=0x3/seed=-1/offset=4")]
    [InlineData("fill/values/bf16/value=nan/shape=scalar")]
    [InlineData("add/inplace/i8/a=3x1/b=3x1/layout=a.every-other,b.reversed/into=a/fill=integers@1/seed=9")]
    [InlineData("sum/errors/f32/x=3x4/dim=2/error=BK2005/fill=integers@1/seed=0")]
    public void An_id_is_printed_as_it_was_read(string id) => Assert.Equal(id, CaseId.Parse(id).Id);

    [Theory]
    [InlineData("relu/values")]
    [InlineData("rleu/values/f32/x=3/fill=integers@1/seed=1")]
    [InlineData("relu/values/f31/x=3/fill=integers@1/seed=1")]
    [InlineData("relu/values/f32,f16/x=3/fill=integers@1/seed=1")]
    [InlineData("relu/values/f32/fill=integers@1/seed=1")]
    [InlineData("relu/values/f32/x=3/x=3/fill=integers@1/seed=1")]
    [InlineData("relu/values/f32/x=3y/fill=integers@1/seed=1")]
    [InlineData("relu/values/f32/x=3/fill=integers@1")]
    [InlineData("relu/values/f32/x=3")]
    [InlineData("relu/values/f32/x=3/layout=z.offset/fill=integers@1/seed=1")]
    [InlineData("relu/values/f32/x=3/into=y/fill=integers@1/seed=1")]
    [InlineData("cast/values/f32,f16/x=3/to=f16/fill=integers@1/seed=1")]
    public void What_is_no_id_is_refused_by_name(string id)
    {
        var error = Assert.Throws<ConformanceException>(() => CaseId.Parse(id));
        Assert.Contains(id, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add/values/f32/a=3/b=4/fill=integers@1/seed=1", "differ")]
    [InlineData("add/valeus/f32/a=3/b=3/fill=integers@1/seed=1", "there is no aspect 'valeus'")]
    [InlineData("add/values/f32/a=3/b=3/fill=integers@9/seed=1", "there is no fill 'integers@9'")]
    [InlineData("sum/values/f32/x=3/dim=4/fill=integers@1/seed=1", "dim 4")]
    [InlineData("sum/values/f32/x=3/keep_dim=perhaps/fill=integers@1/seed=1", "keep_dim")]
    [InlineData("relu/layouts/f32/x=scalar/layout=x.transposed/fill=integers@1/seed=1", "does not fit")]
    [InlineData("amax/values/f32/x=0/fill=integers@1/seed=1", "no result")]
    public void A_case_that_no_run_could_judge_is_refused_with_the_reason(string id, string why) =>
        Assert.Contains(why, Assert.Throws<ConformanceException>(() => DeclaredCall.Checked(CaseId.Parse(id))).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_case_of_a_profile_can_be_asked_for_by_its_id() => Assert.All(Profile.Smoke.Cases(1), c => DeclaredCall.Checked(CaseId.Parse(c.Id)));

    private static Gen<CallCase> AnyCase() =>
        from op in Gen.OneOfConst([.. CoreOperators.All])
        from types in Gen.OneOfConst([.. new Axes(op).Types])
        from shapes in s_shape.Array[op.Schema.Tensors.Count]
        from chosen in Gen.Int[0, 1000].Array[op.Schema.Attributes.Count]
        from layouts in Gen.OneOfConst([new Dictionary<string, Layout>(), .. new Axes(op).Layouts])
        from target in Gen.OneOfConst([null, .. op.Schema.Tensors.Select(t => t.Name)])
        from seed in Gen.ULong
        let filled = op.Schema.Tensors.Count > 0
        select new CallCase
        {
            Operator = op, Aspect = "values", Types = types, Shapes = shapes, Layouts = layouts, Into = target, Attributes = Attributes(op, chosen, s_any),
            Fill = filled ? "integers" : "", FillVersion = 1, Seed = filled ? seed : 0,
        };

    private static readonly Shape s_any = [2, 3, 4];

    private static Dictionary<string, string> Attributes(Operator op, int[] chosen, Shape shape)
    {
        var texts = new Dictionary<string, string>();
        foreach (var (attribute, choice) in op.Schema.Attributes.Zip(chosen))
        {
            var choices = AttributeAxis.Of(op, attribute);
            string? text = choices[choice % choices.Count](shape);
            if (attribute != CallCase.BindingAttribute(op.Schema) && !string.IsNullOrEmpty(text)) texts[attribute.Name] = text;
        }
        return texts;
    }
}
