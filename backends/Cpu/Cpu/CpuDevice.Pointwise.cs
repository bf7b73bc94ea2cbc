using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// The kernels of one result for each element. What the sign does not change is compiled once for a width: integers as unsigned ones, floats whose bits
/// alone matter as integers.
/// </summary>
internal sealed unsafe partial class CpuDevice
{
    private const Accepts Pointwise = Anywhere | Accepts.InPlace | Accepts.HostScalars;

    private static void AddPointwise(KernelList kernels)
    {
        AddWrapping<Add>(kernels, "add");
        AddWrapping<Sub>(kernels, "sub");
        AddWrapping<Mul>(kernels, "mul");
        AddDiv(kernels);
        AddSigned<Negative>(kernels, "neg");
        AddSigned<Magnitude>(kernels, "abs");
        AddSigned<Relu>(kernels, "relu");
        AddBits<SignTurned>(kernels, "neg");
        AddBits<SignCleared>(kernels, "abs");
        AddFloats<Relu>(kernels, "relu");
        AddFloats<Sqrt>(kernels, "sqrt");
        AddFloats<ReciprocalSqrt>(kernels, "rsqrt");
        AddFloats<Exp>(kernels, "exp");
        AddFloats<Log>(kernels, "log");
        AddFloats<Tanh>(kernels, "tanh");
        AddFloats<Erf>(kernels, "erf");
        AddFloats<Floor>(kernels, "floor");
        AddFloats<Round>(kernels, "round");
        AddInDouble<Sin>(kernels, "sin");
        AddIsNaN(kernels);
        AddFloats<Sigmoid>(kernels, "sigmoid");
        AddFloats<Silu>(kernels, "silu");
        AddGelu(kernels);
        AddInDouble<PowInDouble, Pow>(kernels, "pow");
        AddNumbers<Remainder>(kernels, "remainder");
        AddNumbers<Maximum>(kernels, "maximum");
        AddFma(kernels);
        AddEqual<Equal>(kernels, "eq");
        AddEqual<NotEqual>(kernels, "ne");
        AddOrder<Less>(kernels, "lt");
        AddOrder<LessOrEqual>(kernels, "le");
        AddOrder<Greater>(kernels, "gt");
        AddOrder<GreaterOrEqual>(kernels, "ge");
        AddTwo<Plain<byte>, byte, And>(kernels, "logical_and", DType.Bool);
        AddTwo<Plain<byte>, byte, Or>(kernels, "logical_or", DType.Bool);
        AddTwo<Plain<byte>, byte, Xor>(kernels, "logical_xor", DType.Bool);
        Add<Plain<byte>, byte, Not>(kernels, "logical_not", DType.Bool);
        AddClamp(kernels);
        AddWhere(kernels);
    }

    private static void AddFloats<F>(KernelList kernels, string op) where F : IUnary
    {
        Add<F16, float, F>(kernels, op, DType.F16);
        Add<BF16, float, F>(kernels, op, DType.BF16);
        Add<Plain<float>, float, F>(kernels, op, DType.F32);
        Add<Plain<double>, double, F>(kernels, op, DType.F64);
    }

    private static void AddInDouble<F>(KernelList kernels, string op) where F : IUnary
    {
        Add<F16, double, F>(kernels, op, DType.F16);
        Add<BF16, double, F>(kernels, op, DType.BF16);
        Add<Doubled, double, F>(kernels, op, DType.F32);
        Add<Plain<double>, double, F>(kernels, op, DType.F64);
    }

    private static void AddInDouble<F, P>(KernelList kernels, string op) where F : IBinary where P : IBinary
    {
        AddTwo<F16, double, F>(kernels, op, DType.F16);
        AddTwo<BF16, double, F>(kernels, op, DType.BF16);
        AddTwo<Doubled, double, F>(kernels, op, DType.F32);
        AddTwo<Plain<double>, double, P>(kernels, op, DType.F64);
    }

    private static void AddNumbers<F>(KernelList kernels, string op) where F : IBinary
    {
        AddTwo<Plain<byte>, byte, F>(kernels, op, DType.U8);
        AddTwo<Plain<sbyte>, sbyte, F>(kernels, op, DType.I8);
        AddTwo<Plain<ushort>, ushort, F>(kernels, op, DType.U16);
        AddTwo<Plain<short>, short, F>(kernels, op, DType.I16);
        AddTwo<Plain<uint>, uint, F>(kernels, op, DType.U32);
        AddTwo<Plain<int>, int, F>(kernels, op, DType.I32);
        AddTwo<Plain<ulong>, ulong, F>(kernels, op, DType.U64);
        AddTwo<Plain<long>, long, F>(kernels, op, DType.I64);
        AddTwo<F16, float, F>(kernels, op, DType.F16);
        AddTwo<BF16, float, F>(kernels, op, DType.BF16);
        AddTwo<Plain<float>, float, F>(kernels, op, DType.F32);
        AddTwo<Plain<double>, double, F>(kernels, op, DType.F64);
    }

