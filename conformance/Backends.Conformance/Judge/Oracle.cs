using Backends.Plugins;
using Backends.Reference;

namespace Backends.Conformance;

/// <summary>
/// Says what is right for a call, from the declaration alone: what moves is compared bit for bit, integers are exact modulo 2^w, and for
/// numbers the accuracy rule gives each element its set of right results about the oracle's value.
/// </summary>
internal static unsafe class Oracle
{
    /// <summary>The right results of each output.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="attributes">Its attribute struct, or null.</param>
    /// <param name="inputs">Its tensors; null for one that is absent.</param>
    /// <param name="fill">The fill that made them, without version: some bounds rest on its premise.</param>
    /// <param name="actual">What came out: where several results are right as wholes, the one nearest to it is given.</param>
    public static Answer[] Expect(Operator op, void* attributes, IReadOnlyList<Operand?> inputs, string fill, IReadOnlyList<Operand>? actual = null)
    {
        var types = OutputTypes(op, attributes, inputs.Select(i => i?.DType));
        switch (op.Name)
        {
            case "copy": return [Moved.Copy(inputs[0]!)];
            case "fill": return [Moved.Fill(op, attributes, types[0])];
            case "uniform": return [RandomStream.Uniform(op, attributes, types[0])];
            case "normal": return [RandomStream.Normal(op, attributes, types[0])];
            case "bernoulli": return [RandomStream.Bernoulli(op, attributes, types[0])];
            case "pad": return [Moved.Pad(op, attributes, inputs[0]!)];
            case "nonzero": return [Moved.Nonzero(inputs[0]!)];
        }
        var shapes = OutputShapes(op, attributes, inputs);
        if (shapes.All(s => s.Elements == 0)) return [.. shapes.Select((s, i) => new BitsAnswer(types[i], s, op.Name))];
        if (op.Kind == OperatorKind.View) return [Moved.View(op, attributes, inputs[0]!)];
        if (op.Schema.Accuracy.Name == "cast") return [Moved.Cast(inputs[0]!, types[0], shapes[0])];
        if (op.Name == "topk") return Chosen.TopK(attributes, inputs[0]!, shapes[0], actual);
        bool real = op.Kind == OperatorKind.Decomposed || types.Any(t => t.IsFloat) || inputs.Any(i => i is { DType.IsFloat: true });
        return real && op.Schema.Accuracy.Name != "moved" ? RealBounds.Of(op, attributes, inputs, types, fill) : Integers(op, attributes, inputs, types, shapes);
    }

    /// <summary>The dtype of the first output, from the inputs' and the dtype attribute.</summary>
    public static DType OutputType(Operator op, void* attributes, IReadOnlyList<Operand?> inputs) => OutputTypes(op, attributes, inputs.Select(i => i?.DType))[0];

    /// <summary>The dtypes of the outputs; those of absent inputs are null.</summary>
    public static DType[] OutputTypes(Operator op, void* attributes, IEnumerable<DType?> inputs)
    {
        var schema = op.Schema;
        var given = inputs.ToArray();
        var combination = new List<DType>();
        foreach (var variable in schema.FreeVariables)
        {
            var bound = Enumerable.Range(0, given.Length).Where(i => schema.Tensors[schema.Parameter(i, given.Length)].Type == variable.Name).Select(i => given[i]).FirstOrDefault(t => t is not null);
            combination.Add(bound ?? (DType)AttributeReader.I32(attributes, schema.Attributes.First(a => a.Kind == AttributeKind.DType).Offset));
        }
        return [.. schema.Outputs.Select(o => schema.Resolve(o.Type, combination))];
    }

    /// <summary>The shape of the first output; where data decide it, the largest that it can be.</summary>
    public static Shape OutputShape(Operator op, void* attributes, IReadOnlyList<Operand?> inputs) => OutputShapes(op, attributes, inputs)[0];

    private static Shape[] OutputShapes(Operator op, void* attributes, IReadOnlyList<Operand?> inputs)
    {
        var shapes = inputs.Select(i => i?.Shape ?? Shape.Scalar).ToArray();
        var outputs = new Shape[op.Schema.Outputs.Count];
        var inference = new Inference { Operator = op, Inputs = shapes, Attributes = attributes, Outputs = outputs, Strides = shapes.Length > 0 ? shapes[0].ContiguousStrides() : [] };
        op.Infer(ref inference);
        return outputs;
    }

    // Integers modulo 2^w; and what is only moved, a float's bits as an integer.
    private static Answer[] Integers(Operator op, void* attributes, IReadOnlyList<Operand?> inputs, DType[] types, Shape[] shapes)
    {
        var views = new View<Wide>[inputs.Count];
        for (int i = 0; i < views.Length; i++)
            if (inputs[i] is { } input) views[i] = Whole(input);
        Wide[][] results = [.. shapes.Select(s => new Wide[s.Elements])];
        ReferenceKernels.Run(op, views, attributes, [.. results.Select((r, i) => new View<Wide>(r, shapes[i]))]);
        var right = new BitsAnswer[shapes.Length];
        for (int i = 0; i < right.Length; i++)
        {
            var bits = types[i].IsFloat ? types[i].Size switch { 1 => DType.U8, 2 => DType.U16, 4 => DType.U32, _ => DType.U64 } : types[i];
            ulong mask = ulong.MaxValue >> (64 - types[i].Size * 8);
            right[i] = new BitsAnswer(types[i], shapes[i], op.Name) { MovesData = op.Schema.Accuracy.Name == "moved" };
            for (long e = 0; e < results[i].Length; e++) right[i].Set(e, Wide.Round(results[i][e], bits) & mask);
        }
        if (op.Schema.Accuracy.Name == "quotient" || op.Schema.Accuracy.Arguments.Contains("open_by_zero")) OpenWhereZero(right[0], views[1].BroadcastTo(shapes[0]));
        return right;
    }

    internal static View<Wide> Whole(Operand input)
    {
        var values = new Wide[input.Elements];
        bool unsigned = input.DType.IsFloat || input.DType == DType.U64;
        for (long e = 0; e < values.Length; e++) values[e] = new Wide(unsigned ? input.Bits(e) : input.Integer(e));
        return new(values, input.Shape, input.DType);
    }

    // x / 0 is unspecified for its element, and for no other.
    private static void OpenWhereZero(BitsAnswer right, View<Wide> divisor)
    {
        long element = 0;
        foreach (long[] index in right.Shape.Indices())
        {
            if (divisor[index].Value == 0) right.SetOpen(element);
            element++;
        }
    }
}
