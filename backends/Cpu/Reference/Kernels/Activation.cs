namespace Backends.Reference;

/// <summary>Nonlinearities of networks.</summary>
internal static class Activation
{
    /// <summary>y = max(x, 0).</summary>
    [Reference("relu")]
    public static void Relu<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, x => N.Less(x, N.Zero) ? N.Zero : x);
}
