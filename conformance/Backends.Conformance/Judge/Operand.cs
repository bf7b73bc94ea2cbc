using System.Buffers.Binary;

namespace Backends.Conformance;

/// <summary>A tensor as the judge sees it: dtype, shape, and the bytes of its elements in row-major order without gaps, little-endian.</summary>
internal sealed class Operand(DType dtype, Shape shape, byte[] data)
{
    public DType DType { get; } = dtype;
    public Shape Shape { get; } = shape;
    public byte[] Data { get; } = data;
    public long Elements { get; } = shape.Elements;

    /// <summary>An operand whose elements are all 0.</summary>
    public static Operand Zeros(DType dtype, Shape shape) => new(dtype, shape, new byte[checked((int)(shape.Elements * dtype.Size))]);

    /// <summary>The bits of an element, the rest of the word 0.</summary>
    public ulong Bits(long index) => DType.Size switch
    {
        1 => Data[index],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(Data.AsSpan((int)index * 2)),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(Data.AsSpan((int)index * 4)),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(Data.AsSpan((int)index * 8)),
    };

    /// <summary>Sets the bits of an element; higher bits of the word are dropped.</summary>
    public void SetBits(long index, ulong bits)
    {
        switch (DType.Size)
        {
            case 1: Data[index] = (byte)bits; break;
            case 2: BinaryPrimitives.WriteUInt16LittleEndian(Data.AsSpan((int)index * 2), (ushort)bits); break;
            case 4: BinaryPrimitives.WriteUInt32LittleEndian(Data.AsSpan((int)index * 4), (uint)bits); break;
            default: BinaryPrimitives.WriteUInt64LittleEndian(Data.AsSpan((int)index * 8), bits); break;
        }
    }

    /// <summary>The value of a floating-point element.</summary>
    public double Real(long index) => FloatFormat.Of(DType).Decode(Bits(index));

    /// <summary>An integer element, sign-extended or zero-extended by its dtype; a u64 keeps its bits.</summary>
    public long Integer(long index)
    {
        ulong bits = Bits(index);
        return DType switch
        {
            DType.I8 => (sbyte)bits,
            DType.I16 => (short)bits,
            DType.I32 => (int)bits,
            _ => (long)bits,
        };
    }

    /// <summary>Sets an element of any dtype to a real number: rounded to nearest in a float; truncated, modulo 2^w, in an integer.</summary>
    public void Set(long index, double value)
    {
        if (!DType.IsFloat)
        {
            SetBits(index, DType == DType.Bool ? value != 0 ? 1UL : 0 : (ulong)(long)value);
            return;
        }
        var format = FloatFormat.Of(DType);
        double rounded = format.Round(value);
        if (double.IsInfinity(rounded) && !format.HasInfinity) rounded = Math.CopySign(format.Largest, value);
        SetBits(index, format.Encode(rounded));
    }
}
