using System.Runtime.InteropServices;
using Backends.Plugins;
using Backends.Tests.Queues;

namespace Backends.Conformance.Tests.Chapters;

/// <summary>A device that is right but for one thing, and the case that must find it.</summary>
/// <param name="Name">What is wrong, in words.</param>
/// <param name="Case">Chapter, clause and check, as ids begin: <c>queues/QUE-7/across</c>.</param>
/// <param name="Device">Makes it.</param>
internal sealed record ChapterFault(string Name, string Case, Func<BackendDevice> Device);

/// <summary>An asynchronous device with one fault in its queues, its memory or its calls.</summary>
internal sealed unsafe class Faulty() : DeviceAround(new QueuedDevice(Pace.OwnThread, seed: 1) { Limit = 64 << 20 })
{
    public Func<BackendQueue, QueueAround> Queue { get; init; } = q => new QueueAround(q);
    public Func<nuint, Func<nuint, nint>, nint> Take { get; init; } = (bytes, take) => take(bytes);

    /// <summary>Runs a call, or does not; gets operator, phase and the call itself.</summary>
    public Func<string, int, Func<BackendStatus>, BackendStatus> Kernel { get; init; } = (_, _, run) => run();

    protected override QueueAround Around(BackendQueue queue) => Queue(queue);

    protected override nint AllocateCore(nuint bytes) => Take(bytes, base.AllocateCore);

    protected override BackendStatus Call(Kernel kernel, CallFrame* frame, QueueAround? queue, Func<BackendStatus> run) => Kernel(kernel.Operator, frame->Phase, run);
}

/// <summary>A queue whose copies, waits or answers have one fault.</summary>
internal sealed class FaultyQueue(BackendQueue inner) : QueueAround(inner)
{
    public Action<CopyRegion, Action<CopyRegion>>? Copies { get; init; }
    public Action<BackendQueue, ulong, Action>? Waits { get; init; }
    public Action<ulong, Action>? Signals { get; init; }
    public Func<Func<ulong>, ulong>? Answers { get; init; }
    public Func<ulong, TimeSpan, Func<WaitResult>, WaitResult>? HostWaits { get; init; }
    public Action<Action>? Ends { get; init; }

    protected override void CopyCore(in CopyRegion region)
    {
        if (Copies is null) Inner.Copy(region);
        else Copies(region, r => Inner.Copy(r));
    }

    protected override void WaitCore(BackendQueue other, ulong value)
    {
        if (Waits is null) base.WaitCore(other, value);
        else Waits(other, value, () => base.WaitCore(other, value));
    }

    protected override void SignalCore(ulong value)
    {
        if (Signals is null) base.SignalCore(value);
        else Signals(value, () => base.SignalCore(value));
    }

    protected override ulong ReachedCore() => Answers is null ? Inner.Reached() : Answers(Inner.Reached);

    protected override WaitResult HostWaitCore(ulong value, TimeSpan timeout) =>
        HostWaits is null ? Inner.HostWait(value, timeout) : HostWaits(value, timeout, () => Inner.HostWait(value, timeout));

    protected override void Dispose(bool disposing)
    {
        if (Ends is null) base.Dispose(disposing);
        else Ends(() => base.Dispose(disposing));
    }
}

/// <summary>A synchronous device in host memory, of 4 MiB, with kernels for <c>add</c> and one fault.</summary>
internal sealed unsafe class FaultyMemory(uint alignment = 256) : HostMemoryDevice(new DeviceInfo { Name = "Faulty memory", TotalMemory = Total, LargestAllocation = Total, Alignment = alignment })
{
    public const ulong Total = 4 << 20;
    private readonly Lock _lock = new();
    private ulong _taken;

    /// <summary>Buffers and their sizes.</summary>
    public Dictionary<nint, nuint> Buffers { get; } = [];

    public Func<FaultyMemory, nuint, nint>? Take { get; init; }
    public Action<FaultyMemory, nint>? Give { get; init; }

    /// <summary>A kernel for add f32.</summary>
    public delegate*<CallFrame*, void> Add { get; init; }
    public Accepts Accepts { get; init; } = Accepts.Contiguous;

    /// <summary>Right allocation: 0 when it does not fit.</summary>
    public nint Right(nuint bytes)
    {
        lock (_lock)
        {
            if (_taken + bytes > Total) return 0;
            _taken += bytes;
            nint address = (nint)NativeMemory.AlignedAlloc(bytes + 64, 4096);
            Buffers.Add(address, bytes);
            return address;
        }
    }

    /// <summary>Right freeing; memory is kept mapped, so that a fault harms nobody.</summary>
    public void Back(nint address)
    {
        lock (_lock)
            if (Buffers.Remove(address, out nuint bytes)) _taken -= bytes;
    }

    protected override nint AllocateCore(nuint bytes) => Take is null ? Right(bytes) : Take(this, bytes);

    protected override void FreeCore(nint address)
    {
        if (Give is null) Back(address);
        else Give(this, address);
    }

    protected override void AddKernels(KernelList kernels)
    {
        if (Add != null) kernels.Add(new Kernel { Operator = "add", Types = [DType.F32], Accepts = Accepts, Name = "faulty.add.f32", Run = Add });
    }
}
