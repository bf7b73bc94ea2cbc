using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// Which driver computes which operator for which dtypes. A driver is generic over the element, so that a dtype is one line here, for all
/// operators of a kind; [Kernel] methods would be one each.
/// </summary>
internal sealed unsafe partial class CpuDevice
{
    private const Accepts Anywhere = Accepts.AnyStrided | Accepts.LargeIndex;

    /// <inheritdoc/>
    protected override void AddKernels(KernelList kernels)
    {
        AddPointwise(kernels);
        AddReductions(kernels);
        AddIndexing(kernels);
        AddWindows(kernels);
        AddMoves(kernels);
        AddInteger<sbyte, long>(kernels, DType.I8);
        AddInteger<short, long>(kernels, DType.I16);
        AddInteger<int, long>(kernels, DType.I32);
        AddInteger<long, long>(kernels, DType.I64);
        AddInteger<byte, ulong>(kernels, DType.U8);
        AddInteger<ushort, ulong>(kernels, DType.U16);
        AddInteger<uint, ulong>(kernels, DType.U32);
        AddInteger<ulong, ulong>(kernels, DType.U64);
        AddFloat<F16, float>(kernels, DType.F16);
        AddFloat<BF16, float>(kernels, DType.BF16);
        AddFloat<Plain<float>, float>(kernels, DType.F32);
        AddFloat<Plain<double>, double>(kernels, DType.F64);
        AddElement<Truth>(kernels, DType.Bool);
        AddElement<F8E4M3>(kernels, DType.F8E4M3);
        AddElement<F8E5M2>(kernels, DType.F8E5M2);
        Add(kernels, "nonzero", Accepts.Contiguous | Accepts.Empty, &Nonzero<Truth>.Run, DType.Bool);
        AddRandom(kernels);
    }

    private static void AddMoves(KernelList kernels)
    {
        foreach (var dtype in DTypes.All)
            Add(kernels, "copy", Anywhere, ByWidth(dtype, &Copy<byte>.Run, &Copy<ushort>.Run, &Copy<uint>.Run, &Copy<ulong>.Run), dtype);
    }

    private static void AddInteger<T, W>(KernelList kernels, DType dtype) where T : unmanaged, INumber<T> where W : unmanaged, INumber<W>
    {
        AddNumber<Plain<T>, T>(kernels, dtype);
    }

    private static void AddFloat<E, C>(KernelList kernels, DType dtype) where E : unmanaged, IElement<E>, IElement<E, C> where C : unmanaged, INumber<C>
    {
        AddNumber<E, C>(kernels, dtype);
    }

    private static void AddNumber<E, C>(KernelList kernels, DType dtype) where E : unmanaged, IElement<E>, IElement<E, C> where C : unmanaged, INumber<C>
    {
        AddElement<E>(kernels, dtype);
        Add(kernels, "matmul", Anywhere, &MatMul<E, C>.Run, dtype);
        Add(kernels, "nonzero", Accepts.Contiguous | Accepts.Empty, &Nonzero<E>.Run, dtype);
    }

    private static void AddElement<E>(KernelList kernels, DType dtype) where E : unmanaged, IElement<E>
    {
        Add(kernels, "fill", Anywhere, &Fill<E>.Run, dtype);
        Add(kernels, "pad", Anywhere, &Pad<E>.Run, dtype);
        Add(kernels, "cast", Anywhere, &Cast<E, Truth>.Run, dtype, DType.Bool);
        Add(kernels, "cast", Anywhere, &Cast<E, Plain<byte>>.Run, dtype, DType.U8);
        Add(kernels, "cast", Anywhere, &Cast<E, Plain<sbyte>>.Run, dtype, DType.I8);
        Add(kernels, "cast", Anywhere, &Cast<E, Plain<ushort>>.Run, dtype, DType.U16);
        Add(kernels, "cast", Anywhere, &Cast<E, Plain<short>>.Run, dtype, DType.I16);
        Add(kernels, "cast", Anywhere, &Cast<E, Plain<uint>>.Run, dtype, DType.U32);
        Add(kernels, "cast", Anywhere, &Cast<E, Plain<int>>.Run, dtype, DType.I32);
        Add(kernels, "cast", Anywhere, &Cast<E, Plain<ulong>>.Run, dtype, DType.U64);
        Add(kernels, "cast", Anywhere, &Cast<E, Plain<long>>.Run, dtype, DType.I64);
        Add(kernels, "cast", Anywhere, &Cast<E, F16>.Run, dtype, DType.F16);
        Add(kernels, "cast", Anywhere, &Cast<E, BF16>.Run, dtype, DType.BF16);
        Add(kernels, "cast", Anywhere, &Cast<E, Plain<float>>.Run, dtype, DType.F32);
        Add(kernels, "cast", Anywhere, &Cast<E, Plain<double>>.Run, dtype, DType.F64);
        Add(kernels, "cast", Anywhere, &Cast<E, F8E4M3>.Run, dtype, DType.F8E4M3);
        Add(kernels, "cast", Anywhere, &Cast<E, F8E5M2>.Run, dtype, DType.F8E5M2);
    }

    // What only moves elements is one code for all of a width.
    private static delegate*<CallFrame*, void> ByWidth(DType dtype, delegate*<CallFrame*, void> one, delegate*<CallFrame*, void> two,
        delegate*<CallFrame*, void> four, delegate*<CallFrame*, void> eight) => dtype.Size switch { 1 => one, 2 => two, 4 => four, _ => eight };

    private static void Add(KernelList kernels, string op, Accepts accepts, delegate*<CallFrame*, void> run, params DType[] types) =>
        kernels.Add(new Kernel
        {
            Operator = op,
            Types = types,
            Accepts = accepts,
            MaxRank = Shape.MaxRank,
            Determinism = Determinism.Bitwise,
            Name = $"cpu.{op}.{string.Join('.', types.Select(t => t.Name))}",
            Run = run,
        });
}
