namespace Backends.Reference;

/// <summary>Truth values from numbers, and from one another.</summary>
internal static class Comparison
{
    /// <summary>y = whether a = b.</summary>
    [Reference("eq")]
    public static void Eq<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Test(a, b, y, Equal);

    /// <summary>y = whether a ≠ b.</summary>
    [Reference("ne")]
    public static void Ne<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Test(a, b, y, (a, b) => !Equal(a, b));

    /// <summary>y = whether a &lt; b.</summary>
    [Reference("lt")]
    public static void Lt<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Test(a, b, y, N.Less);

    /// <summary>y = whether a ≤ b.</summary>
    [Reference("le")]
    public static void Le<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Test(a, b, y, (a, b) => N.Less(a, b) || Equal(a, b));

    /// <summary>y = whether a &gt; b.</summary>
    [Reference("gt")]
    public static void Gt<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Test(a, b, y, (a, b) => N.Less(b, a));

    /// <summary>y = whether a ≥ b.</summary>
    [Reference("ge")]
    public static void Ge<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Test(a, b, y, (a, b) => N.Less(b, a) || Equal(a, b));

    /// <summary>y = a and b.</summary>
    [Reference("logical_and")]
    public static void LogicalAnd<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Test(a, b, y, (a, b) => Is(a) && Is(b));

    /// <summary>y = a or b.</summary>
    [Reference("logical_or")]
    public static void LogicalOr<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Test(a, b, y, (a, b) => Is(a) || Is(b));

    /// <summary>y = one of a and b.</summary>
    [Reference("logical_xor")]
    public static void LogicalXor<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Test(a, b, y, (a, b) => Is(a) != Is(b));

    /// <summary>y = not x.</summary>
    [Reference("logical_not")]
    public static void LogicalNot<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, x => Truth<N>(!Is(x)));

    private static void Test<N>(View<N> a, View<N> b, View<N> y, Func<N, N, bool> test) where N : struct, IReferenceNumber<N> =>
        Elementwise.Map(a, b, y, (a, b) => Truth<N>(test(a, b)));

    private static bool Equal<N>(N a, N b) where N : struct, IReferenceNumber<N> => !N.IsNaN(a) && !N.IsNaN(b) && !N.Less(a, b) && !N.Less(b, a);

    private static bool Is<N>(N x) where N : struct, IReferenceNumber<N> => N.Less(N.Zero, x);

    private static N Truth<N>(bool value) where N : struct, IReferenceNumber<N> => N.FromInteger(value ? 1 : 0);
}
