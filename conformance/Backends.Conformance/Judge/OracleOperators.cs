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
    public OracleTensor[] Run(Operator op, ReadOnlySpan<OracleTensor?> inputs, void* attributes)
    {
        if (op.Kind == OperatorKind.Primitive) return Primitive(op, inputs, attributes);
        var outputs = new OracleTensor[op.Schema.Outputs.Count];
        Invoke(op, inputs, attributes, outputs);
        return outputs;
    }

    /// <inheritdoc/>
    public override OracleTensor Scalar(Scalar value, OracleTensor like) =>
        new(like.DType, Shape.Scalar, [value.DType == DType.F64 ? Tracked.FromDouble(value.ToDouble()) : Tracked.FromInteger(value.ToInt64())], [], 0);

    /// <inheritdoc/>
    public override Shape ShapeOf(OracleTensor x) => x.Shape;

    /// <inheritdoc/>
    protected override void Invoke(Operator op, ReadOnlySpan<OracleTensor?> inputs, void* attributes, Span<OracleTensor> outputs)
    {
        switch (op.Kind)
        {
            case OperatorKind.Decomposed:
                Decompose(op, inputs, attributes, outputs);
                if (op.Name == "log_softmax") AllowShifted(inputs[0]!, outputs[0]);
                break;
            case OperatorKind.View: outputs[0] = ViewOf(op, inputs[0]!, attributes); break;
            default:
                Primitive(op, inputs, attributes).CopyTo(outputs);
                for (int i = 0; i < outputs.Length; i++)
                    if (outputs[i].DType.IsFloat) Allow(op, inputs, outputs[i]);
                break;
        }
    }

    private static OracleTensor[] Primitive(Operator op, ReadOnlySpan<OracleTensor?> inputs, void* attributes)
    {
        var shapes = Inferred(op, inputs, attributes).Shapes;
        var views = new View<Tracked>[inputs.Length];
        var types = new DType?[inputs.Length];
        for (int i = 0; i < views.Length; i++)
            if (inputs[i] is { } input) (views[i], types[i]) = (input.View, input.DType);
        var outputs = Oracle.OutputTypes(op, attributes, types);
        OracleTensor[] results = [.. shapes.Select((s, i) => new OracleTensor(outputs[i], s, new Tracked[s.Elements], s.ContiguousStrides(), 0))];
        ReferenceKernels.Run(op, views, attributes, [.. results.Select(r => r.View)]);
        return results;
    }

    private static OracleTensor ViewOf(Operator op, OracleTensor x, void* attributes)
    {
        var (shapes, strides, offset) = Inferred(op, [x], attributes);
        return new(x.DType, shapes[0], x.Values, strides!, x.Offset + offset);
    }

    private static (Shape[] Shapes, long[]? Strides, long Offset) Inferred(Operator op, ReadOnlySpan<OracleTensor?> inputs, void* attributes)
    {
        var shapes = new Shape[inputs.Length];
        for (int i = 0; i < shapes.Length; i++) shapes[i] = inputs[i]?.Shape ?? Shape.Scalar;
        var outputs = new Shape[op.Schema.Outputs.Count];
        var inference = new Inference { Operator = op, Inputs = shapes, Attributes = attributes, Outputs = outputs, Strides = inputs is [{ } first, ..] ? first.Strides : [] };
        op.Infer(ref inference);
        return (outputs, inference.ViewStrides, inference.ViewOffset);
    }

    // Adds to each result's error what the operator itself may err, and starts its magnitude anew for the next step.
    private static void Allow(Operator op, ReadOnlySpan<OracleTensor?> given, OracleTensor result)
    {
        if (given is not [{ } first, ..]) return;
        var format = FloatFormat.Accumulator(result.DType);
        long terms = first.Values.Length == 0 ? 0 : op.Schema.Shape.Name == "matmul" ? first.Shape[^1] : first.Shape.Elements / Math.Max(1, result.Values.Length);
        double inherited = op.Schema is { Accuracy.Name: "exact", Shape.Name: "reduce" } ? first.Values.Select(v => v.Error).Where(double.IsFinite).DefaultIfEmpty(0).Max() : 0;
        bool computed = op.Schema.Accuracy.Name == "product" && first.Values.Any(v => !v.Exact);
        for (int i = 0; i < result.Values.Length; i++)
        {
            var r = result.Values[i];
            // exp(0) = 1 is promised by exp alone: a fused kernel may reach it by way of a shift that rounds.
            bool exact = r.Exact && !(op.Name == "exp" && r.Value.High != 0);
            double own = exact || !double.IsFinite(r.Value.High) ? 0 : Own(op, format, terms, r);
            if (op.Schema.Accuracy.Name == "product" && own > 0 && result.DType.Size < 4) own += Narrow(result.DType, terms, computed, r);
            if (op.Name == "exp" && own > 0 && double.IsFinite(first.Values[i].Value.High)) own += Fused(format, first.Values[i].Value.High, r.Value.High);
            double error = double.IsNaN(r.Error) || Overflows(op, format, r) ? double.PositiveInfinity : Math.Max(r.Error, inherited) + own;
            result.Values[i] = Tracked.Of(r.Value, error, exact);
        }
    }

    // A step that leaves the format gives an infinity or, in another order, another number: what follows from it is not known. A difference that does
    // keeps its sign, and is the way of every softmax; what is chosen or moved has left it before.
    private static bool Overflows(Operator op, FloatFormat format, Tracked r) =>
        !r.Exact && op.Name is not ("add" or "sub") && op.Schema.Accuracy.Name is not ("exact" or "moved") && !double.IsNaN(r.Value.High) && Math.Abs(r.Value.High) > format.Largest;

    private static double Own(Operator op, FloatFormat format, long terms, Tracked r)
    {
        var rule = op.Schema.Accuracy;
        return rule.Name switch
        {
            "exact" or "moved" => 0,
            "rounded" => format.UnitRoundoff * Math.Abs(r.Value.High),
            // A fused kernel's intermediate may stand in another binade: the coarser end, 2u, counts.
            "ulp" or "quotient" => Limit(rule, format.DType) * Math.Max(2 * format.UnitRoundoff * Math.Abs(r.Value.High), format.Quantum),
            "sum" => Growth.Blocked(terms) * format.UnitRoundoff * r.Magnitude,
            "product" => terms * (format.UnitRoundoff * r.Magnitude + format.Quantum / 2),
            _ => throw new InvalidOperationException($"the rule '{rule}' of '{op.Name}' says nothing about a step of a decomposition"),
        };
    }

    // Another form of log_softmax is x - logsumexp x: what is subtracted, x - r, has been rounded.
    private static void AllowShifted(OracleTensor x, OracleTensor result)
    {
        double u = FloatFormat.Accumulator(result.DType).UnitRoundoff;
        var from = x.Contiguous();
        for (int i = 0; i < from.Length; i++)
            if (result.Values[i] is { Exact: false } r && double.IsFinite(r.Value.High))
                result.Values[i] = r with { Error = r.Error + u * Math.Abs((from[i].Value - r.Value).High) };
    }

    // Matrix units for 16 bits truncate, so twice as much; and what was computed before is handed to them in 16 bits.
    private static double Narrow(DType dtype, long terms, bool computed, Tracked r) =>
        (terms * FloatFormat.F32.UnitRoundoff + (computed ? FloatFormat.Of(dtype).UnitRoundoff : 0)) * r.Magnitude;

    // A fused kernel writes e^t as 2^(t·log2 e): the product rounds, its constant is rounded, and so may be a scaled maximum.
    private static double Fused(FloatFormat format, double t, double result) => 3 * format.UnitRoundoff * Math.Abs(t) * result;

    /// <summary>The n of <c>ulp(f32, f64, 16-bit)</c> for a dtype.</summary>
    public static double Limit(Rule rule, DType dtype) =>
        double.Parse(rule.Arguments[dtype switch { DType.F32 => 0, DType.F64 => 1, _ => 2 }], CultureInfo.InvariantCulture);
}
