namespace Backends;

/// <summary>Which dtype several operands share: the array API's table, with two answers that it leaves open (integer with float gives the float; f16 with bf16 gives f32).</summary>
internal static class Promotion
{
    /// <summary>The common dtype, or none where there is no good answer: u64 with a signed integer, or an 8-bit float.</summary>
    public static DType Common(DType a, DType b)
    {
        if (a == b) return a;
        if (a == DType.Bool) return b;
        if (b == DType.Bool) return a;
        if (a >= DType.F8E4M3 || b >= DType.F8E4M3) return DType.None;
        if (a.IsFloat != b.IsFloat) return a.IsFloat ? a : b;
        if (a.IsFloat) return a.Size == b.Size ? DType.F32 : a.Size > b.Size ? a : b;
        if (a.IsUnsigned == b.IsUnsigned) return a.Size > b.Size ? a : b;
        var (unsigned, signed) = a.IsUnsigned ? (a, b) : (b, a);
        if (signed.Size > unsigned.Size) return signed;
        return unsigned switch { DType.U8 => DType.I16, DType.U16 => DType.I32, DType.U32 => DType.I64, _ => DType.None };
    }

    /// <summary>The dtype of a number that meets a tensor: the tensor's, unless a fraction meets integers.</summary>
    public static DType WithScalar(DType tensor, DType scalar) =>
        scalar == DType.F64 && !tensor.IsFloat ? DType.F32
        : scalar is DType.I64 or DType.U64 && tensor == DType.Bool ? DType.I64
        : tensor;
}