    private static void AddEqual<F>(KernelList kernels, string op) where F : IBinary
    {
        AddVerdict<Plain<byte>, byte, F>(kernels, op, DType.Bool, DType.U8, DType.I8);
        AddVerdict<Plain<ushort>, ushort, F>(kernels, op, DType.U16, DType.I16);
        AddVerdict<Plain<uint>, uint, F>(kernels, op, DType.U32, DType.I32);
        AddVerdict<Plain<ulong>, ulong, F>(kernels, op, DType.U64, DType.I64);
        AddVerdict<F16, float, F>(kernels, op, DType.F16);
        AddVerdict<BF16, float, F>(kernels, op, DType.BF16);
        AddVerdict<Plain<float>, float, F>(kernels, op, DType.F32);
        AddVerdict<Plain<double>, double, F>(kernels, op, DType.F64);
    }

    private static void AddOrder<F>(KernelList kernels, string op) where F : IBinary
    {
        AddVerdict<Plain<byte>, byte, F>(kernels, op, DType.Bool, DType.U8);
        AddVerdict<Plain<sbyte>, sbyte, F>(kernels, op, DType.I8);
        AddVerdict<Plain<ushort>, ushort, F>(kernels, op, DType.U16);
        AddVerdict<Plain<short>, short, F>(kernels, op, DType.I16);
        AddVerdict<Plain<uint>, uint, F>(kernels, op, DType.U32);
        AddVerdict<Plain<int>, int, F>(kernels, op, DType.I32);
        AddVerdict<Plain<ulong>, ulong, F>(kernels, op, DType.U64);
        AddVerdict<Plain<long>, long, F>(kernels, op, DType.I64);
        AddVerdict<F16, float, F>(kernels, op, DType.F16);
        AddVerdict<BF16, float, F>(kernels, op, DType.BF16);
        AddVerdict<Plain<float>, float, F>(kernels, op, DType.F32);
        AddVerdict<Plain<double>, double, F>(kernels, op, DType.F64);
    }

    private static void AddFma(KernelList kernels)
    {
        AddThree<Plain<byte>, byte, Fused>(kernels, "fma", DType.U8, DType.I8);
        AddThree<Plain<ushort>, ushort, Fused>(kernels, "fma", DType.U16, DType.I16);
        AddThree<Plain<uint>, uint, Fused>(kernels, "fma", DType.U32, DType.I32);
        AddThree<Plain<ulong>, ulong, Fused>(kernels, "fma", DType.U64, DType.I64);
        AddThree<F16, float, FusedToOdd>(kernels, "fma", DType.F16);
        AddThree<BF16, float, FusedToOdd>(kernels, "fma", DType.BF16);
        AddThree<Plain<float>, float, Fused>(kernels, "fma", DType.F32);
        AddThree<Plain<double>, double, Fused>(kernels, "fma", DType.F64);
    }

    private static void AddClamp(KernelList kernels)
    {
        Add(kernels, "clamp", Pointwise, &Clamp<Plain<byte>, byte>.Run, DType.U8);
        Add(kernels, "clamp", Pointwise, &Clamp<Plain<sbyte>, sbyte>.Run, DType.I8);
        Add(kernels, "clamp", Pointwise, &Clamp<Plain<ushort>, ushort>.Run, DType.U16);
        Add(kernels, "clamp", Pointwise, &Clamp<Plain<short>, short>.Run, DType.I16);
        Add(kernels, "clamp", Pointwise, &Clamp<Plain<uint>, uint>.Run, DType.U32);
        Add(kernels, "clamp", Pointwise, &Clamp<Plain<int>, int>.Run, DType.I32);
        Add(kernels, "clamp", Pointwise, &Clamp<Plain<ulong>, ulong>.Run, DType.U64);
        Add(kernels, "clamp", Pointwise, &Clamp<Plain<long>, long>.Run, DType.I64);
        Add(kernels, "clamp", Pointwise, &Clamp<F16, float>.Run, DType.F16);
        Add(kernels, "clamp", Pointwise, &Clamp<BF16, float>.Run, DType.BF16);
        Add(kernels, "clamp", Pointwise, &Clamp<Plain<float>, float>.Run, DType.F32);
        Add(kernels, "clamp", Pointwise, &Clamp<Plain<double>, double>.Run, DType.F64);
    }

    private static void AddGelu(KernelList kernels)
    {
        Add(kernels, "gelu", Pointwise, &Gelus<F16, float>.Run, DType.F16);
        Add(kernels, "gelu", Pointwise, &Gelus<BF16, float>.Run, DType.BF16);
        Add(kernels, "gelu", Pointwise, &Gelus<Plain<float>, float>.Run, DType.F32);
        Add(kernels, "gelu", Pointwise, &Gelus<Plain<double>, double>.Run, DType.F64);
    }

