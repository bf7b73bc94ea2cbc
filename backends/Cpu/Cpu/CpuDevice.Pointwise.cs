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
}
