using System.Globalization;

namespace Backends.Conformance;

/// <summary>Elements as text: the shortest decimal that gives the same value, and the bits.</summary>
internal static class Numbers
{
    public static string Text(DType dtype, ulong bits) => dtype switch
    {
        DType.F32 => BitConverter.UInt32BitsToSingle((uint)bits).ToString(CultureInfo.InvariantCulture),
        _ when dtype.IsFloat => FloatFormat.Of(dtype).Decode(bits).ToString(CultureInfo.InvariantCulture),
        DType.Bool when bits <= 1 => bits == 1 ? "true" : "false",
        DType.I8 => ((sbyte)bits).ToString(CultureInfo.InvariantCulture),
        DType.I16 => ((short)bits).ToString(CultureInfo.InvariantCulture),
        DType.I32 => ((int)bits).ToString(CultureInfo.InvariantCulture),
        DType.I64 => ((long)bits).ToString(CultureInfo.InvariantCulture),
        _ => bits.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>For example <c>0x44838e57</c>.</summary>
    public static string Hex(DType dtype, ulong bits) => "0x" + bits.ToString($"x{dtype.Size * 2}", CultureInfo.InvariantCulture);

    /// <summary>Five digits: enough for a margin or a bound.</summary>
    public static string Short(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
