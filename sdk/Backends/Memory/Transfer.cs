using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends;

/// <summary>Moves elements between host and devices. Strided tensors are gathered and scattered element by element where they can be reached.</summary>
internal static unsafe class Transfer
{
    /// <summary>The same elements on another device.</summary>
    public static Tensor To(Tensor source, Device target, WaitCause cause = WaitCause.CrossBackend)
    {
        var moved = target.Empty(source.Shape, source.DType);
        if (source.Elements == 0) return moved;
        if (target.IsHostAccessible)
        {
            Lend(moved, p => ToHost(source, p, cause));
            return moved;
        }
        Stage(source, moved, cause);
        return moved;
    }

    /// <summary>Copies elements through host memory, which the target's device lets go when it has read it.</summary>
    public static void Stage(Tensor source, Tensor target, WaitCause cause)
    {
        var staging = new HostBlock(source.Elements * source.DType.Size);
        try
        {
            ToHost(source, staging.Pointer, cause);
        }
        catch
        {
            staging.Dispose();
            throw;
        }
        FromHost(staging.Pointer, target, staging);
    }

    /// <summary>Copies the elements to host memory, in row-major order, and waits until they are there.</summary>
    public static void ToHost(Tensor source, byte* target, WaitCause cause = WaitCause.Read)
    {
        if (source.Elements == 0) return;
        source.Device.ThrowIfUnusable();
        if (source.Device.IsHostAccessible) Lend(source, p => Gather(source.Layout, p, target, source.DType.Size), isRead: true);
        else if (source.IsContiguous) CopyToHost(source, Window.Of(source), target, cause);
        else
        {
            // Everything between the lowest and the highest element comes over, then the elements are picked out.
            var whole = Window.Of(source);
            using var window = new HostBlock(whole.Bytes);
            CopyToHost(source, whole, window.Pointer, cause);
            Gather(source.Layout, window.Pointer + (source.ByteOffset - whole.From), target, source.DType.Size);
        }
    }

    /// <summary>Overwrites the elements from host memory in row-major order; what lies between strided elements is unchanged (MEM-11).</summary>
    /// <param name="source">Read before this returns, unless it is held.</param>
    /// <param name="target">What is overwritten.</param>
    /// <param name="held">Owns the source, and lives until the device has read it (MEM-13); let go as well where it never will.</param>
    public static void FromHost(byte* source, Tensor target, IDisposable? held = null)
    {
        bool isHandedOver = false;
        try
        {
            if (target.Elements == 0) return;
            target.Device.ThrowIfUnusable();
            if (target.Device.IsHostAccessible) Lend(target, p => Scatter(target.Layout, source, p, target.DType.Size));
            else if (target.IsContiguous)
            {
                CopyFromHost(source, target, Window.Of(target), held);
                isHandedOver = target.Device.Submissions is not null;
            }
            else CopyRuns(source, target);
        }
        finally
        {
            if (!isHandedOver) held?.Dispose();
        }
        target.Storage.NoteWrite(target);
    }

    // Element runs one by one: what lies between them may be another thread's to write.
    private static void CopyRuns(byte* source, Tensor target)
    {
        long run = Run(target.Layout), bytes = run * target.DType.Size, n = 0;
        try
        {
            foreach (long offset in Offsets(target.Layout))
                if (n++ % run == 0) CopyFromHost(source + (n - 1) * target.DType.Size, target, new Window(target.ByteOffset + offset * target.DType.Size, bytes), null);
        }
        catch (BackendException error) when (n > 1)
        {
            target.Storage.Lose(error, target.ByteRange().To);   // half old, half new: nobody is to read that (QUE-14)
            throw;
        }
    }

    /// <summary>Copies contiguous elements within a device.</summary>
    public static void Within(Tensor source, Tensor target)
    {
        var device = source.Device;
        long bytes = source.Elements * source.DType.Size;
        InCall(device, share =>
        {
            Access from = Access.Reading(share, source), to = Access.Writing(share, target);
            var region = new CopyRegion
            {
                Source = from.Storage.Address, SourceOffset = (ulong)(from.Storage.Offset + source.ByteOffset),
                Target = to.Storage.Address, TargetOffset = (ulong)(to.Storage.Offset + target.ByteOffset), Length = (ulong)bytes,
            };
            if (device.Submissions is { } submissions) submissions.Copy(share, region, [from, to]);
            else if (device.IsHostAccessible) Buffer.MemoryCopy((byte*)region.Source + region.SourceOffset, (byte*)region.Target + region.TargetOffset, bytes, bytes);
            else device.CopyNow(region);
        });
        target.Storage.NoteWrite(target);
    }

    private static void CopyToHost(Tensor source, Window window, byte* target, WaitCause cause)
    {
        Point point = default;
        var device = source.Device;
        InCall(device, share =>
        {
            var from = Access.Reading(share, source);
            var region = new CopyRegion { Source = from.Storage.Address, SourceOffset = (ulong)(from.Storage.Offset + window.From), Target = (nint)target, Length = (ulong)window.Bytes, ToHost = true };
            if (device.Submissions is { } submissions) point = submissions.Copy(share, region, [from], signal: true);
            else device.CopyNow(region);
        });
        device.Submissions?.Await(point, cause);
    }

    private static void CopyFromHost(byte* source, Tensor target, Window window, IDisposable? held)
    {
        var device = target.Device;
        InCall(device, share =>
        {
            var to = Access.Writing(share, target);
            var region = new CopyRegion
            {
                Source = (nint)source, Target = to.Storage.Address, TargetOffset = (ulong)(to.Storage.Offset + window.From), Length = (ulong)window.Bytes,
                FromHost = true, IsStable = held is not null,
            };
            if (device.Submissions is { } submissions) submissions.Copy(share, region, [to], held: held);
            else device.CopyNow(region);
        });
    }

    // Shows where a tensor's first element lies in host memory, which stays the tensor's while it is shown (MEM-4).
    private static void Lend(Tensor tensor, Use use, bool isRead = false) => InCall(tensor.Device, share =>
    {
        var access = isRead ? Access.Reading(share, tensor) : Access.Writing(share, tensor);
        use((byte*)access.Storage.Address + access.Storage.Offset + tensor.ByteOffset);
        GC.KeepAlive(access.Storage);
    });

    private static void InCall(Device device, Action<DeviceShare> run)
    {
        var share = DeviceShare.Of(device);
        share.Enter();
        try
        {
            run(share);
        }
        finally
        {
            share.Leave();
        }
    }

    private delegate void Use(byte* elements);

    // The length of the densely packed runs that a layout consists of, in elements.
    private static long Run(Layout layout)
    {
        long run = 1;
        for (int d = layout.Rank - 1; d >= 0 && (layout.Strides[d] == run || layout.Shape[d] == 1); d--) run *= layout.Shape[d];
        return run;
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
