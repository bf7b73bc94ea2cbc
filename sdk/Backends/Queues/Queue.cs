namespace Backends;

/// <summary>
/// Ordered work of a device. Calls on this queue take effect in order, those of different queues in any order but where one touches what another
/// wrote or reads: the host orders these by itself (QUE-17). On a synchronous device a queue is there, and orders nothing.
/// </summary>
/// <remarks>A failed queue of the plugin is replaced: the app's queue works again, only what the failed part wrote is lost (QUE-15).</remarks>
public sealed class Queue : IDisposable
{
    private Exception? _unreported;

    internal Queue(Device device, int number) => (Device, Number) = (device, number);

    /// <summary>The device that works on it.</summary>
    public Device Device { get; }

    /// <summary>0 for the device's own queue, then 1, 2 and so on.</summary>
    public int Number { get; }

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed { get; internal set; }

    /// <summary>The timeline that stands behind it now; null before the first submission, after a failure, and on a synchronous device.</summary>
    internal Timeline? Timeline { get; set; }

    /// <summary>Sends this thread's calls on the device to this queue, until the scope is disposed.</summary>
    public QueueScope Use()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new QueueScope(this);
    }

    /// <summary>Waits until everything submitted to this queue is done.</summary>
    /// <exception cref="DeviceOperationException">BK4002: something failed since the last wait, with its operator and shapes; the queue works again.</exception>
    /// <exception cref="DeviceLostException">BK4003: the device is lost.</exception>
    public void Synchronize()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Device.Lost is { } lost) throw lost;
        Device.Submissions?.Synchronize(this, WaitCause.Synchronize);
        ThrowUnreported();
        Device.ThrowFault();
    }

    /// <summary>Waits until its work is done and gives the queue up; tensors written on it stay as they are. Queue 0 belongs to the device.</summary>
    public void Dispose()
    {
        if (Number == 0 || IsDisposed) return;
        IsDisposed = true;                                    // first: nobody gives it a fresh timeline while it ends
        Device.Submissions?.End(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Device.Name} queue {Number}";

    /// <summary>Throws a failure that nobody has met, once.</summary>
    internal void ThrowUnreported()
    {
        if (Interlocked.Exchange(ref _unreported, null) is { } failure) throw failure;
    }

    /// <summary>A failure that nobody has met yet: the next wait throws it.</summary>
    internal void Report(Exception failure) => Interlocked.CompareExchange(ref _unreported, failure, null);

    /// <summary>The failure was met at a read: the next wait need not repeat it.</summary>
    internal void Met(Exception failure) => Interlocked.CompareExchange(ref _unreported, null, failure);
}

/// <summary>Sends a thread's calls to a queue while it is open.</summary>
/// <remarks>A ref struct: an <c>await</c> inside one does not compile, so no other thread's calls ever get into it.</remarks>
public readonly ref struct QueueScope : IDisposable
{
    private readonly Queue _outer;

    internal QueueScope(Queue queue)
    {
        var share = DeviceShare.Of(queue.Device);
        _outer = share.Queue;
        share.Queue = queue;
    }

    /// <summary>Goes back to the queue before.</summary>
    public void Dispose() => DeviceShare.Of(_outer.Device).Queue = _outer;
}
