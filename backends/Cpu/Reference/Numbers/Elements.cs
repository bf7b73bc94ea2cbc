namespace Backends.Reference;

/// <summary>Elements in memory: read as numbers, exactly; written from numbers, rounded once.</summary>
internal static unsafe class Elements
{
    /// <summary>The element at an address.</summary>
    public static N Load<N>(void* address, DType dtype) where N : struct, IReferenceNumber<N> => dtype switch
    {
        DType.Bool => N.FromInteger(*(byte*)address != 0 ? 1 : 0),
        DType.U8 => N.FromInteger(*(byte*)address),
        DType.I8 => N.FromInteger(*(sbyte*)address),
        DType.U16 => N.FromInteger(*(ushort*)address),
        DType.I16 => N.FromInteger(*(short*)address),
        DType.U32 => N.FromInteger(*(uint*)address),
        DType.I32 => N.FromInteger(*(int*)address),
        DType.U64 => N.FromInteger(*(ulong*)address),
        DType.I64 => N.FromInteger(*(long*)address),
        DType.F32 => N.FromDouble(*(float*)address),
        DType.F64 => N.FromDouble(*(double*)address),
        _ => N.FromDouble(FloatFormat.Of(dtype).Read(LoadBits(address, dtype.Size))),
    };

    /// <summary>Writes a number as an element.</summary>
    public static void Store<N>(N value, void* address, DType dtype) where N : struct, IReferenceNumber<N> =>
        StoreBits(N.Round(value, dtype), address, dtype.Size);

    /// <summary>An element's bits: 1, 2, 4 or 8 bytes of them.</summary>
    public static ulong LoadBits(void* address, int size) => size switch
    {
        1 => *(byte*)address,
        2 => *(ushort*)address,
        4 => *(uint*)address,
        _ => *(ulong*)address,
    };

    /// <summary>Writes an element's bits.</summary>
    public static void StoreBits(ulong bits, void* address, int size)
    {
        switch (size)
        {
            case 1: *(byte*)address = (byte)bits; break;
            case 2: *(ushort*)address = (ushort)bits; break;
            case 4: *(uint*)address = (uint)bits; break;
            default: *(ulong*)address = bits; break;
        }
    }
}
