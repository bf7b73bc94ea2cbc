using Backends.Plugins;

namespace Backends.Reference;

/// <summary>The operators whose results are numbers, by name, over any number N. It is what the device runs, and what a judge runs with numbers of its own.</summary>
internal static unsafe class ReferenceKernels
{
    /// <summary>Runs one operator.</summary>
    /// <param name="op">A core operator; <c>copy</c>, <c>nonzero</c> and <c>uniform</c> give bits or positions and are not here.</param>
    /// <param name="inputs">Its tensors.</param>
    /// <param name="attributes">Its attribute struct, or null.</param>
    /// <param name="outputs">Take the results; of the shapes that the declaration gives.</param>
    public static void Run<N>(Operator op, ReadOnlySpan<View<N>> inputs, void* attributes, Span<View<N>> outputs) where N : struct, IReferenceNumber<N>
    {
        var y = outputs[0];
        switch (op.Name)
        {
            case "fill": Creation.Fill(((FillAttributes*)attributes)->Value, y); break;
            case "cast": Elementwise.Cast(inputs[0], y); break;
            case "add": Elementwise.Add(inputs[0], inputs[1], y); break;
            case "sub": Elementwise.Sub(inputs[0], inputs[1], y); break;
            case "mul": Elementwise.Mul(inputs[0], inputs[1], y); break;
            case "div": Elementwise.Div(inputs[0], inputs[1], ((DivAttributes*)attributes)->Rounding, y); break;
            case "exp": Elementwise.Exp(inputs[0], y); break;
            case "relu": Elementwise.Relu(inputs[0], y); break;
            case "sum":
                var sum = (SumAttributes*)attributes;
                Reduction.Sum(inputs[0], Reduction.Mask(sum->Dim, inputs[0].Shape.Rank), y);
                break;
            case "amax":
                var amax = (AMaxAttributes*)attributes;
                Reduction.AMax(inputs[0], Reduction.Mask(amax->Dim, inputs[0].Shape.Rank), y);
                break;
            case "matmul": LinearAlgebra.MatMul(inputs[0], inputs[1], y); break;
            default: throw new BackendException(BackendStatus.Unsupported, $"'{op.Name}' has no reference kernel over numbers");
        }
    }
}
