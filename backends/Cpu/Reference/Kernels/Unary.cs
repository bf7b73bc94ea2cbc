namespace Backends.Reference;

/// <summary>Functions of one number.</summary>
internal static class Unary
{
    /// <summary>y = -x; a product, because 0 - x would lose the sign of zero.</summary>
    [Reference("neg")]
    public static void Neg<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, x => N.FromInteger(-1) * x);

    /// <summary>y = |x|; a sum, because -0 is not less than 0.</summary>
    [Reference("abs")]
    public static void Abs<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, x => N.Less(x, N.Zero) ? N.FromInteger(-1) * x : x + N.Zero);

    /// <summary>y = √x.</summary>
    [Reference("sqrt")]
    public static void Sqrt<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, N.Sqrt);

    /// <summary>y = 1 / √x.</summary>
    [Reference("rsqrt")]
    public static void Rsqrt<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, x => N.FromInteger(1) / N.Sqrt(x));

    /// <summary>y = e^x.</summary>
    [Reference("exp")]
    public static void Exp<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, N.Exp);

    /// <summary>y = ln x.</summary>
    [Reference("log")]
    public static void Log<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, N.Log);

    /// <summary>y = sin x.</summary>
    [Reference("sin")]
    public static void Sin<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, N.Sin);

    /// <summary>y = tanh x.</summary>
    [Reference("tanh")]
    public static void Tanh<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, N.Tanh);

    /// <summary>y = erf x.</summary>
    [Reference("erf")]
    public static void Erf<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, N.Erf);

    /// <summary>y = ⌊x⌋.</summary>
    [Reference("floor")]
    public static void Floor<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, x => N.FloorDivide(x, N.FromInteger(1)));

    /// <summary>y = the nearest integer, of two the even one.</summary>
    [Reference("round")]
    public static void Round<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, N.RoundToEven);

    /// <summary>y = whether x is no number.</summary>
    [Reference("isnan")]
    public static void IsNaN<N>(View<N> x, View<N> y) where N : struct, IReferenceNumber<N> => Elementwise.Map(x, y, x => N.FromInteger(N.IsNaN(x) ? 1 : 0));
}
