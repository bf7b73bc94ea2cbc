using Backends.Plugins;

namespace Backends;

/// <summary>The named shape rules that schemas may use: <c>same(x)</c>, <c>same(x, dim)</c>, <c>broadcast(a, b)</c>, <c>reduce(x, dim, keep_dim)</c>, <c>matmul(a, b)</c>, <c>given(shape)</c>.</summary>
internal static unsafe class ShapeRules
{
    public static ShapeRule Find(Schema schema)
    {
        var rule = schema.Shape;
        return rule.Name switch
        {
            "same" when rule.Arguments.Count > 1 => SameAlong(Input(schema, rule, 0), Attribute(schema, rule, 1)),
            "same" => Same(Input(schema, rule, 0)),
            "broadcast" => Broadcast,
            "reduce" => Reduce(Input(schema, rule, 0), Attribute(schema, rule, 1), Attribute(schema, rule, 2)),
            "matmul" => MatMul,
            "given" => Given(Attribute(schema, rule, 0)),
            _ => throw new ArgumentException($"'{rule.Name}' is no shape rule, and '{schema.Name}' has no rule of its own.", nameof(schema)),
        };
    }

    private static ShapeRule Same(int input) => (ref Inference i) => i.Outputs.Fill(i.Inputs[input]);

    // What works along one dimension needs one that x has; else its decomposition's first part would be blamed, or a kernel read astray.
    private static ShapeRule SameAlong(int input, int dim) => (ref Inference i) =>
    {
        Dimension(i.Operator.Name, AttributeReader.I64(i.Attributes, dim), i.Inputs[input].Rank);
        i.Outputs.Fill(i.Inputs[input]);
    };

    private static ShapeRule Given(int offset) => (ref Inference i) => i.Outputs[0] = Shape.Create(AttributeReader.Integers(i.Attributes, offset));

    /// <summary>NumPy's rule: sizes are matched from the end, 1 stretches.</summary>
    private static void Broadcast(ref Inference inference)
    {
        int rank = 0;
        foreach (var input in inference.Inputs) rank = Math.Max(rank, input.Rank);
        Span<long> sizes = stackalloc long[rank];
        sizes.Fill(1);
        foreach (var input in inference.Inputs)
            for (int d = 0; d < input.Rank; d++)
            {
                ref long size = ref sizes[rank - input.Rank + d];
                if (input[d] == size || input[d] == 1) continue;
                if (size != 1) throw Mismatch(ref inference, $"{size} and {input[d]} differ, and neither is 1");
                size = input[d];
            }
        inference.Outputs[0] = Shape.Create(sizes);
    }

    private static ShapeRule Reduce(int input, int dims, int keepDim) => (ref Inference i) =>
    {
        var shape = i.Inputs[input];
        uint reduced = ReducedMask(i.Operator.Name, shape, AttributeReader.Integers(i.Attributes, dims));
        bool keep = AttributeReader.Bool(i.Attributes, keepDim);
        Span<long> sizes = stackalloc long[shape.Rank];
        int rank = 0;
        for (int d = 0; d < shape.Rank; d++)
            if ((reduced >> d & 1) == 0) sizes[rank++] = shape[d];
            else if (keep) sizes[rank++] = 1;
        i.Outputs[0] = Shape.Create(sizes[..rank]);
    };

    private static void MatMul(ref Inference inference)
    {
        Shape a = inference.Inputs[0], b = inference.Inputs[1];
        if (a.Rank < 2 || b.Rank < 2)
            throw new ShapeException($"{inference.Operator.Name}: a {a} and b {b} do not fit.", "both need a rank of 2 or more", "reshape a vector to one row or one column");
        if (a[^1] != b[^2])
            throw new ShapeException($"{inference.Operator.Name}: a {a} and b {b} do not fit.",
                $"the last of a ({a[^1]}) must be the last but one of b ({b[^2]})", "transpose or reshape one");
        Shape batchA = Shape.Create(a.AsSpan()[..^2]), batchB = Shape.Create(b.AsSpan()[..^2]);
        var batch = new Inference { Operator = inference.Operator, Inputs = [batchA, batchB], Outputs = inference.Outputs };
        Broadcast(ref batch);
        inference.Outputs[0] = Shape.Create([.. batch.Outputs[0], a[^2], b[^1]]);
    }

    /// <summary>A bit for each dimension that is reduced; no dimension named means all of them.</summary>
    /// <exception cref="OperatorArgumentException">A dimension is outside the rank, or named twice.</exception>
    internal static uint ReducedMask(string op, Shape shape, ReadOnlySpan<long> dims)
    {
        if (dims.IsEmpty) return (1u << shape.Rank) - 1;
        uint mask = 0;
        foreach (long dim in dims)
        {
            uint bit = 1u << Dimension(op, dim, shape.Rank);
            if ((mask & bit) != 0) throw new OperatorArgumentException($"{op}: dim {dim} is named twice.", "each dimension is reduced once", "name it once");
            mask |= bit;
        }
        return mask;
    }

    /// <summary>A dimension counted from the start.</summary>
    /// <exception cref="OperatorArgumentException">It is outside the rank.</exception>
    internal static int Dimension(string op, long dim, int rank)
    {
        if (dim >= -rank && dim < rank) return (int)(dim < 0 ? dim + rank : dim);
        string range = rank == 0 ? "a tensor of rank 0 has none" : $"dim {dim} is outside {-rank}..{rank - 1}";
        throw new OperatorArgumentException($"{op}: {range}.", $"x has rank {rank}", "choose a dim that x has");
    }

    private static ShapeException Mismatch(ref Inference inference, string why)
    {
        var names = inference.Operator.Schema.Tensors;
        var parts = new List<string>();
        for (int i = 0; i < inference.Inputs.Length; i++) parts.Add($"{names[i].Name} {inference.Inputs[i]}");
        return new ShapeException($"{inference.Operator.Name}: {string.Join(" and ", parts)} do not fit.", why, "reshape or expand one");
    }

    private static int Input(Schema schema, Rule rule, int argument) =>
        Enumerable.Range(0, schema.Tensors.Count).First(i => schema.Tensors[i].Name == rule.Arguments[argument]);

    private static int Attribute(Schema schema, Rule rule, int argument) =>
        schema.Attributes.First(a => a.Name == rule.Arguments[argument]).Offset;
}
