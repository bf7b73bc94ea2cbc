using System.Runtime.InteropServices;

namespace Backends.Plugins;

/// <summary>DLPack's device: kind and number. A storage, not this, says which device a tensor is on (MEM-19).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DLDevice
{
    /// <summary>DLPack's kind; 1 is host memory, 12 a device without a kind of its own.</summary>
    public int Type;
    /// <summary>The number among its kind.</summary>
    public int Id;
}

/// <summary>DLPack's element type.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DLDataType
{
    /// <summary>0 int, 1 unsigned, 2 float, 4 bfloat, 6 bool, 10 f8e4m3fn, 12 f8e5m2.</summary>
    public byte Code;
    /// <summary>Bits of an element.</summary>
    public byte Bits;
    /// <summary>Always 1 (KER-10).</summary>
    public ushort Lanes;

    /// <summary>The same type in the contract's words; <see cref="Backends.DType.None"/> when it has none.</summary>
    public readonly DType DType => (Code, Bits) switch
    {
        (0, 8) => DType.I8, (0, 16) => DType.I16, (0, 32) => DType.I32, (0, 64) => DType.I64,
        (1, 8) => DType.U8, (1, 16) => DType.U16, (1, 32) => DType.U32, (1, 64) => DType.U64,
        (2, 16) => DType.F16, (2, 32) => DType.F32, (2, 64) => DType.F64,
        (4, 16) => DType.BF16, (6, 8) => DType.Bool, (10, 8) => DType.F8E4M3, (12, 8) => DType.F8E5M2,
        _ => DType.None,
    };

    private static readonly byte[] s_codes = [0, 6, 1, 0, 1, 0, 1, 0, 1, 0, 2, 4, 2, 2, 10, 12];

    /// <summary>DLPack's description of a dtype.</summary>
    public static DLDataType From(DType dtype) => new() { Code = s_codes[(int)dtype], Bits = (byte)(dtype.Size * 8), Lanes = 1 };
}

/// <summary>DLPack's tensor, 48 bytes: what a kernel gets for each input and output.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct DLTensor
{
    /// <summary>The buffer's address as the plugin gave it, unchanged; null when there are no elements (MEM-1, MEM-3).</summary>
    public void* Data;
    /// <summary>Where the data lie.</summary>
    public DLDevice Device;
    /// <summary>Number of dimensions, 0 to 16.</summary>
    public int Rank;
    /// <summary>Element type.</summary>
    public DLDataType Type;
    /// <summary>Sizes; never null for rank 1 and more.</summary>
    public long* Shape;
    /// <summary>Strides in elements; never null for rank 1 and more (KER-10).</summary>
    public long* Strides;
    /// <summary>From <see cref="Data"/> to the logically first element, in bytes (KER-11).</summary>
    public ulong ByteOffset;
}
