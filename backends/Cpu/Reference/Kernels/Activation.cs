namespace Backends.Reference;

/// <summary>Nonlinearities of networks.</summary>
internal static class Activation
{
    /// <summary>y = max(x, 0).</summary>
    [Reference("relu")]
    public static void Relu<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, x => N.Less(x, N.Zero) ? N.Zero : x);

    /// <summary>y = 1 / (1 + e^-x); below 0 as e^x / (e^x + 1), whose power does not overflow.</summary>
    [Reference("sigmoid")]
    public static void Sigmoid<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, Logistic);

    /// <summary>y = x / (1 + e^-x).</summary>
    [Reference("silu")]
    public static void Silu<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, x => x * Logistic(x));

    /// <summary>y = x · the share of the normal distribution below x, or the form of that with tanh.</summary>
    [Reference("gelu")]
    public static void Gelu<N>(View<N> x, GeluApproximate approximate, View<N> y) where N : struct, IReferenceNumber<N>
    {
        N one = N.FromInteger(1), two = N.FromInteger(2), half = one / two, root = N.Sqrt(two), scale = N.Sqrt(two / N.Pi), cubic = N.FromInteger(44715) / N.FromInteger(1_000_000);
        Elementwise.Map(x, y, approximate == GeluApproximate.None
            ? x => x * (half * (one + N.Erf(x / root)))
            : x => x * (half * (one + N.Tanh(scale * (x + cubic * (x * x * x))))));
    }

    private static N Logistic<N>(N x) where N : struct, IReferenceNumber<N>
    {
        N one = N.FromInteger(1), power = N.Exp(N.Less(x, N.Zero) ? x : N.FromInteger(-1) * x);
        return (N.Less(x, N.Zero) ? power : one) / (one + power);
    }
}
