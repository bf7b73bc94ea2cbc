using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends;

/// <summary>Moves elements between host and devices. Strided tensors are gathered and scattered element by element where they can be reached.</summary>
internal static unsafe class Transfer
{
    public static Tensor To(Tensor source, Device target)
    {
        var moved = target.Empty(source.Shape, source.DType);
        if (source.Elements == 0) return moved;
        nuint bytes = (nuint)(source.Elements * source.DType.Size);
        void* staging = NativeMemory.Alloc(bytes);
        try
        {
            ToHost(source, (byte*)staging);
            FromHost((byte*)staging, moved);
        }
        finally
        {
            NativeMemory.Free(staging);
        }
        return moved;
    }

    /// <summary>Copies the elements to host memory, in row-major order.</summary>
    public static void ToHost(Tensor source, byte* target)
    {
        if (source.Elements == 0) return;
        var storage = source.Storage;
        storage.Device.Memory.ThrowIfClosed();
        var whole = Window.Of(source);
        if (source.Device.IsHostAccessible) Gather(source.Layout, (byte*)storage.Address + storage.Offset + source.ByteOffset, target, source.DType.Size);
        else if (source.IsContiguous) source.Device.CopyToHost(storage, source.ByteOffset, target, whole.Bytes);
        else
        {
            // Everything between the lowest and the highest element comes over, then the elements are picked out.
            byte[] window = new byte[whole.Bytes];
            fixed (byte* p = window)
            {
                source.Device.CopyToHost(storage, whole.From, p, whole.Bytes);
                Gather(source.Layout, p + (source.ByteOffset - whole.From), target, source.DType.Size);
            }
        }
        GC.KeepAlive(source);
    }

    /// <summary>Overwrites the elements from host memory in row-major order; what lies between strided elements is unchanged (MEM-11).</summary>
    public static void FromHost(byte* source, Tensor target)
    {
        if (target.Elements == 0) return;
        var storage = target.Storage;
        storage.Device.Memory.ThrowIfClosed();
        var whole = Window.Of(target);
        if (target.Device.IsHostAccessible) Scatter(target.Layout, source, (byte*)storage.Address + storage.Offset + target.ByteOffset, target.DType.Size);
        else if (target.IsContiguous) target.Device.CopyFromHost(source, storage, target.ByteOffset, whole.Bytes);
        else
        {
            byte[] window = new byte[whole.Bytes];
            fixed (byte* p = window)
            {
                target.Device.CopyToHost(storage, whole.From, p, whole.Bytes);
                Scatter(target.Layout, source, p + (target.ByteOffset - whole.From), target.DType.Size);
                target.Device.CopyFromHost(p, storage, whole.From, whole.Bytes);
            }
        }
        storage.Version++;
        GC.KeepAlive(target);
    }

    private static void Gather(Layout layout, byte* from, byte* to, int size)
    {
        if (layout.IsContiguous) Buffer.MemoryCopy(from, to, layout.Elements * size, layout.Elements * size);
        else foreach (long offset in Offsets(layout))
        {
            Unsafe.CopyBlockUnaligned(to, from + offset * size, (uint)size);
            to += size;
        }
    }

    private static void Scatter(Layout layout, byte* from, byte* to, int size)
    {
        if (layout.IsContiguous) Buffer.MemoryCopy(from, to, layout.Elements * size, layout.Elements * size);
        else foreach (long offset in Offsets(layout))
        {
            Unsafe.CopyBlockUnaligned(to + offset * size, from, (uint)size);
            from += size;
        }
    }

    /// <summary>Every element's distance from the first, in elements, in row-major order.</summary>
    private static IEnumerable<long> Offsets(Layout layout)
    {
        var index = new long[layout.Rank];
        long offset = 0;
        for (long n = 0; n < layout.Elements; n++)
        {
            yield return offset;
            for (int d = layout.Rank - 1; d >= 0; d--)
            {
                offset += layout.Strides[d];
                if (++index[d] < layout.Shape[d]) break;
                offset -= index[d] * layout.Strides[d];
                index[d] = 0;
            }
        }
    }

    /// <summary>The bytes of a storage from a tensor's lowest element to the end of its highest.</summary>
    private readonly record struct Window(long From, long Bytes)
    {
        public static Window Of(Tensor tensor)
        {
            var (low, high) = tensor.Layout.Reach();
            return new Window(tensor.ByteOffset + low * tensor.DType.Size, (high - low + 1) * tensor.DType.Size);
        }
    }
}
