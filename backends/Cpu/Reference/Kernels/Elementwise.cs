namespace Backends.Reference;

/// <summary>One result for each element, from the elements at the same index of the broadcast inputs.</summary>
internal static class Elementwise
{
    /// <summary>y = a + b.</summary>
    [Reference("add")]
    public static void Add<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Map(a, b, y, (a, b) => a + b);

    /// <summary>y = a - b.</summary>
    [Reference("sub")]
    public static void Sub<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Map(a, b, y, (a, b) => a - b);

    /// <summary>y = a · b.</summary>
    [Reference("mul")]
    public static void Mul<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Map(a, b, y, (a, b) => a * b);

    /// <summary>y = a / b, then rounded to an integer where asked.</summary>
    [Reference("div")]
    public static void Div<N>(View<N> a, View<N> b, DivRounding rounding, View<N> y) where N : struct, IReferenceNumber<N> => Map(a, b, y, rounding switch
    {
        DivRounding.None => (a, b) => a / b,
        DivRounding.Trunc => (a, b) => N.Truncate(a / b),
        _ => N.FloorDivide,
    });

    /// <summary>y = x as another dtype: what the output makes of a number when it is stored.</summary>
    [Reference("cast", OwnEntry = true)]
    public static void Cast<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Map(x, y, x => x);

    internal static void Map<N>(View<N> x, View<N> y, Func<N, N> f) where N : struct, IReferenceNumber<N>
    {
        foreach (long[] i in y.Shape.Indices()) y[i] = f(x[i]);
    }

    internal static void Map<N>(View<N> a, View<N> b, View<N> y, Func<N, N, N> f) where N : struct, IReferenceNumber<N>
    {
        a = a.BroadcastTo(y.Shape);
        b = b.BroadcastTo(y.Shape);
        foreach (long[] i in y.Shape.Indices()) y[i] = f(a[i], b[i]);
    }
}
