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

    /// <summary>y = a^b.</summary>
    [Reference("pow")]
    public static void Pow<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Map(a, b, y, N.Pow);

    /// <summary>y = a - b · ⌊a / b⌋.</summary>
    [Reference("remainder")]
    public static void Remainder<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Map(a, b, y, N.Remainder);

    /// <summary>y = the larger; a NaN is let in, and nothing is more than it.</summary>
    [Reference("maximum")]
    public static void Maximum<N>(View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> => Map(a, b, y, (a, b) => N.IsNaN(b) || N.Less(a, b) ? b : a);

    /// <summary>y = a · b + c.</summary>
    [Reference("fma")]
    public static void Fma<N>(View<N> a, View<N> b, View<N> c, View<N> y) where N : struct, IReferenceNumber<N> => Map(a, b, c, y, N.FusedMultiplyAdd);

    /// <summary>y = a where condition is not 0, else b.</summary>
    [Reference("where")]
    public static void Where<N>(View<N> condition, View<N> a, View<N> b, View<N> y) where N : struct, IReferenceNumber<N> =>
        Map(condition, a, b, y, (c, a, b) => N.Less(N.Zero, c) ? a : b);

    /// <summary>y = x, but low where it is less, and then high where it is more.</summary>
    [Reference("clamp")]
    public static void Clamp<N>(View<N> x, Scalar low, Scalar high, View<N> y) where N : struct, IReferenceNumber<N>
    {
        N? lowest = Bound<N>(low, x.DType), highest = Bound<N>(high, x.DType);
        Map(x, y, x =>
        {
            if (lowest is { } l && N.Less(x, l)) x = l;
            return highest is { } h && N.Less(h, x) ? h : x;
        });
    }

    // A float's bound is rounded with the result; an integer's stops at the ends of its range here.
    private static N? Bound<N>(Scalar bound, DType dtype) where N : struct, IReferenceNumber<N>
    {
        if (double.IsNaN(bound.ToDouble())) return null;
        var number = Creation.Number<N>(bound);
        if (dtype is DType.None || dtype.IsFloat) return number;
        int bits = dtype.Size * 8;
        N low = N.FromInteger(dtype.IsUnsigned ? 0 : -(Int128.One << (bits - 1))), high = N.FromInteger((Int128.One << (dtype.IsUnsigned ? bits : bits - 1)) - 1);
        return N.Less(number, low) ? low : N.Less(high, number) ? high : number;
    }

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

    private static void Map<N>(View<N> a, View<N> b, View<N> c, View<N> y, Func<N, N, N, N> f) where N : struct, IReferenceNumber<N>
    {
        (a, b, c) = (a.BroadcastTo(y.Shape), b.BroadcastTo(y.Shape), c.BroadcastTo(y.Shape));
        foreach (long[] i in y.Shape.Indices()) y[i] = f(a[i], b[i], c[i]);
    }
}
