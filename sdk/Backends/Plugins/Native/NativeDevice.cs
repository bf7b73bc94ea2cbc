using System.Runtime.InteropServices;

namespace Backends.Plugins.Native;

/// <summary>
/// A device of a native plugin. In host memory the plugin brings kernels and the host all else; with memory of its own it brings memory and
/// queues too.
/// </summary>
internal sealed unsafe class NativeDevice(DeviceInfo info, BkDevice table, BkDevice* offered, string backend, BkHost* host) : BackendDevice(info)
{
    private readonly bool _ownsMemory = table.Memory == BkDevice.OwnMemory;

    /// <summary>The table of host services that its frames carry.</summary>
    public BkHost* Services => host;

    /// <summary>The table's <c>context</c>.</summary>
    public override nint Handle => (nint)table.Context;

    /// <inheritdoc/>
    protected override void OpenCore(IReadOnlyDictionary<string, string> options)
    {
        if (table.Open == null) return;
        using var given = new NativeOptions(options);
        NativeFailure.Forget();
        NativeFailure.ThrowUnlessOk("open", table.Open(table.Context, host, given.Table));
        if (NativeDiscovery.Info(NativeTable.Read(offered)).Equals(Info)) return;
        CloseCore();
        throw new BackendException(BackendStatus.Internal, "its table says something else after it was opened than before (DIS-5)");
    }

    /// <inheritdoc/>
    protected override void CloseCore()
    {
        if (table.Close != null) table.Close(table.Context);
    }

    /// <inheritdoc/>
    protected override nint AllocateCore(nuint bytes)
    {
        if (!_ownsMemory) return AllocateOfHost(bytes);
        void* address = null;
        NativeFailure.Forget();
        int status = table.Allocate(table.Context, bytes, &address);
        if (status == (int)BackendStatus.OutOfMemory) return 0;
        NativeFailure.ThrowUnlessOk("allocate", status);
        return address != null ? (nint)address : throw new BackendException(BackendStatus.Internal, "allocate returned BK_OK and no address");
    }

    /// <inheritdoc/>
    protected override void FreeCore(nint address)
    {
        if (_ownsMemory) table.Free(table.Context, (void*)address);
        else NativeMemory.AlignedFree((void*)address);
    }

    /// <inheritdoc/>
    protected override BackendQueue? CreateQueueCore()
    {
        if (!_ownsMemory) return null;
        BkQueue* created = null;
        NativeFailure.Forget();
        NativeFailure.ThrowUnlessOk("create_queue", table.CreateQueue(table.Context, &created));
        return NativeQueue.From(created, Info.Traits.HasFlag(DeviceTraits.Synchronous));
    }

    /// <inheritdoc/>
    protected override void AddKernels(KernelList kernels)
    {
        if (table.KernelCount == 0) return;
        uint stride = *(uint*)table.Kernels;   // of the first entry, for all of them (ABI-4)
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (ulong i = 0; i < table.KernelCount; i++)
        {
            var entry = (BkKernel*)((byte*)table.Kernels + i * stride);
            try
            {
                kernels.Add(NativeKernel.Read(entry, stride, backend, names));
            }
            catch (PluginLoadException e)
            {
                kernels.LeaveOut($"kernels[{i}] is left out: {e.Message}");
                if (i == 0 && e.Code == AbsenceCode.InvalidTable && !NativeKernel.IsStride(stride)) return;   // no way to the next entry
            }
        }
    }

    private nint AllocateOfHost(nuint bytes)
    {
        try
        {
            return (nint)NativeMemory.AlignedAlloc(bytes, Info.Alignment);
        }
        catch (OutOfMemoryException)
        {
            return 0;
        }
    }
}
