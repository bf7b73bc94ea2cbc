using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>
/// A device of kernels given by the test, whose memory is nowhere: sizes that no machine has can be allocated, and whoever touches an address is
/// found out. What the host asks of it is counted.
/// </summary>
internal sealed class ScriptedDevice(Action<KernelList> kernels, DeviceInfo? info = null) : BackendDevice(info ?? new DeviceInfo { Name = "Scripted", Traits = DeviceTraits.Synchronous })
{
    private nint _next = 0x1000;

    public int Allocations { get; private set; }
    public int Opened { get; private set; }
    public int Closed { get; private set; }
    public Exception? OnCreateQueue { get; init; }
    public Exception? OnClose { get; init; }
    public Exception? OnFree { get; init; }

    protected override void OpenCore(IReadOnlyDictionary<string, string> options) => Opened++;

    protected override void CloseCore()
    {
        Closed++;
        if (OnClose is not null) throw OnClose;
    }

    protected override nint AllocateCore(nuint bytes)
    {
        Allocations++;
        return _next += 0x1000;
    }

    protected override void FreeCore(nint address)
    {
        if (OnFree is not null) throw OnFree;
    }

    protected override BackendQueue? CreateQueueCore() => OnCreateQueue is null ? null : throw OnCreateQueue;
    protected override void AddKernels(KernelList list) => kernels(list);
}

/// <summary>A device in host memory of kernels given by the test.</summary>
internal sealed class KernelDevice(Action<KernelList> kernels) : HostMemoryDevice(new DeviceInfo { Name = "Kernels" })
{
    protected override void AddKernels(KernelList list) => kernels(list);
}
