namespace Backends.Conformance;

/// <summary>
/// What fresh outputs hold before a kernel runs, so that an element that it never writes is named as such: a quiet NaN whose payload nobody
/// computes; in integers, bool and formats without payload the byte 0xA5.
/// </summary>
internal static class Poison
{
    /// <summary>The bits of a poisoned element.</summary>
    public static ulong Of(DType dtype) => dtype switch
    {
        DType.F16 => 0x7EA5,
        DType.BF16 => 0x7FE5,
        DType.F32 => 0x7FC0A5A5,
        DType.F64 => 0x7FF8A5A5A5A5A5A5,
        _ => 0xA5A5A5A5A5A5A5A5 >> (64 - dtype.Size * 8),
    };

    /// <summary>Fills the bytes of whole elements.</summary>
    public static void Fill(Span<byte> elements, DType dtype)
    {
        ulong bits = Of(dtype);
        for (int i = 0; i < elements.Length; i++) elements[i] = (byte)(bits >> (i % dtype.Size * 8));
    }
}
