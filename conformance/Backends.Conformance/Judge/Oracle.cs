using Backends.Plugins;
using Backends.Reference;

namespace Backends.Conformance;

/// <summary>
/// Says what is right for a call, from the declaration alone: what moves is compared bit for bit, integers are exact modulo 2^w, and for
/// numbers the accuracy rule gives each element its set of right results about the oracle's value.
/// </summary>
internal static unsafe class Oracle
{
    /// <summary>The right results of the operator's only output.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="attributes">Its attribute struct, or null.</param>
    /// <param name="inputs">Its tensors.</param>
    /// <param name="fill">The fill that made them, without version: some bounds rest on its premise.</param>
    public static Answer Expect(Operator op, void* attributes, IReadOnlyList<Operand> inputs, string fill)
    {
        var dtype = OutputType(op, attributes, inputs);
        switch (op.Name)
        {
            case "copy": return Moved.Copy(inputs[0]);
            case "fill": return Moved.Fill(op, attributes, dtype);
            case "uniform": return Moved.Uniform(op, attributes, dtype);
            case "nonzero": return Moved.Nonzero(inputs[0]);
        }
        var shape = OutputShape(op, attributes, inputs);
        if (shape.Elements == 0) return new BitsAnswer(dtype, shape, op.Name);
        if (op.Kind == OperatorKind.View) return Moved.View(op, attributes, inputs[0]);
        if (op.Schema.Accuracy.Name == "cast") return Moved.Cast(inputs[0], dtype, shape);
        return dtype.IsFloat ? RealBounds.Of(op, attributes, inputs, fill) : Integers(op, attributes, inputs, dtype);
    }

    /// <summary>The dtype of the output, from the inputs' and the dtype attribute.</summary>
    public static DType OutputType(Operator op, void* attributes, IReadOnlyList<Operand> inputs)
    {
        var schema = op.Schema;
        var combination = new List<DType>();
        foreach (var variable in schema.FreeVariables)
        {
            int input = 0;
            while (input < schema.Tensors.Count && schema.Tensors[input].Type != variable.Name) input++;
            combination.Add(input < schema.Tensors.Count ? inputs[input].DType
                : (DType)AttributeReader.I32(attributes, schema.Attributes.First(a => a.Kind == AttributeKind.DType).Offset));
        }
        return schema.Resolve(schema.Outputs[0].Type, combination);
    }

    /// <summary>The shape of the output; where data decide it, the largest that it can be.</summary>
    public static Shape OutputShape(Operator op, void* attributes, IReadOnlyList<Operand> inputs)
    {
        var shapes = new Shape[inputs.Count];
        for (int i = 0; i < shapes.Length; i++) shapes[i] = inputs[i].Shape;
        Span<Shape> outputs = new Shape[op.Schema.Outputs.Count];
        var inference = new Inference { Operator = op, Inputs = shapes, Attributes = attributes, Outputs = outputs, Strides = shapes.Length > 0 ? shapes[0].ContiguousStrides() : [] };
        op.Infer(ref inference);
        return outputs[0];
    }

    private static BitsAnswer Integers(Operator op, void* attributes, IReadOnlyList<Operand> inputs, DType dtype)
    {
        var shape = OutputShape(op, attributes, inputs);
        var views = new View<Wide>[inputs.Count];
        for (int i = 0; i < views.Length; i++)
        {
            var values = new Wide[inputs[i].Elements];
            for (long e = 0; e < values.Length; e++) values[e] = new Wide(inputs[i].DType == DType.U64 ? inputs[i].Bits(e) : inputs[i].Integer(e));
            views[i] = new(values, inputs[i].Shape);
        }
        var results = new Wide[shape.Elements];
        ReferenceKernels.Run(op, views, attributes, [new View<Wide>(results, shape)]);
        ulong mask = ulong.MaxValue >> (64 - dtype.Size * 8);
        var right = new BitsAnswer(dtype, shape, op.Name);
        for (long e = 0; e < results.Length; e++) right.Set(e, Wide.Round(results[e], dtype) & mask);
        if (op.Schema.Accuracy.Name == "quotient") OpenWhereZero(right, views[1].BroadcastTo(shape));
        return right;
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
