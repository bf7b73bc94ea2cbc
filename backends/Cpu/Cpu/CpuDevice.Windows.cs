using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>The kernels of windows over height and width, and pad.</summary>
internal sealed unsafe partial class CpuDevice
{
    private static void AddWindows(KernelList kernels)
    {
        AddConv2d<Plain<byte>, byte>(kernels, DType.U8, DType.I8);
        AddConv2d<Plain<ushort>, ushort>(kernels, DType.U16, DType.I16);
        AddConv2d<Plain<uint>, uint>(kernels, DType.U32, DType.I32);
        AddConv2d<Plain<ulong>, ulong>(kernels, DType.U64, DType.I64);
        AddConv2d<F16, float>(kernels, DType.F16);
        AddConv2d<BF16, float>(kernels, DType.BF16);
        AddConv2d<Plain<float>, float>(kernels, DType.F32);
        AddConv2d<Plain<double>, double>(kernels, DType.F64);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<Plain<byte>, byte>.Run, DType.U8);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<Plain<sbyte>, sbyte>.Run, DType.I8);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<Plain<ushort>, ushort>.Run, DType.U16);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<Plain<short>, short>.Run, DType.I16);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<Plain<uint>, uint>.Run, DType.U32);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<Plain<int>, int>.Run, DType.I32);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<Plain<ulong>, ulong>.Run, DType.U64);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<Plain<long>, long>.Run, DType.I64);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<F16, float>.Run, DType.F16);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<BF16, float>.Run, DType.BF16);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<Plain<float>, float>.Run, DType.F32);
        Add(kernels, "max_pool2d", Anywhere, &MaxPool2d<Plain<double>, double>.Run, DType.F64);
    }

    private static void AddConv2d<E, C>(KernelList kernels, params ReadOnlySpan<DType> dtypes) where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
    {
        foreach (var dtype in dtypes) Add(kernels, "conv2d", Accepts.LargeIndex, &Conv2d<E, C>.Run, dtype);
    }
}
