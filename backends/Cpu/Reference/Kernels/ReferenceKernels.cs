namespace Backends.Reference;

/// <summary>The operators whose results are numbers, by name, over any number N. It is what the device runs, and what a judge runs with numbers of its own.</summary>
internal static unsafe partial class ReferenceKernels
{
    /// <summary>Runs one operator; the generator writes the cases from the methods with [Reference].</summary>
    /// <param name="op">A core operator; <c>copy</c>, <c>nonzero</c> and <c>uniform</c> give bits or positions and are not here.</param>
    /// <param name="inputs">Its tensors.</param>
    /// <param name="attributes">Its attribute struct, or null.</param>
    /// <param name="outputs">Take the results; of the shapes that the declaration gives.</param>
    public static partial void Run<N>(Operator op, ReadOnlySpan<View<N>> inputs, void* attributes, Span<View<N>> outputs) where N : struct, IReferenceNumber<N>;
}
