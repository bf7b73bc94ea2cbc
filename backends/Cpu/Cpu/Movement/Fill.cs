using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>y = value, converted as by cast.</summary>
internal static unsafe class Fill<E> where E : unmanaged, IElement<E>
{
    [SkipLocalsInit]
    public static void Run(CallFrame* frame)
    {
        E element = Element(((FillAttributes*)frame->Attributes)->Value);
        DLTensor* y = frame->Outputs[0];
        E* py = Memory.First<E>(y);
        Loop.Start(out var loop, y, null, null);
        do
            for (long i = 0; i < loop.Size; i++) py[loop.OffsetY + i * loop.StrideY] = element;
        while (loop.Next());
    }

    /// <summary>A number as an element, converted as by cast; NaN is the quiet one without a sign, which .NET's own constant has.</summary>
    public static E Element(Scalar value) => value.DType switch
    {
        DType.F64 => E.FromDouble(double.IsNaN(value.ToDouble()) ? BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000) : value.ToDouble()),
        DType.U64 => E.FromUInt64(value.Bits),
        _ => E.FromInt64(value.ToInt64()),
    };
}
