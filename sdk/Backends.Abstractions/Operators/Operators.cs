namespace Backends;

/// <summary>
/// Every operator as a method over some kind of tensor: real ones, the oracle's, recorded ones. Decompositions are written against this
/// class, so one text runs on all of them. The generator writes the methods; each ends in <see cref="Invoke"/>.
/// </summary>
/// <typeparam name="T">The kind of tensor.</typeparam>
/// <remarks>An abstract class with virtual members, never an interface: operators can be added without breaking anyone (ABI-12).</remarks>
public abstract unsafe partial class Operators<T> where T : class
{
    /// <summary>Runs one operator: the only member that a kind of tensor must give.</summary>
    /// <param name="op">Which.</param>
    /// <param name="inputs">Its tensors; null for an absent optional one, the members of a list one after another.</param>
    /// <param name="attributes">Its attribute struct, or null; valid during the call.</param>
    /// <param name="outputs">Takes one result each.</param>
    protected abstract void Invoke(Operator op, ReadOnlySpan<T?> inputs, void* attributes, Span<T> outputs);

    /// <summary>A number as a tensor of rank 0, with the dtype and on the device of another.</summary>
    public abstract T Scalar(Scalar value, T like);

    /// <summary>A tensor's sizes, for a decomposition that counts elements.</summary>
    public abstract Shape ShapeOf(T x);
}
