using System.Runtime.InteropServices;

namespace Backends;

/// <summary>A number that is no tensor: it takes the dtype of the tensor that it meets and never widens it.</summary>
/// <remarks>16 bytes, <c>bk_scalar</c> in C: the dtype in which it was written (<c>bool</c>, <c>i64</c>, <c>u64</c> or <c>f64</c>) and its 64 bits.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Scalar : IEquatable<Scalar>
{
    private readonly int _dtype;
    private readonly int _reserved;
    private readonly ulong _bits;

    private Scalar(DType dtype, ulong bits)
    {
        _dtype = (int)dtype;
        _reserved = 0;
        _bits = bits;
    }

    /// <summary><c>bool</c>, <c>i64</c>, <c>u64</c> or <c>f64</c>.</summary>
    public DType DType => (DType)_dtype;

    /// <summary>The value's 64 bits in its own dtype.</summary>
    public ulong Bits => _bits;

    /// <summary>The value as a double, rounded to nearest.</summary>
    public double ToDouble() => DType switch
    {
        DType.F64 => BitConverter.UInt64BitsToDouble(_bits),
        DType.U64 => _bits,
        _ => (long)_bits,
    };

    /// <summary>The value as an integer modulo 2^64; a float is truncated and saturates, NaN gives 0.</summary>
    public long ToInt64() => DType == DType.F64 ? (long)BitConverter.UInt64BitsToDouble(_bits) : (long)_bits;

    /// <summary>A float.</summary>
    public static implicit operator Scalar(double value) => new(DType.F64, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(long value) => new(DType.I64, (ulong)value);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(int value) => (long)value;

    /// <summary>An unsigned integer.</summary>
    public static implicit operator Scalar(ulong value) => new(DType.U64, value);

    /// <summary>A truth value.</summary>
    public static implicit operator Scalar(bool value) => new(DType.Bool, value ? 1u : 0u);

    /// <inheritdoc/>
    public bool Equals(Scalar other) => _dtype == other._dtype && _bits == other._bits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_dtype, _bits);

    /// <inheritdoc/>
    public override string ToString() => DType switch
    {
        DType.F64 => ToDouble().ToString(),
        DType.U64 => _bits.ToString(),
        DType.Bool => _bits != 0 ? "true" : "false",
        _ => ToInt64().ToString(),
    };

    /// <summary>Whether dtype and bits are equal.</summary>
    public static bool operator ==(Scalar left, Scalar right) => left.Equals(right);

    /// <summary>Whether dtype or bits differ.</summary>
    public static bool operator !=(Scalar left, Scalar right) => !left.Equals(right);
}
