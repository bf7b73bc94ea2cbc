using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends;

/// <summary>
/// The way onto an asynchronous device's queues. A submission passes one gate, held for the frame and its value together (QUE-11); inside, the host
/// lets the queue wait for what the call must come after (QUE-17), and notes what it touches. One gate a device, not a queue: what orders queues
/// among each other is changed by all of them. Submissions.Waits.cs has where the host waits, Submissions.Failures.cs what a failure means.
/// </summary>
internal sealed unsafe partial class Submissions
{
    private readonly Device _device;
    private readonly List<Queue> _queues;
    private readonly List<Timeline> _timelines = [];
    private readonly long[] _waits = new long[Enum.GetValues<WaitCause>().Length];
    private int _gate;
    private int _numbers;
    private int _failing;
    private bool _isClosed;

    public Submissions(Device device, BackendQueue queue0)
    {
        (_device, _queues) = (device, [device.Queue0]);
        device.Queue0.Timeline = New(device.Queue0, queue0);
    }

    public IReadOnlyDictionary<WaitCause, long> Waits => Enum.GetValues<WaitCause>().ToDictionary(c => c, c => Interlocked.Read(ref _waits[(int)c]));

    public Queue NewQueue()
    {
        Enter();
        var queue = new Queue(_device, ++_numbers);
        _queues.Add(queue);
        Leave();
        return queue;
    }

