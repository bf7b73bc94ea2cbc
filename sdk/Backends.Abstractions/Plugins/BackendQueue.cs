using System.Runtime.InteropServices;

namespace Backends.Plugins;

/// <summary>
/// Ordered work of one device, and its timeline. What is submitted takes effect in order of submission; work of different queues in any order, but
/// for waits (QUE-2). Every submission has a value on the timeline, counted by the host from 1 (QUE-1): a kernel call bears it in its frame,
/// a copy in its region. A value can be waited for once it was signalled, so a kernel call alone costs no event (QUE-3).
/// Public methods are the host's side; a vendor fills in the protected ones that end in <c>Core</c>.
/// </summary>
/// <remarks>
/// One thread submits at a time: <see cref="Copy"/>, <see cref="Wait"/>, <see cref="Signal"/>, <see cref="Flush"/> and the calls of kernels. Any
/// number of threads may call <see cref="Reached"/>, <see cref="HostWait"/> and <see cref="Failure"/> at the same time. A submission returns at
/// once; it may block for room only, and only on work already submitted to the same device (QUE-8). One that throws has enqueued nothing (QUE-12).
/// </remarks>
public abstract class BackendQueue : IDisposable
{
    private GCHandle _handle;

    /// <summary>What frames carry in <see cref="CallFrame.Queue"/>.</summary>
    public virtual nint Handle => GCHandle.ToIntPtr(_handle.IsAllocated ? _handle : _handle = GCHandle.Alloc(this));

    /// <summary>Moves bytes.</summary>
    public void Copy(in CopyRegion region) => CopyCore(region);

    /// <summary>Holds what is submitted later to this queue until a value of another one is reached; does not block the caller (QUE-7).</summary>
    /// <param name="other">Another queue of the same backend, or this one.</param>
    /// <param name="value">A value that was signalled before, on <paramref name="other"/>.</param>
    public void Wait(BackendQueue other, ulong value) => WaitCore(other, value);

    /// <summary>Asks for a value to be reached when everything submitted before is done (QUE-3).</summary>
    /// <param name="value">That of the last submission; rises from signal to signal.</param>
    public void Signal(ulong value) => SignalCore(value);

    /// <summary>Sees to it that all that was submitted is worked on without further calls; cheap, and as often as one likes (QUE-5).</summary>
    public void Flush() => FlushCore();

    /// <summary>The highest value reached: never above what is done, never falling, without waiting (QUE-5).</summary>
    public ulong Reached() => ReachedCore();

    /// <summary>Holds the calling thread until a signalled value is reached, or the queue has failed at or before it (QUE-6).</summary>
    /// <param name="value">A value that was signalled before.</param>
    /// <param name="timeout">Zero only looks; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    public WaitResult HostWait(ulong value, TimeSpan timeout) => HostWaitCore(value, timeout);

    /// <summary>Why the queue takes no more work; null while it does. Published before anyone who waits is released, and then the same for ever (QUE-13).</summary>
    public QueueFailure? Failure => FailureCore();

    /// <summary>Enqueues a move of bytes; any offset and length, no alignment needed (MEM-12).</summary>
    protected abstract void CopyCore(in CopyRegion region);

    /// <summary>Enqueues a wait. One for a value of a queue that failed is released, too: the host carries the failure on (QUE-14).</summary>
    protected abstract void WaitCore(BackendQueue other, ulong value);

    /// <summary>Enqueues a signal.</summary>
    protected abstract void SignalCore(ulong value);

    /// <summary>Hands all that was submitted to the device. A queue that does so by itself has nothing to do.</summary>
    protected virtual void FlushCore() { }

    /// <summary>The highest value reached.</summary>
    protected abstract ulong ReachedCore();

    /// <summary>Waits on the calling thread.</summary>
    protected abstract WaitResult HostWaitCore(ulong value, TimeSpan timeout);

    /// <summary>Why the queue failed, or null.</summary>
    protected abstract QueueFailure? FailureCore();

    /// <summary>Ends the queue: it is drained, failed or lost, and returns in bounded time (QUE-16).</summary>
    protected virtual void Dispose(bool disposing) { }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        if (_handle.IsAllocated) _handle.Free();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Queue 0 of a synchronous device with memory of its own: it is there for the copies, each of which is done when it returns (QUE-10).</summary>
public abstract class SynchronousQueue : BackendQueue
{
    /// <inheritdoc/>
    protected sealed override void WaitCore(BackendQueue other, ulong value) { }

    /// <inheritdoc/>
    protected sealed override void SignalCore(ulong value) { }

    /// <inheritdoc/>
    protected sealed override ulong ReachedCore() => ulong.MaxValue;

    /// <inheritdoc/>
    protected sealed override WaitResult HostWaitCore(ulong value, TimeSpan timeout) => WaitResult.Reached;

    /// <inheritdoc/>
    protected sealed override QueueFailure? FailureCore() => null;
}

/// <summary>How a wait ended (QUE-6).</summary>
public enum WaitResult
{
    /// <summary>The value is reached; what the device wrote up to there is visible to the host.</summary>
    Reached = 0,
    /// <summary>The queue failed at or before the value.</summary>
    Failed = 1,
    /// <summary>Neither, in the time given.</summary>
    TimedOut = 2,
}

/// <summary>Why a queue takes no more work (QUE-12).</summary>
/// <param name="Value">The first value that failed; smaller ones keep their success, no work from it on touches memory any more (QUE-13).</param>
/// <param name="Status">Which kind of failure; <see cref="BackendStatus.DeviceLost"/> only when the whole device is lost (QUE-23).</param>
/// <param name="VendorCode">The driver's own number; 0 for none.</param>
/// <param name="Text">What happened, in the vendor's words.</param>
public sealed record QueueFailure(ulong Value, BackendStatus Status, int VendorCode, string Text);

/// <summary>What moves in a copy: addresses as <see cref="BackendDevice.Allocate"/> gave them, with byte offsets (MEM-12).</summary>
public readonly struct CopyRegion
{
    /// <summary>The source's address: a buffer of the device, or host memory.</summary>
    public nint Source { get; init; }
    /// <summary>Where to start in the source.</summary>
    public ulong SourceOffset { get; init; }
    /// <summary>The target's address: a buffer of the device, or host memory. Host memory is written before the value is reached, and not touched after (MEM-13).</summary>
    public nint Target { get; init; }
    /// <summary>Where to start in the target.</summary>
    public ulong TargetOffset { get; init; }
    /// <summary>Bytes to move, 1 or more.</summary>
    public ulong Length { get; init; }
    /// <summary>The copy's value on the queue's timeline; 0 on a synchronous device.</summary>
    public ulong Value { get; init; }
    /// <summary>Whether the source is host memory.</summary>
    public bool FromHost { get; init; }
    /// <summary>Whether the target is host memory.</summary>
    public bool ToHost { get; init; }
    /// <summary>Whether a host source lives unchanged until the value is reached. Any other has been read when the call returns (MEM-13).</summary>
    public bool IsStable { get; init; }
}
