using Backends.Plugins;

namespace Backends;

/// <summary>Every operator as a method; the generator writes them from the declarations.</summary>
public static unsafe partial class Ops
{
    /// <summary>Calls an operator as data: for tools and suites that find it by name.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="device">The device that makes the result.</param>
    /// <param name="inputs">Its tensors, in the schema's order: null for an absent optional one, the members of a list one after another.</param>
    /// <param name="attributes">Its attributes, or null for an operator without any.</param>
    /// <param name="into">One target for each output, or null where a new tensor is wanted; empty for all new.</param>
    /// <returns>One tensor for each output.</returns>
    public static Tensor[] Invoke(Operator op, Device device, ReadOnlySpan<Tensor?> inputs, AttributeValues? attributes = null, ReadOnlySpan<Tensor?> into = default)
    {
        ArgumentNullException.ThrowIfNull(op);
        if (op.Schema.Attributes.Count > 0 && attributes is null) throw Throw.Argument(op.Name, "no attributes", $"its schema has some: {op.Schema}", "give them");
        void* values = attributes is null ? null : attributes.Pointer;
        var results = op.Kind == OperatorKind.View ? [Detour.View(op, inputs[0]!, values)] : Detour.InvokeAll(op, device, inputs, values, into);
        GC.KeepAlive(attributes);
        return results;
    }

    /// <summary>y = a where condition is true, else the number b, which takes the dtype of a.</summary>
    public static Tensor Where(Tensor condition, Tensor a, Scalar b) => Where(condition, a, Dispatcher.Scalar(b, a));

    /// <summary>y = the number a where condition is true, else b; a takes the dtype of b.</summary>
    public static Tensor Where(Tensor condition, Scalar a, Tensor b) => Where(condition, Dispatcher.Scalar(a, b), b);
}
