using System.Globalization;
using Backends.Reference;

namespace Backends.Conformance;

/// <summary>
/// Every operator on tracked numbers: primitives by the reference's kernels, views by their shape rule, the rest by the same decomposition that
/// the host runs. After each primitive the result's error takes what its accuracy rule allows one such step, so a decomposition ends with
/// the bound of all its steps.
/// </summary>
/// <remarks>Steps compute in the accumulate type: an operator on 16 bits is defined as f32 arithmetic with one last rounding, which is the judge's to add.</remarks>
internal sealed unsafe class OracleOperators : Operators<OracleTensor>
{
    /// <summary>Runs any operator, allowances of the steps within a decomposition included.</summary>
    public OracleTensor[] Run(Operator op, ReadOnlySpan<OracleTensor> inputs, void* attributes)
    {
        var outputs = new OracleTensor[op.Schema.Outputs.Count];
        if (op.Kind == OperatorKind.Primitive) outputs[0] = Primitive(op, inputs, attributes);
        else Invoke(op, inputs, attributes, outputs);
        return outputs;
    }

    /// <inheritdoc/>
    public override OracleTensor Scalar(Scalar value, OracleTensor like) =>
        new(like.DType, Shape.Scalar, [value.DType == DType.F64 ? Tracked.FromDouble(value.ToDouble()) : Tracked.FromInteger(value.ToInt64())], [], 0);

    /// <inheritdoc/>
    protected override void Invoke(Operator op, ReadOnlySpan<OracleTensor> inputs, void* attributes, Span<OracleTensor> outputs)
    {
        switch (op.Kind)
        {
            case OperatorKind.Decomposed: Decompose(op, inputs, attributes, outputs); break;
            case OperatorKind.View: outputs[0] = ViewOf(op, inputs[0], attributes); break;
            default:
                outputs[0] = Primitive(op, inputs, attributes);
                Allow(op, inputs, outputs[0]);
                break;
        }
    }

    private static OracleTensor Primitive(Operator op, ReadOnlySpan<OracleTensor> inputs, void* attributes)
    {
        var shape = Inferred(op, inputs, attributes).Shape;
        var views = new View<Tracked>[inputs.Length];
        for (int i = 0; i < views.Length; i++) views[i] = inputs[i].View;
        var result = new OracleTensor(inputs[0].DType, shape, new Tracked[shape.Elements], shape.ContiguousStrides(), 0);
        ReferenceKernels.Run(op, views, attributes, [result.View]);
        return result;
    }

    private static OracleTensor ViewOf(Operator op, OracleTensor x, void* attributes)
    {
        var (shape, strides, offset) = Inferred(op, [x], attributes);
        return new(x.DType, shape, x.Values, strides!, x.Offset + offset);
    }

    private static (Shape Shape, long[]? Strides, long Offset) Inferred(Operator op, ReadOnlySpan<OracleTensor> inputs, void* attributes)
    {
        var shapes = new Shape[inputs.Length];
        for (int i = 0; i < shapes.Length; i++) shapes[i] = inputs[i].Shape;
        var outputs = new Shape[op.Schema.Outputs.Count];
        var inference = new Inference { Operator = op, Inputs = shapes, Attributes = attributes, Outputs = outputs, Strides = inputs.Length > 0 ? inputs[0].Strides : [] };
        op.Infer(ref inference);
        return (outputs[0], inference.ViewStrides, inference.ViewOffset);
    }

    // Adds to each result's error what the operator itself may err, and starts its magnitude anew for the next step.
    private static void Allow(Operator op, ReadOnlySpan<OracleTensor> inputs, OracleTensor result)
    {
        var format = FloatFormat.Accumulator(result.DType);
        long terms = inputs[0].Values.Length == 0 ? 0 : op.Schema.Shape.Name == "matmul" ? inputs[0].Shape[^1] : inputs[0].Shape.Elements / Math.Max(1, result.Values.Length);
        double inherited = op.Schema is { Accuracy.Name: "exact", Shape.Name: "reduce" } ? inputs[0].Values.Max(v => v.Error) : 0;
        for (int i = 0; i < result.Values.Length; i++)
        {
            var r = result.Values[i];
            // exp(0) = 1 is promised by exp alone: a fused kernel may reach it by way of a shift that rounds.
            bool exact = r.Exact && !(op.Name == "exp" && r.Value.High != 0);
            double own = exact || !double.IsFinite(r.Value.High) ? 0 : Own(op, format, terms, r);
            if (op.Name == "exp" && own > 0) own += Fused(format, inputs[0].Values[i].Value.High, r.Value.High);
            result.Values[i] = Tracked.Of(r.Value, Math.Max(r.Error, inherited) + own, exact);
        }
    }

    private static double Own(Operator op, FloatFormat format, long terms, Tracked r)
    {
        var rule = op.Schema.Accuracy;
        return rule.Name switch
        {
            "exact" => 0,
            "rounded" => format.UnitRoundoff * Math.Abs(r.Value.High),
            // A fused kernel's intermediate may stand in another binade: the coarser end, 2u, counts.
            "ulp" or "quotient" => Limit(rule, format.DType) * Math.Max(2 * format.UnitRoundoff * Math.Abs(r.Value.High), format.Quantum),
            "sum" => Growth.Blocked(terms) * format.UnitRoundoff * r.Magnitude,
            "product" => terms * (format.UnitRoundoff * r.Magnitude + format.Quantum / 2),
            _ => throw new InvalidOperationException($"the rule '{rule}' of '{op.Name}' says nothing about a step of a decomposition"),
        };
    }

    // A fused kernel writes e^t as 2^(t·log2 e): the product rounds, its constant is rounded, and so may be a scaled maximum.
    private static double Fused(FloatFormat format, double t, double result) => 3 * format.UnitRoundoff * Math.Abs(t) * result;

    /// <summary>The n of <c>ulp(f32, f64, 16-bit)</c> for a dtype.</summary>
    public static double Limit(Rule rule, DType dtype) =>
        double.Parse(rule.Arguments[dtype switch { DType.F32 => 0, DType.F64 => 1, _ => 2 }], CultureInfo.InvariantCulture);
}
