namespace Backends.Plugins;

/// <summary>
/// Reads attribute structs. Layout, the same in C (<c>bk_&lt;op&gt;_attributes</c>): uint32 struct_size, uint32 reserved, uint64 given (a bit for
/// each attribute that is not its default), then every attribute at a multiple of 8: i64 and f64 take 8 bytes; bool, dtype and enum an int32 and
/// 4 bytes of padding; scalar 16; i64[] a pointer and a length.
/// </summary>
public static unsafe class AttributeReader
{
    /// <summary>Whether the struct is long enough to hold an attribute; a shorter one comes from an older host and means its default (KER-20).</summary>
    public static bool Has(void* attributes, int offset, int bytes) => attributes != null && *(uint*)attributes >= (uint)(offset + bytes);

    /// <summary>An integer.</summary>
    public static long I64(void* attributes, int offset) => *(long*)((byte*)attributes + offset);

    /// <summary>A double.</summary>
    public static double F64(void* attributes, int offset) => *(double*)((byte*)attributes + offset);

    /// <summary>A truth value.</summary>
    public static bool Bool(void* attributes, int offset) => *(int*)((byte*)attributes + offset) != 0;

    /// <summary>A dtype, or an enum's value: the place of the word in the declaration.</summary>
    public static int I32(void* attributes, int offset) => *(int*)((byte*)attributes + offset);

    /// <summary>A number of any dtype.</summary>
    public static Scalar Scalar(void* attributes, int offset) => *(Scalar*)((byte*)attributes + offset);

    /// <summary>A list of integers; it lives for the call.</summary>
    public static ReadOnlySpan<long> Integers(void* attributes, int offset) =>
        new(*(long**)((byte*)attributes + offset), checked((int)*(long*)((byte*)attributes + offset + 8)));
}
