namespace Backends.Plugins.Native;

/// <summary>
/// A queue of an asynchronous native device (<c>bk_queue</c>). Statuses come back as exceptions with the plugin's words; its failure is read once,
/// for it stays the same for ever (QUE-13).
/// </summary>
internal sealed unsafe class NativeQueue : BackendQueue
{
    private const long Forever = -1, NanosecondsPerTick = 100;
    private readonly BkQueue _table;
    private QueueFailure? _failure;
    private bool _isDestroyed;

    private NativeQueue(BkQueue table) => _table = table;

    /// <summary>The table's <c>context</c>: what frames carry, and what the plugin's other queues get to wait for it.</summary>
    public override nint Handle => (nint)_table.Context;

    /// <summary>The queue that a plugin has just made.</summary>
    /// <param name="created">Its table.</param>
    /// <param name="isSynchronous">Whether its device is: only the copies are asked for then (QUE-10).</param>
    /// <exception cref="BackendException">The table breaks a rule; the slot is named.</exception>
    public static BackendQueue From(BkQueue* created, bool isSynchronous)
    {
        try
        {
            var table = NativeTable.Read(created);
            NativeTable.Require<BkQueue>(table.Copy, "copy");
            NativeTable.Require<BkQueue>(table.Destroy, "destroy");
            if (isSynchronous) return new NativeCopyQueue(table);
            NativeTable.Require<BkQueue>(table.Context, "context");
            NativeTable.Require<BkQueue>(table.Wait, "wait");
            NativeTable.Require<BkQueue>(table.Signal, "signal");
            NativeTable.Require<BkQueue>(table.Reached, "reached");
            NativeTable.Require<BkQueue>(table.HostWait, "host_wait");
            NativeTable.Require<BkQueue>(table.Failure, "failure");
            return new NativeQueue(table);
        }
        catch (PluginLoadException e)
        {
            throw new BackendException(BackendStatus.Internal, e.Message);
        }
    }

    /// <summary>Submits a copy; for both kinds of queues.</summary>
    public static void Copy(in BkQueue table, in CopyRegion region)
    {
        var copy = new BkCopy
        {
            StructSize = (uint)sizeof(BkCopy),
            Flags = (region.FromHost ? BkCopy.FromHost : 0) | (region.ToHost ? BkCopy.ToHost : 0) | (region.IsStable ? BkCopy.Stable : 0),
            Source = (void*)region.Source, SourceOffset = region.SourceOffset,
            Target = (void*)region.Target, TargetOffset = region.TargetOffset,
            Length = region.Length, Value = region.Value,
        };
        NativeFailure.Forget();
        NativeFailure.ThrowUnlessOk("copy", table.Copy(table.Context, &copy));
    }

    /// <inheritdoc/>
    protected override void CopyCore(in CopyRegion region) => Copy(_table, region);

    /// <inheritdoc/>
    protected override void WaitCore(BackendQueue other, ulong value)
    {
        NativeFailure.Forget();
        NativeFailure.ThrowUnlessOk("wait", _table.Wait(_table.Context, (void*)other.Handle, value));
    }

    /// <inheritdoc/>
    protected override void SignalCore(ulong value)
    {
        NativeFailure.Forget();
        NativeFailure.ThrowUnlessOk("signal", _table.Signal(_table.Context, value));
    }

    /// <inheritdoc/>
    protected override void FlushCore()
    {
        if (_table.Flush != null) _table.Flush(_table.Context);
    }

    /// <inheritdoc/>
    protected override ulong ReachedCore() => _table.Reached(_table.Context);

    /// <inheritdoc/>
    protected override WaitResult HostWaitCore(ulong value, TimeSpan timeout)
    {
        long ticks = Math.Min(timeout.Ticks, long.MaxValue / NanosecondsPerTick);
        int result = _table.HostWait(_table.Context, value, ticks < 0 ? Forever : ticks * NanosecondsPerTick);
        if (result is (int)WaitResult.Reached or (int)WaitResult.TimedOut) return (WaitResult)result;
        // Whoever is released as failed finds a reason, also where the plugin breaks QUE-13.
        if (FailureCore() is null) _failure = new QueueFailure(value, BackendStatus.Internal, 0, $"host_wait returned {result}, and failure tells of none");
        return WaitResult.Failed;
    }

    /// <inheritdoc/>
    protected override QueueFailure? FailureCore()
    {
        if (_failure is { } known) return known;
        var failure = new BkFailure { StructSize = (uint)sizeof(BkFailure) };
        if (_table.Failure(_table.Context, &failure) == 0) return null;
        var status = NativeFailure.Status(failure.Status);
        if (status == BackendStatus.Ok) status = BackendStatus.Internal;   // what has failed is not well
        return _failure = new QueueFailure(failure.Value, status, failure.VendorCode, NativeTable.Text(failure.Text) ?? $"the queue failed with {status}");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_isDestroyed) _table.Destroy(_table.Context);
        _isDestroyed = true;
        base.Dispose(disposing);
    }
}

/// <summary>Queue 0 of a synchronous native device with memory of its own.</summary>
internal sealed unsafe class NativeCopyQueue(BkQueue table) : SynchronousQueue
{
    private bool _isDestroyed;

    /// <inheritdoc/>
    public override nint Handle => (nint)table.Context;

    /// <inheritdoc/>
    protected override void CopyCore(in CopyRegion region) => NativeQueue.Copy(table, region);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_isDestroyed) table.Destroy(table.Context);
        _isDestroyed = true;
        base.Dispose(disposing);
    }
}
