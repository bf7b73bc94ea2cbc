using Backends.Plugins;

namespace Backends.Conformance.Tests.Faults;

/// <summary>A call's tensor, element by element in row-major order whatever its layout: as bits, and as numbers.</summary>
internal sealed unsafe class Cells
{
    private readonly byte* _data;
    private readonly long[] _places;

    /// <param name="tensor">The frame's tensor.</param>
    /// <param name="shape">What it is broadcast to; its own shape when null.</param>
    public Cells(DLTensor* tensor, Shape? shape = null)
    {
        _data = (byte*)tensor->Data + tensor->ByteOffset;
        DType = tensor->Type.DType;
        var own = Shape.Create(new ReadOnlySpan<long>(tensor->Shape, tensor->Rank));
        Shape = shape ?? own;
        var strides = new long[Shape.Rank];
        for (int d = 0; d < own.Rank; d++) strides[Shape.Rank - own.Rank + d] = own[d] == 1 ? 0 : tensor->Strides[d];
        _places = new long[Shape.Elements];
        var index = new long[Shape.Rank];
        for (long i = 0; i < _places.Length; i++)
        {
            for (int d = 0; d < index.Length; d++) _places[i] += index[d] * strides[d];
            for (int d = index.Length - 1; d >= 0 && ++index[d] == Shape[d]; d--) index[d] = 0;
        }
    }

    public DType DType { get; }

    public Shape Shape { get; }

    public long Count => _places.Length;

    public FloatFormat Format => FloatFormat.Of(DType);

    /// <summary>An element's bits; index -1 and <see cref="Count"/> are the neighbours of the first and the last one.</summary>
    public ulong this[long index]
    {
        get => DType.Size switch { 1 => *At(index), 2 => *(ushort*)At(index), 4 => *(uint*)At(index), _ => *(ulong*)At(index) };
        set
        {
            switch (DType.Size)
            {
                case 1: *At(index) = (byte)value; break;
                case 2: *(ushort*)At(index) = (ushort)value; break;
                case 4: *(uint*)At(index) = (uint)value; break;
                default: *(ulong*)At(index) = value; break;
            }
        }
    }

    /// <summary>The elements as numbers; 64-bit integers beyond 2^53 lose bits.</summary>
    public double[] Numbers() => [.. Bits().Select(Number)];

    public ulong[] Bits()
    {
        var bits = new ulong[Count];
        for (long i = 0; i < bits.Length; i++) bits[i] = this[i];
        return bits;
    }

    public double Number(ulong bits)
    {
        if (DType.IsFloat) return Format.Decode(bits);
        var one = Operand.Zeros(DType, Shape.Scalar);
        one.SetBits(0, bits);
        return DType == DType.U64 ? bits : one.Integer(0);
    }

    /// <summary>Writes a number, rounded to nearest; an integer modulo 2^w.</summary>
    public void Set(long index, double value)
    {
        if (DType.IsFloat) this[index] = Format.Encode(Rounding.Nearest(Format, value));
        else this[index] = (ulong)(long)value;
    }

    private byte* At(long index) =>
        _data + (index < 0 ? _places[0] - 1 : index < _places.Length ? _places[index] : _places[^1] + 1) * DType.Size;
}

/// <summary>Ways to round a double into a narrower format, right and wrong ones.</summary>
internal static class Rounding
{
    public static double Nearest(FloatFormat format, double value) =>
        format.Round(value) is var rounded && double.IsInfinity(rounded) && !format.HasInfinity ? Math.CopySign(format.Largest, value) : rounded;

    public static double Towards0(FloatFormat format, double value)
    {
        double nearest = format.Round(value);
        if (!double.IsFinite(value) || Math.Abs(nearest) <= Math.Abs(value)) return nearest;
        return double.IsInfinity(nearest) ? Math.CopySign(format.Largest, value) : format.Decode(format.Encode(nearest) - 1);
    }

    public static double AwayAtHalf(FloatFormat format, double value)
    {
        double low = Towards0(format, value), rest = Math.Abs(value - low);
        return rest == format.Ulp(value) / 2 && low != 0 ? format.Decode(format.Encode(low) + 1) : format.Round(value);
    }

    /// <summary>Some units in the last place away from the right result.</summary>
    public static double Off(FloatFormat format, double value, int ulps)
    {
        double right = format.Round(value);
        return double.IsFinite(right) && Math.Abs(right) > 1e3 * format.SmallestNormal ? format.Decode(format.Encode(right) + (ulong)ulps) : right;
    }

    /// <summary>The significand cut to some bits, as a narrow multiplier sees it.</summary>
    public static double Narrow(double value, int bits)
    {
        if (value == 0 || !double.IsFinite(value)) return value;
        double unit = Math.ScaleB(1, Math.ILogB(value) - bits + 1);
        return Math.Round(value / unit, MidpointRounding.ToEven) * unit;
    }
}
