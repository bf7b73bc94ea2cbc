using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>clamp: its bounds become operands of rank 0.</summary>
internal static unsafe class Clamp<E, C> where E : unmanaged, IElement<E>, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame)
    {
        var attributes = (ClampAttributes*)frame->Attributes;
        E low = Bound(attributes->Low, double.NegativeInfinity), high = Bound(attributes->High, double.PositiveInfinity);
        DLTensor first = *frame->Inputs[0], second, third;
        second = third = first with { Rank = 0, ByteOffset = 0 };
        second.Data = &low;
        third.Data = &high;
        DLTensor** inputs = stackalloc DLTensor*[] { &first, &second, &third };
        CallFrame three = *frame;
        three.Inputs = inputs;
        three.InputCount = 3;
        Ternary<E, C, As<E, C>, Clamped>.Run(&three);
    }

    // NaN is no bound, and what lies beyond an integer's range stands for its end.
    private static E Bound(Scalar value, double none)
    {
        if (value.DType == DType.F64) return E.FromDouble(double.IsNaN(value.ToDouble()) ? none : value.ToDouble());
        if (typeof(E) == typeof(Plain<C>)) return E.Narrow(value.DType == DType.U64 ? C.CreateSaturating(value.Bits) : C.CreateSaturating(value.ToInt64()));
        return value.DType == DType.U64 ? E.FromUInt64(value.Bits) : E.FromInt64(value.ToInt64());
    }
}
