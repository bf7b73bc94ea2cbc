namespace Backends;

/// <summary>Operators over real tensors: what decompositions run on.</summary>
internal sealed unsafe class HostOperators : Operators<Tensor>
{
    public static HostOperators Instance { get; } = new();

    public override Tensor Scalar(Scalar value, Tensor like) => Dispatcher.Scalar(value, like);

    /// <summary>Runs an operator's decomposition; what it makes on the way is freed.</summary>
    public Tensor[] RunDecomposition(Operator op, ReadOnlySpan<Tensor> inputs, void* attributes)
    {
        using var scope = new TensorScope();
        var outputs = new Tensor[op.Schema.Outputs.Count];
        Decompose(op, inputs, attributes, outputs);
        foreach (var output in outputs) scope.Keep(output);
        return outputs;
    }

    protected override void Invoke(Operator op, ReadOnlySpan<Tensor> inputs, void* attributes, Span<Tensor> outputs)
    {
        if (op.Kind == OperatorKind.View) outputs[0] = Detour.View(op, inputs[0], attributes);
        else if (inputs.Length == 2) outputs[0] = Dispatcher.Invoke(op, inputs[0], inputs[1], attributes, null);
        else if (inputs.Length == 1) outputs[0] = Dispatcher.Invoke(op, inputs[0], attributes, null);
        else Detour.InvokeAll(op, inputs[0].Device, inputs, attributes, default).CopyTo(outputs);
    }
}
