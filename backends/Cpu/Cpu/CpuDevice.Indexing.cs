using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>The kernels that move elements to where positions say: one code for all dtypes of a width, and for each index type.</summary>
internal sealed unsafe partial class CpuDevice
{
    private static void AddIndexing(KernelList kernels)
    {
        foreach (var dtype in DTypes.All)
        {
            Add(kernels, "concat", Anywhere, ByWidth(dtype, &Concat<byte>.Run, &Concat<ushort>.Run, &Concat<uint>.Run, &Concat<ulong>.Run), dtype);
            AddGathers<int>(kernels, dtype, DType.I32);
            AddGathers<long>(kernels, dtype, DType.I64);
        }
        AddPlaced<Plain<byte>, byte>(kernels, DType.U8);
        AddPlaced<Plain<sbyte>, sbyte>(kernels, DType.I8);
        AddPlaced<Plain<ushort>, ushort>(kernels, DType.U16);
        AddPlaced<Plain<short>, short>(kernels, DType.I16);
        AddPlaced<Plain<uint>, uint>(kernels, DType.U32);
        AddPlaced<Plain<int>, int>(kernels, DType.I32);
        AddPlaced<Plain<ulong>, ulong>(kernels, DType.U64);
        AddPlaced<Plain<long>, long>(kernels, DType.I64);
        AddPlaced<F16, float>(kernels, DType.F16);
        AddPlaced<BF16, float>(kernels, DType.BF16);
        AddPlaced<Plain<float>, float>(kernels, DType.F32);
        AddPlaced<Plain<double>, double>(kernels, DType.F64);
        Add(kernels, "one_hot", Anywhere, &OneHot<Truth, int>.Run, DType.I32, DType.Bool);
        Add(kernels, "one_hot", Anywhere, &OneHot<Truth, long>.Run, DType.I64, DType.Bool);
    }

    private static void AddGathers<I>(KernelList kernels, DType dtype, DType index) where I : unmanaged, IBinaryInteger<I>
    {
        Add(kernels, "gather", Anywhere | Accepts.ReportsFaults, ByWidth(dtype, &Gather<byte, I>.Run, &Gather<ushort, I>.Run, &Gather<uint, I>.Run, &Gather<ulong, I>.Run), dtype, index);
        Add(kernels, "index_select", Anywhere | Accepts.ReportsFaults, ByWidth(dtype, &Gather<byte, I>.Select, &Gather<ushort, I>.Select, &Gather<uint, I>.Select, &Gather<ulong, I>.Select), dtype, index);
    }

    private static void AddPlaced<E, C>(KernelList kernels, DType dtype) where E : unmanaged, IElement<E>, IElement<E, C> where C : unmanaged, INumber<C>
    {
        Add(kernels, "scatter_add", Anywhere | Accepts.ReportsFaults, &ScatterAdd<E, C, int>.Run, dtype, DType.I32);
        Add(kernels, "scatter_add", Anywhere | Accepts.ReportsFaults, &ScatterAdd<E, C, long>.Run, dtype, DType.I64);
        Add(kernels, "one_hot", Anywhere, &OneHot<E, int>.Run, DType.I32, dtype);
        Add(kernels, "one_hot", Anywhere, &OneHot<E, long>.Run, DType.I64, dtype);
    }
}
