using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>The kernels of many elements at once: reductions, and what runs along the lines of one dimension.</summary>
internal sealed unsafe partial class CpuDevice
{
    private static void AddReductions(KernelList kernels)
    {
        AddSums<Plain<byte>, byte, Plain<long>, long>(kernels, DType.Bool);               // a bool's byte is 0 or 1 (KER-18)
        Add(kernels, "any", Anywhere, &Any<Truth>, DType.Bool);
        AddSums<Plain<byte>, byte, Plain<ulong>, ulong>(kernels, DType.U8);
        AddSums<Plain<sbyte>, sbyte, Plain<long>, long>(kernels, DType.I8);
        AddSums<Plain<ushort>, ushort, Plain<ulong>, ulong>(kernels, DType.U16);
        AddSums<Plain<short>, short, Plain<long>, long>(kernels, DType.I16);
        AddSums<Plain<uint>, uint, Plain<ulong>, ulong>(kernels, DType.U32);
        AddSums<Plain<int>, int, Plain<long>, long>(kernels, DType.I32);
        AddSums<Plain<ulong>, ulong, Plain<ulong>, ulong>(kernels, DType.U64);
        AddSums<Plain<long>, long, Plain<long>, long>(kernels, DType.I64);
        AddSums<F16, float, F16, float>(kernels, DType.F16);
        AddSums<BF16, float, BF16, float>(kernels, DType.BF16);
        AddSums<Plain<float>, float, Plain<float>, float>(kernels, DType.F32);
        AddSums<Plain<double>, double, Plain<double>, double>(kernels, DType.F64);
        AddOrdered<Plain<byte>, byte>(kernels, DType.U8);
        AddOrdered<Plain<sbyte>, sbyte>(kernels, DType.I8);
        AddOrdered<Plain<ushort>, ushort>(kernels, DType.U16);
        AddOrdered<Plain<short>, short>(kernels, DType.I16);
        AddOrdered<Plain<uint>, uint>(kernels, DType.U32);
        AddOrdered<Plain<int>, int>(kernels, DType.I32);
        AddOrdered<Plain<ulong>, ulong>(kernels, DType.U64);
        AddOrdered<Plain<long>, long>(kernels, DType.I64);
        AddOrdered<F16, float>(kernels, DType.F16);
        AddOrdered<BF16, float>(kernels, DType.BF16);
        AddOrdered<Plain<float>, float>(kernels, DType.F32);
        AddOrdered<Plain<double>, double>(kernels, DType.F64);
        AddNormalized<F16, float>(kernels, DType.F16);
        AddNormalized<BF16, float>(kernels, DType.BF16);
        AddNormalized<Plain<float>, float>(kernels, DType.F32);
        AddNormalized<Plain<double>, double>(kernels, DType.F64);
    }

    private static void AddSums<E, C, O, R>(KernelList kernels, DType dtype)
        where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where O : unmanaged, IElement<O, R> where R : unmanaged, INumber<R>
    {
        Add(kernels, "sum", Anywhere, &Sum<E, C, O, R>, dtype);
        Add(kernels, "cumsum", Anywhere, &CumSum<E, C, O, R>.Run, dtype);
    }

    private static void AddOrdered<E, C>(KernelList kernels, DType dtype) where E : unmanaged, IElement<E>, IElement<E, C> where C : unmanaged, INumber<C>
    {
        Add(kernels, "amax", Anywhere, &AMax<E, C>, dtype);
        Add(kernels, "any", Anywhere, &Any<E>, dtype);
        Add(kernels, "argmax", Anywhere, &ArgMax<E, C>.Run, dtype);
        Add(kernels, "sort", Anywhere, &Sort<E, C>.Run, dtype);
        Add(kernels, "topk", Anywhere, &TopK<E, C>.Run, dtype);
    }

    private static void AddNormalized<E, C>(KernelList kernels, DType dtype) where E : unmanaged, IElement<E, C> where C : unmanaged, IFloatingPointIeee754<C>
    {
        Add(kernels, "mean", Anywhere, &Mean<E, C>, dtype);
        Add(kernels, "softmax", Anywhere, &Softmax<E, C, Shares>.Run, dtype);
        Add(kernels, "log_softmax", Anywhere, &Softmax<E, C, LogShares>.Run, dtype);
        Add(kernels, "layer_norm", Accepts.LargeIndex, &LayerNorm<E, C>.Run, dtype);
    }

    private static void Sum<E, C, O, R>(CallFrame* frame)
        where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where O : unmanaged, IElement<O, R> where R : unmanaged, INumber<R>
    {
        Reduce.Split(frame, &Part);
        static void Part(CallFrame* frame, long from, long to)
        {
            var dim = ((SumAttributes*)frame->Attributes)->Dim;
            if (typeof(E) == typeof(O) && typeof(C) == typeof(R) && SumRows<E, C>.Run(frame, dim, from, to, mean: false)) return;
            Reduce<E, R, O, SumOf<E, C, R>>.Run(frame, dim, from, to);
        }
    }

    private static void Mean<E, C>(CallFrame* frame) where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
    {
        Reduce.Split(frame, &Part);
        static void Part(CallFrame* frame, long from, long to)
        {
            var dim = ((MeanAttributes*)frame->Attributes)->Dim;
            if (!SumRows<E, C>.Run(frame, dim, from, to, mean: true)) Reduce<E, C, E, MeanOf<E, C>>.Run(frame, dim, from, to);
        }
    }

    private static void AMax<E, C>(CallFrame* frame) where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
    {
        Reduce.Split(frame, &Part);
        static void Part(CallFrame* frame, long from, long to) => Reduce<E, C, E, LargestOf<E, C>>.Run(frame, ((AMaxAttributes*)frame->Attributes)->Dim, from, to);
    }

    private static void Any<E>(CallFrame* frame) where E : unmanaged, IElement<E>
    {
        Reduce.Split(frame, &Part);
        static void Part(CallFrame* frame, long from, long to) => Reduce<E, byte, Plain<byte>, AnyOf<E>>.Run(frame, ((AnyAttributes*)frame->Attributes)->Dim, from, to);
    }
}
