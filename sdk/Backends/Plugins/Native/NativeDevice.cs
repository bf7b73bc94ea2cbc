namespace Backends.Plugins.Native;

/// <summary>A device of a native plugin, in host memory: the plugin brings kernels, the host all else.</summary>
internal sealed unsafe class NativeDevice(DeviceInfo info, BkDevice table, string backend) : HostMemoryDevice(info)
{
    /// <summary>The table's <c>context</c>.</summary>
    public override nint Handle => (nint)table.Context;

    /// <inheritdoc/>
    protected override void OpenCore(IReadOnlyDictionary<string, string> options)
    {
        if (table.Open == null) return;
        NativeFailure.Take(out _, out _);
        var status = NativeFailure.Status(table.Open(table.Context, NativeHost.Table));
        if (status != BackendStatus.Ok) throw new BackendException(status, NativeFailure.TakeText("open", status));
    }

    /// <inheritdoc/>
    protected override void CloseCore()
    {
        if (table.Close != null) table.Close(table.Context);
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
}
