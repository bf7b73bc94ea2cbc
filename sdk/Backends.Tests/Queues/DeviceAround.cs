using System.Runtime.InteropServices;
using System.Text;
using Backends.Plugins;
using Backends.Plugins.Native;

namespace Backends.Tests.Queues;

/// <summary>
/// A device around another one: every call goes through it, and a decorator overrides what it wants to see. Kernels are static functions, so each
/// becomes a closure with C's calling convention, which puts the inner device and queue into the frame and turns an exception into a status and
/// its words (KER-23), as a plugin in C does.
/// </summary>
internal abstract unsafe class DeviceAround(BackendDevice inner) : BackendDevice(inner.Info)
{
    // The host calls kernels through bare addresses: what stands behind them lives as long as the device.
    private readonly List<Delegate> _kept = [];

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Function(CallFrame* frame);

    protected BackendDevice Inner => inner;

    /// <summary>A queue of the inner device in a queue of this one.</summary>
    protected abstract QueueAround Around(BackendQueue queue);

    /// <summary>A call of a kernel; the frame is the host's.</summary>
    /// <param name="queue">The queue that the frame names.</param>
    /// <param name="run">The inner kernel.</param>
    protected virtual BackendStatus Call(Kernel kernel, CallFrame* frame, QueueAround? queue, Func<BackendStatus> run) => run();

    protected override void OpenCore(IReadOnlyDictionary<string, string> options) => Kernels = inner.Open(options);

    protected override void CloseCore() => inner.Close();

    protected override nint AllocateCore(nuint bytes) => inner.Allocate(bytes);

    protected override void FreeCore(nint address) => inner.Free(address);

    protected sealed override BackendQueue? CreateQueueCore() => inner.CreateQueue() is { } queue ? Around(queue) : null;

    protected sealed override void AddKernels(KernelList kernels)
    {
        foreach (string note in Kernels!.Notes) kernels.LeaveOut(note);
        foreach (var kernel in Kernels.Kernels) kernels.Add(Around(kernel));
    }

    private KernelList? Kernels { get; set; }

    private Kernel Around(Kernel kernel)
    {
        bool asks = kernel.When != null || kernel.WhenNative != null;
        return new Kernel
        {
            Operator = kernel.Operator, Types = kernel.Types, Accepts = kernel.Accepts, MaxRank = kernel.MaxRank, Determinism = kernel.Determinism,
            Priority = kernel.Priority, MinVersion = kernel.MinVersion, Version = kernel.Version, Name = kernel.Name,
            RunNative = (delegate* unmanaged[Cdecl]<CallFrame*, int>)Pointer(frame => Run(kernel, frame)),
            WhenNative = asks ? (delegate* unmanaged[Cdecl]<CallFrame*, int>)Pointer(frame => Ask(kernel, frame)) : null,
        };
    }

    private nint Pointer(Function function)
    {
        _kept.Add(function);
        return Marshal.GetFunctionPointerForDelegate(function);
    }

    private int Run(Kernel kernel, CallFrame* frame)
    {
        try
        {
            var queue = frame->Queue == null ? null : KernelThunk.Queue<QueueAround>(frame);
            return (int)Call(kernel, frame, queue, () =>
            {
                var seen = Within(frame, queue);
                if (kernel.RunNative != null) return (BackendStatus)kernel.RunNative(&seen);
                kernel.Run(&seen);
                return BackendStatus.Ok;
            });
        }
        catch (BackendException e)
        {
            return Fail(frame, e.Status == BackendStatus.Ok ? BackendStatus.Internal : e.Status, e.Message);
        }
        catch (Exception e)   // nothing may fly through native code
        {
            return Fail(frame, BackendStatus.Internal, e.Message);
        }
    }

    private int Ask(Kernel kernel, CallFrame* frame)
    {
        var seen = Within(frame, frame->Queue == null ? null : KernelThunk.Queue<QueueAround>(frame));
        return kernel.WhenNative != null ? kernel.WhenNative(&seen) : kernel.When(&seen) ? 1 : 0;
    }

    private CallFrame Within(CallFrame* frame, QueueAround? queue) =>
        *frame with { Device = (void*)inner.Handle, Queue = queue is null ? null : (void*)queue.Inner.Handle };

    private static int Fail(CallFrame* frame, BackendStatus status, string text)
    {
        var host = (BkHost*)frame->Host;
        fixed (byte* words = Encoding.UTF8.GetBytes(text + '\0')) host->Fail(host, (int)status, 0, words);
        return (int)status;
    }
}

/// <summary>A queue around another one.</summary>
internal class QueueAround(BackendQueue inner) : BackendQueue
{
    public BackendQueue Inner => inner;

    protected override void CopyCore(in CopyRegion region) => inner.Copy(region);
    protected override void WaitCore(BackendQueue other, ulong value) => inner.Wait(((QueueAround)other).Inner, value);
    protected override void SignalCore(ulong value) => inner.Signal(value);
    protected override void FlushCore() => inner.Flush();
    protected override ulong ReachedCore() => inner.Reached();
    protected override WaitResult HostWaitCore(ulong value, TimeSpan timeout) => inner.HostWait(value, timeout);
    protected override QueueFailure? FailureCore() => inner.Failure;

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Stands for a dispatcher without its waits: between host and device no wait of one queue for another comes through.</summary>
internal sealed class ForgetsWaits(BackendDevice inner) : DeviceAround(inner)
{
    protected override QueueAround Around(BackendQueue queue) => new Forgetful(queue);

    private sealed class Forgetful(BackendQueue inner) : QueueAround(inner)
    {
        protected override void WaitCore(BackendQueue other, ulong value) { }
    }
}
