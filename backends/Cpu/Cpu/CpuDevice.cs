using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// The device <c>cpu</c>. Option <c>threads</c>: how many may compute one call; 0, and no word of it, stand for one each of the processor's.
/// Its kernels are registered in <c>CpuDevice.Kernels.cs</c>.
/// </summary>
internal sealed unsafe partial class CpuDevice() : HostMemoryDevice(new DeviceInfo { Name = "Host processor", Kind = DeviceKind.Cpu, Options = ["threads"] })
{
    /// <summary>There while the device is open.</summary>
    public Threads? Threads { get; private set; }

    /// <summary>There while the device is open.</summary>
    public Scratch? Scratch { get; private set; }

    /// <summary>The device of a call; null for a frame that no host made.</summary>
    public static CpuDevice? Of(CallFrame* frame) => frame->Device == null ? null : (CpuDevice?)GCHandle.FromIntPtr((nint)frame->Device).Target;

    /// <inheritdoc/>
    protected override void OpenCore(IReadOnlyDictionary<string, string> options)
    {
        int threads = 0;
        if (options.TryGetValue("threads", out string? text) && (!int.TryParse(text, out threads) || threads is < 0 or > 1024))
            throw new BackendException(BackendStatus.InvalidArgument, $"threads={text}: a number from 0 (one for each processor) to 1024");
        if (threads == 0) threads = Environment.ProcessorCount;
        Threads = new Threads(threads);
        Scratch = new Scratch(4 * threads);
    }

    /// <inheritdoc/>
    protected override void CloseCore()
    {
        Threads?.Dispose();
        Scratch?.Dispose();
        (Threads, Scratch) = (null, null);
    }
}