    private static void AddWhere(KernelList kernels)
    {
        foreach (var dtype in DTypes.All)
            Add(kernels, "where", Pointwise, ByWidth(dtype, &Where<byte>.Run, &Where<ushort>.Run, &Where<uint>.Run, &Where<ulong>.Run), dtype);
    }

    private static void AddSigned<F>(KernelList kernels, string op) where F : IUnary
    {
        Add<Plain<sbyte>, sbyte, F>(kernels, op, DType.I8);
        Add<Plain<short>, short, F>(kernels, op, DType.I16);
        Add<Plain<int>, int, F>(kernels, op, DType.I32);
        Add<Plain<long>, long, F>(kernels, op, DType.I64);
    }

    private static void AddBits<F>(KernelList kernels, string op) where F : IUnary
    {
        Add<Plain<ushort>, ushort, F>(kernels, op, DType.F16);
        Add<Plain<ushort>, ushort, F>(kernels, op, DType.BF16);
        Add<Plain<uint>, uint, F>(kernels, op, DType.F32);
        Add<Plain<ulong>, ulong, F>(kernels, op, DType.F64);
    }

    private static void AddWrapping<F>(KernelList kernels, string op) where F : IBinary
    {
        AddTwo<Plain<byte>, byte, F>(kernels, op, DType.U8, DType.I8);
        AddTwo<Plain<ushort>, ushort, F>(kernels, op, DType.U16, DType.I16);
        AddTwo<Plain<uint>, uint, F>(kernels, op, DType.U32, DType.I32);
        AddTwo<Plain<ulong>, ulong, F>(kernels, op, DType.U64, DType.I64);
        AddTwo<F16, float, F>(kernels, op, DType.F16);
        AddTwo<BF16, float, F>(kernels, op, DType.BF16);
        AddTwo<Plain<float>, float, F>(kernels, op, DType.F32);
        AddTwo<Plain<double>, double, F>(kernels, op, DType.F64);
    }

    private static void AddDiv(KernelList kernels)
    {
        Add(kernels, "div", Pointwise, &Div<Plain<byte>, byte>.Run, DType.U8);
        Add(kernels, "div", Pointwise, &Div<Plain<sbyte>, sbyte>.Run, DType.I8);
        Add(kernels, "div", Pointwise, &Div<Plain<ushort>, ushort>.Run, DType.U16);
        Add(kernels, "div", Pointwise, &Div<Plain<short>, short>.Run, DType.I16);
        Add(kernels, "div", Pointwise, &Div<Plain<uint>, uint>.Run, DType.U32);
        Add(kernels, "div", Pointwise, &Div<Plain<int>, int>.Run, DType.I32);
        Add(kernels, "div", Pointwise, &Div<Plain<ulong>, ulong>.Run, DType.U64);
        Add(kernels, "div", Pointwise, &Div<Plain<long>, long>.Run, DType.I64);
        Add(kernels, "div", Pointwise, &Div<F16, float>.Run, DType.F16);
        Add(kernels, "div", Pointwise, &Div<BF16, float>.Run, DType.BF16);
        Add(kernels, "div", Pointwise, &Div<Plain<float>, float>.Run, DType.F32);
        Add(kernels, "div", Pointwise, &Div<Plain<double>, double>.Run, DType.F64);
    }

    private static void AddIsNaN(KernelList kernels)
    {
        Add(kernels, "isnan", Pointwise, &Unary<F16, float, Verdict<float>, IsNaN>.Run, DType.F16);
        Add(kernels, "isnan", Pointwise, &Unary<BF16, float, Verdict<float>, IsNaN>.Run, DType.BF16);
        Add(kernels, "isnan", Pointwise, &Unary<Plain<float>, float, Verdict<float>, IsNaN>.Run, DType.F32);
        Add(kernels, "isnan", Pointwise, &Unary<Plain<double>, double, Verdict<double>, IsNaN>.Run, DType.F64);
    }

    private static void Add<E, C, F>(KernelList kernels, string op, DType dtype) where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where F : IUnary =>
        Add(kernels, op, Pointwise, &Unary<E, C, As<E, C>, F>.Run, dtype);

    private static void AddTwo<E, C, F>(KernelList kernels, string op, params ReadOnlySpan<DType> dtypes)
        where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where F : IBinary
    {
        foreach (var dtype in dtypes) Add(kernels, op, Pointwise, &Binary<E, C, As<E, C>, F>.Run, dtype);
    }

    private static void AddVerdict<E, C, F>(KernelList kernels, string op, params ReadOnlySpan<DType> dtypes)
        where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where F : IBinary
    {
        foreach (var dtype in dtypes) Add(kernels, op, Pointwise, &Binary<E, C, Verdict<C>, F>.Run, dtype);
    }

    private static void AddThree<E, C, F>(KernelList kernels, string op, params ReadOnlySpan<DType> dtypes)
        where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where F : ITernary
    {
        foreach (var dtype in dtypes) Add(kernels, op, Pointwise, &Ternary<E, C, As<E, C>, F>.Run, dtype);
    }
}
