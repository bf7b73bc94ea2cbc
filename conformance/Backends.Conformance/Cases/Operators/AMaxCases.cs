namespace Backends.Conformance;

/// <summary>amax of nothing is an error: there is no largest of no numbers.</summary>
internal class AMaxCases : OperatorCases
{
    public override bool HasResult(CallCase c)
    {
        var shape = c.Shapes[0];
        if (shape.Elements > 0) return true;
        string dims = c.Attributes.GetValueOrDefault("dim", "");
        var reduced = dims.Length == 0 ? Enumerable.Range(0, shape.Rank) : dims.Split('x').Select(d => (int.Parse(d) + shape.Rank) % shape.Rank);
        return reduced.All(d => shape[d] > 0);
    }

    public override IEnumerable<CallCase> Errors(Operator op) =>
        from shape in (Shape[])[[0], [3, 0]]
        select new CallCase { Operator = op, Aspect = "errors", Types = [DType.F32], Shapes = [shape], Error = "BK2005", Fill = FillAxis.Integers };
}