    /// <summary>Submits one kernel call on the thread's queue. The frame gets its queue and value.</summary>
    /// <returns>The kernel's own status, or the first error that the queue met on the way.</returns>
    /// <exception cref="BackendException">An input is poisoned: its cause. Or the device is lost.</exception>
    public BackendStatus Submit(DeviceShare share, Candidate kernel, CallFrame* frame, ReadOnlySpan<Access> accesses, string op, DType dtype, object layouts, out Exception? error)
    {
        Enter();
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                var on = OrderedTimeline(share.Queue, accesses);
                frame->Queue = (void*)on.Handle;
                frame->Value = on.Submitted + 1;
                var status = kernel.Run(frame, out error);
                if (status is BackendStatus.Declined or BackendStatus.OutOfMemory) return status;
                if (status == BackendStatus.Ok || !HasFailed(on, error))
                {
                    ulong value = on.Count();
                    on.Recent.Note(value, op, dtype, frame->InputCount, layouts);
                    Note(on, value, accesses);
                    return status;
                }
                // The queue had failed before this call: a fresh one takes it, unless what it reads is lost (QUE-15). Where the failure may be the
                // call's own, what it works on in place may be half changed.
                if (attempt > 0 || (on.FailedFrom > on.Submitted && IsInPlace(accesses))) return status;
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Submits a copy on the thread's queue.</summary>
    /// <param name="share">The thread's share.</param>
    /// <param name="region">What to copy.</param>
    /// <param name="accesses">What it touches on the device.</param>
    /// <param name="signal">Whether somebody waits for it: then it is signalled and flushed.</param>
    /// <param name="held">What must live until it is done; disposed after.</param>
    public Point Copy(DeviceShare share, CopyRegion region, ReadOnlySpan<Access> accesses, bool signal = false, IDisposable? held = null)
    {
        string direction = region.FromHost ? " from the host" : region.ToHost ? " to the host" : "";
        Enter();
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                var on = OrderedTimeline(share.Queue, accesses);
                if (held is not null && on.Holds) AskFor(on);   // else nobody might ever ask whether the earlier ones were read
                try
                {
                    on.Plugin.Copy(region with { Value = on.Submitted + 1 });
                }
#pragma warning disable CA1031 // a vendor's code may throw anything: it becomes this copy's failure
                catch (Exception error)
#pragma warning restore CA1031
                {
                    if (HasFailed(on, error) && attempt == 0) continue;
                    var known = error as BackendException;
                    throw _device.Lost ?? (Exception)new DeviceOperationException($"{_device.Name}: {RecentCalls.CopyText((long)region.Length, direction)} failed on queue {share.Queue.Number} ({known?.Status ?? BackendStatus.Internal}).",
                        known?.Why ?? error.Message, "nothing was copied; the queue takes further work", error) { Device = _device.Name, Operator = "copy" };
                }
                ulong value = on.Count();
                on.Recent.NoteCopy(value, (long)region.Length, direction);
                Note(on, value, accesses);
                if (held is not null) on.Hold(value, held);
                if (signal) AskFor(on);
                return new Point(on, value);
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The past of memory that was dropped without anybody saying when it was used last: all that is submitted by now may use it.</summary>
    public History Everything()
    {
        var history = new History();
        Enter();
        foreach (var on in _timelines) history.NoteRead(on, on.Submitted);
        Leave();
        return history;
    }

    /// <summary>What a storage holds is lost for a reason (KER-24).</summary>
    public void Poison(Storage storage, Exception cause)
    {
        Enter();
        storage.Past.Lose(cause);
        Leave();
    }

    // The thread's queue, waiting for what the accesses must come after.
    private Timeline OrderedTimeline(Queue queue, ReadOnlySpan<Access> accesses)
    {
        for (int rounds = _timelines.Count + 1; ; rounds--)
        {
            var on = LiveTimeline(queue);
            try
            {
                Order(on, accesses);
                return on;
            }
            catch (Exception error) when (rounds > 0 && HaveFailed(error))
            {
                // This queue, or one that it was to wait for: the next round has one less.
            }
        }
    }

    private static void Order(Timeline on, ReadOnlySpan<Access> accesses)
    {
        foreach (ref readonly var access in accesses)
        {
            var past = access.Storage.Past;
            if (!access.IsWrite && past.Poison is { } cause)
            {
                on.Queue.Met(cause);
                throw cause;
            }
            past.Order(on, access.IsWrite);
        }
    }

    private static bool IsInPlace(ReadOnlySpan<Access> accesses)
    {
        foreach (ref readonly var written in accesses)
            foreach (ref readonly var read in accesses)
                if (written.IsWrite && !read.IsWrite && written.Storage == read.Storage) return true;
        return false;
    }

    private static void Note(Timeline on, ulong value, ReadOnlySpan<Access> accesses)
    {
        foreach (ref readonly var access in accesses)
            if (access.IsWrite) access.Storage.Past.NoteWrite(on, value, access.IsWhole);
            else access.Storage.Past.NoteRead(on, value);
    }

    private Timeline LiveTimeline(Queue queue)
    {
        ObjectDisposedException.ThrowIf(_isClosed, _device);
        if (_device.Lost is { } lost) throw lost;
        // First: what ends is drained, so that nothing may come after (QUE-16).
        ObjectDisposedException.ThrowIf(queue.IsDisposed, queue);
        if (queue.Timeline is { } live) return live;
        try
        {
            var plugin = _device.Plugin.CreateQueue();
            return queue.Timeline = New(queue, plugin ?? throw new BackendException(BackendStatus.Internal, "an asynchronous device must give a queue whenever asked (QUE-15)"));
        }
        catch (BackendException error) when (error.Status == BackendStatus.DeviceLost)
        {
            throw _device.Lose(error.Message, "a new queue");
        }
    }

    private Timeline New(Queue queue, BackendQueue plugin)
    {
        var timeline = new Timeline(queue, plugin);
        _timelines.Add(timeline);
        return timeline;
    }

    private Queue[] Queues()
    {
        Enter();
        try
        {
            return [.. _queues];
        }
        finally
        {
            Leave();
        }
    }

    private void Enter()
    {
        if (Interlocked.CompareExchange(ref _gate, 1, 0) != 0) EnterSlowly();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterSlowly()
    {
        var spin = new SpinWait();
        while (Interlocked.CompareExchange(ref _gate, 1, 0) != 0) spin.SpinOnce();
    }

    private void Leave() => Volatile.Write(ref _gate, 0);
}
