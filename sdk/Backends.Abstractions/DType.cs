namespace Backends;

/// <summary>The type of a tensor's elements. One name everywhere: <c>F32</c> here, <c>f32</c> in schemas and case ids, <c>BK_F32</c> in C.</summary>
/// <remarks>The values are part of the contract (int32 in C) and append-only.</remarks>
public enum DType
{
    /// <summary>No dtype.</summary>
    None = 0,
    /// <summary>One byte, 0 or 1.</summary>
    Bool = 1,
    /// <summary>8-bit unsigned integer.</summary>
    U8 = 2,
    /// <summary>8-bit signed integer.</summary>
    I8 = 3,
    /// <summary>16-bit unsigned integer.</summary>
    U16 = 4,
    /// <summary>16-bit signed integer.</summary>
    I16 = 5,
    /// <summary>32-bit unsigned integer.</summary>
    U32 = 6,
    /// <summary>32-bit signed integer.</summary>
    I32 = 7,
    /// <summary>64-bit unsigned integer.</summary>
    U64 = 8,
    /// <summary>64-bit signed integer.</summary>
    I64 = 9,
    /// <summary>IEEE binary16: 11 significand bits.</summary>
    F16 = 10,
    /// <summary>bfloat16: 8 significand bits, f32's exponents.</summary>
    BF16 = 11,
    /// <summary>IEEE binary32.</summary>
    F32 = 12,
    /// <summary>IEEE binary64.</summary>
    F64 = 13,
    /// <summary>8-bit float e4m3fn: no infinities, largest 448. Stored and cast only.</summary>
    F8E4M3 = 14,
    /// <summary>8-bit float e5m2: largest 57344. Stored and cast only.</summary>
    F8E5M2 = 15,
}

/// <summary>Facts about dtypes.</summary>
public static class DTypes
{
    private static readonly string[] s_names =
        ["none", "bool", "u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f16", "bf16", "f32", "f64", "f8e4m3", "f8e5m2"];

    private static readonly byte[] s_sizes = [0, 1, 1, 1, 2, 2, 4, 4, 8, 8, 2, 2, 4, 8, 1, 1];

    /// <summary>Every dtype, in the order of its value.</summary>
    public static IReadOnlyList<DType> All { get; } =
        [DType.Bool, DType.U8, DType.I8, DType.U16, DType.I16, DType.U32, DType.I32, DType.U64, DType.I64,
         DType.F16, DType.BF16, DType.F32, DType.F64, DType.F8E4M3, DType.F8E5M2];

    extension(DType dtype)
    {
        /// <summary>The name in schemas, ids and messages, for example <c>f32</c>.</summary>
        public string Name => s_names[(int)dtype];

        /// <summary>Bytes an element takes.</summary>
        public int Size => s_sizes[(int)dtype];

        /// <summary>Whether values are floating-point numbers.</summary>
        public bool IsFloat => dtype >= DType.F16;

        /// <summary>Whether values are integers, signed or not; bool is none.</summary>
        public bool IsInteger => dtype is >= DType.U8 and <= DType.I64;

        /// <summary>Whether values are unsigned integers.</summary>
        public bool IsUnsigned => dtype is DType.U8 or DType.U16 or DType.U32 or DType.U64;
    }

    /// <summary>Finds a dtype by its name, case ignored.</summary>
    /// <param name="name">For example <c>bf16</c>.</param>
    /// <param name="dtype">The dtype, or <see cref="DType.None"/>.</param>
    /// <returns>Whether there is one of that name.</returns>
    public static bool TryParse(string name, out DType dtype)
    {
        int index = Array.FindIndex(s_names, n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
        dtype = index > 0 ? (DType)index : DType.None;
        return index > 0;
    }
}
