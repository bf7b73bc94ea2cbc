namespace Backends.Reference;

/// <summary>Tensors from attributes alone.</summary>
internal static class Creation
{
    /// <summary>y = value. N stands for the dtype in which the value was written, so that storing it is the cast.</summary>
    [Reference("fill", OwnEntry = true)]
    public static void Fill<N>(Scalar value, View<N> y) where N : struct, IReferenceNumber<N>
    {
        var number = Number<N>(value);
        foreach (long[] i in y.Shape.Indices()) y[i] = number;
    }

    /// <summary>A number that is no tensor, exactly.</summary>
    internal static N Number<N>(Scalar value) where N : struct, IReferenceNumber<N> => value.DType switch
    {
        DType.F64 => N.FromDouble(value.ToDouble()),
        DType.U64 => N.FromInteger(value.Bits),
        _ => N.FromInteger((long)value.Bits),
    };
}
