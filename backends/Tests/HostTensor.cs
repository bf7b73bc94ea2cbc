using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends.Cpu.Tests;

/// <summary>A tensor in host memory, or a view of one, with the descriptor that a frame points to. It is as unaligned as a contract allows.</summary>
internal sealed unsafe class HostTensor : IDisposable
{
    private readonly byte* _memory;
    private readonly long* _metadata;
    private readonly bool _owns;

    private HostTensor(DType dtype, long[] shape, long[] strides, byte* memory, long offset, bool owns)
    {
        _memory = memory;
        _owns = owns;
        _metadata = (long*)NativeMemory.Alloc((nuint)Math.Max(1, shape.Length) * 16);
        shape.CopyTo(new Span<long>(_metadata, shape.Length));
        strides.CopyTo(new Span<long>(_metadata + shape.Length, shape.Length));
        Descriptor = (DLTensor*)NativeMemory.AllocZeroed((nuint)sizeof(DLTensor));
        *Descriptor = new DLTensor
        {
            Data = memory,
            ByteOffset = (ulong)(offset * dtype.Size),
            Rank = shape.Length,
            Type = DLDataType.From(dtype),
            Shape = _metadata,
            Strides = _metadata + shape.Length,
        };
    }

    public DLTensor* Descriptor { get; }

    public DType DType => Descriptor->Type.DType;

    public long[] Shape => new ReadOnlySpan<long>(Descriptor->Shape, Descriptor->Rank).ToArray();

    public long[] Strides => new ReadOnlySpan<long>(Descriptor->Strides, Descriptor->Rank).ToArray();

    /// <summary>A contiguous tensor of these elements, one element behind an aligned address.</summary>
    public static HostTensor Of<T>(DType dtype, long[] shape, params T[] elements) where T : unmanaged
    {
        var tensor = Empty(dtype, shape);
        elements.CopyTo(new Span<T>(tensor._memory + sizeof(T), elements.Length));
        return tensor;
    }

    /// <summary>A contiguous tensor full of ones, bit by bit: NaN, or the largest integer.</summary>
    public static HostTensor Empty(DType dtype, long[] shape)
    {
        long elements = shape.Aggregate(1L, (a, b) => a * b), bytes = (elements + 2) * dtype.Size;
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        NativeMemory.Fill(memory, (nuint)bytes, 0xFF);
        var strides = new long[shape.Length];
        for (long d = shape.Length - 1, stride = 1; d >= 0; stride *= shape[d--]) strides[d] = stride;
        return new HostTensor(dtype, shape, strides, memory, 1, owns: true);
    }

    /// <summary>The same memory seen otherwise; the offset counts elements from the first one.</summary>
    public HostTensor View(long[] shape, long[] strides, long offset = 0) =>
        new(DType, shape, strides, _memory, (long)Descriptor->ByteOffset / DType.Size + offset, owns: false);

    /// <summary>The elements in row-major order.</summary>
    public T[] Read<T>() where T : unmanaged
    {
        var elements = new List<T>();
        T* first = (T*)((byte*)Descriptor->Data + Descriptor->ByteOffset);
        void Walk(int d, long at)
        {
            if (d == Descriptor->Rank) elements.Add(first[at]);
            else for (long i = 0; i < Descriptor->Shape[d]; i++) Walk(d + 1, at + i * Descriptor->Strides[d]);
        }
        Walk(0, 0);
        return [.. elements];
    }

    public void Dispose()
    {
        if (_owns) NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_metadata);
        NativeMemory.Free(Descriptor);
    }
}
