namespace Backends;

/// <summary>Operators over real tensors: what decompositions run on.</summary>
/// <param name="device">Where it makes tensors from nothing.</param>
internal sealed unsafe class HostOperators(Device device) : Operators<Tensor>
{
    public override Tensor Scalar(Scalar value, Tensor like) => Dispatcher.Scalar(value, like);

    public override Shape ShapeOf(Tensor x) => x.Shape;

    /// <summary>Runs a call's decomposition; what it makes on the way is freed.</summary>
    /// <remarks>
    /// An operator on 16-bit floats is defined as computed in f32 and rounded once (docs/accuracy.md), so its parts run in f32: rounding
    /// each of them to 16 bits would be many times outside of the bound.
    /// </remarks>
    public Tensor[] RunDecomposition(Call call)
    {
        using var scope = new TensorScope();
        bool widen = call.Operator.Schema.Accuracy.Name != "exact";
        var inputs = Array.ConvertAll(call.Inputs, t => widen && t is { DType: DType.F16 or DType.BF16 } ? Ops.Cast(t, DType.F32) : t);
        var outputs = new Tensor[call.Shapes.Length];
        Decompose(call.Operator, inputs, call.Attributes, outputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].DType != call.OutputTypes[i]) outputs[i] = Ops.Cast(outputs[i], call.OutputTypes[i]);
            scope.Keep(outputs[i]);
        }
        return outputs;
    }

    protected override void Invoke(Operator op, ReadOnlySpan<Tensor?> inputs, void* attributes, Span<Tensor> outputs)
    {
        bool plain = outputs.Length == 1 && !op.Schema.IsVariadic;
        if (op.Kind == OperatorKind.View) outputs[0] = Detour.View(op, inputs[0]!, attributes);
        else if (plain && inputs.Length == 2) outputs[0] = Dispatcher.Invoke(op, inputs[0]!, inputs[1]!, attributes, null);
        else if (plain && inputs.Length == 1) outputs[0] = Dispatcher.Invoke(op, inputs[0]!, attributes, null);
        else Detour.InvokeAll(op, inputs.IsEmpty ? device : Dispatcher.DeviceOf(op, inputs), inputs, attributes, default).CopyTo(outputs);
    }
}
