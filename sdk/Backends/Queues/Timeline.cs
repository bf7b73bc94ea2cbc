using Backends.Plugins;

namespace Backends;

/// <summary>
/// The life of one queue of a plugin: what was submitted, what was signalled, what is reached, and how it ended. Everything but
/// <see cref="IsOver"/>, <see cref="FailureAt"/> and the waits runs inside the device's gate.
/// </summary>
internal sealed class Timeline(Queue queue, BackendQueue plugin)
{
    private readonly List<ulong> _signals = [];
    private readonly Queue<(ulong After, Point Point)> _waits = [];
    private readonly List<(ulong After, Point Point)> _failedWaits = [];
    private readonly List<(ulong From, ulong To, Exception Cause)> _carried = [];
    private readonly List<(ulong Value, IDisposable Resource)> _held = [];
    private ulong _signalled, _reached;
    private int _visitors, _disposed;
    private bool _ended;
    private volatile bool _isBlemished;
    private volatile Point[] _residue = [];

    public Queue Queue { get; } = queue;
    public BackendQueue Plugin { get; } = plugin;
    public nint Handle { get; } = plugin.Handle;
    public RecentCalls Recent { get; } = new();

    /// <summary>The last submission's value (QUE-1).</summary>
    public ulong Submitted { get; private set; }

    /// <summary>How the queue failed; null while it works.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The first value that failed.</summary>
    public ulong FailedFrom { get; private set; } = ulong.MaxValue;

    /// <summary>A submission has been accepted; it has the next value.</summary>
    public ulong Count() => ++Submitted;

    /// <summary>Holds later work of this queue until a point is reached. Points of this queue, and points long over, need no wait.</summary>
    public void Await(Point point)
    {
        if (point.Timeline is not { } other || ReferenceEquals(other, this)) return;
        if (other.IsOver(point.Value))
        {
            // Reached, but perhaps from lost numbers: whoever reads further on is to find that (QUE-14).
            if (other.Failure is null && !other.IsSettled(point.Value)) Note(point);
            return;
        }
        if (other.Failure is not null)
        {
            foreach (var left in other._residue) Await(left);
            return;
        }
        foreach (var (_, waited) in _waits)
            if (ReferenceEquals(waited.Timeline, other) && waited.Value >= point.Value) return;
        // QUE-4: what is submitted so far must not be found behind the wait by whoever waits for it later.
        Signal();
        ulong value = other.SignalFor(point.Value);
        other.Plugin.Flush();
        Plugin.Wait(other.Plugin, value);
        Note(new Point(other, value));
    }

    /// <summary>Whether a value is reached, and rests on nothing that may have failed without anybody knowing yet.</summary>
    public bool IsSettled(ulong value) => Failure is not null || (HasReached(value) && Settle(value));

    /// <summary>Asks for a signal of all that was submitted, if there is none yet.</summary>
    public void Signal()
    {
        if (_signalled == Submitted || Failure is not null) return;
        Plugin.Signal(Submitted);
        _signalled = Submitted;
        if (_signals.Count >= 32)
        {
            ulong reached = Reached();
            _signals.RemoveAll(v => v <= reached);
        }
        _signals.Add(Submitted);
    }

    /// <summary>The smallest signalled value at or after one; asks for it where there is none (QUE-4).</summary>
    public ulong SignalFor(ulong value)
    {
        if (_signalled < value) Signal();
        foreach (ulong signalled in _signals)
            if (signalled >= value) return signalled;
        return _signalled;
    }

    /// <summary>Whether nothing up to a value touches memory any more, nor what it was to come after. Any thread.</summary>
    public bool IsOver(ulong value) => HasReached(value) || (Failure is not null && (value < FailedFrom || IsResidueOver())) || Queue.Device.IsFaulted;

    /// <summary>Why the plugin's queue takes no more work, or null.</summary>
    public QueueFailure? AskFailure() => Ask(nameof(Plugin.Failure), () => Plugin.Failure, null);

    /// <summary>Whether a value is reached. Any thread.</summary>
    public bool HasReached(ulong value) => value <= Volatile.Read(ref _reached) || (value <= Volatile.Read(ref _signalled) && value <= Reached());

    /// <summary>Why the submission of a value failed, or null. Any thread.</summary>
    public Exception? FailureAt(ulong value)
    {
        if (!_isBlemished) return null;
        if (value >= FailedFrom) return Failure;
        lock (_carried)
            foreach (var (from, to, cause) in _carried)
                if (value >= from && value <= to) return cause;
        return null;
    }

    /// <summary>Waits on the calling thread, outside the gate, for a signalled value. False: the queue failed.</summary>
    public bool HostWait(ulong value)
    {
        if (HasReached(value)) return true;
        if (!Visit()) return HasReached(value);
        try
        {
            if (Ask(nameof(Plugin.HostWait), () => Plugin.HostWait(value, Timeout.InfiniteTimeSpan), WaitResult.Failed) != WaitResult.Reached) return false;
            Raise(value);
            return true;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Ends the plugin's queue, as soon as no thread is in it (QUE-16).</summary>
    public void End()
    {
        if (!Visit()) return;
        Volatile.Write(ref _ended, true);
        Leave();
    }

    /// <summary>
    /// The queue failed from a value on, for a reason. What the failed part was told to wait for may still be running: to fail is not to have waited,
    /// so who comes after this part comes after that.
    /// </summary>
    public void Fail(ulong from, Exception cause)
    {
        FailedFrom = from;
        _residue = [.. _failedWaits.Concat(_waits).Where(w => w.After + 1 >= from).Select(w => w.Point)
            .SelectMany(p => p.Timeline!.Failure is null ? [p] : p.Value < p.Timeline.FailedFrom ? [] : p.Timeline._residue)
            .Where(p => !ReferenceEquals(p.Timeline, this)).GroupBy(p => p.Timeline, (on, points) => new Point(on, points.Max(p => p.Value)))];
        Failure = cause;
        _isBlemished = true;
    }

    /// <summary>QUE-14: what this queue did after waiting for a point that failed is lost, too. True if there was such a wait.</summary>
    public bool Carry(Timeline failed, ulong from, Exception cause, out ulong first)
    {
        first = ulong.MaxValue;
        foreach (var (after, point) in _waits)
            if (ReferenceEquals(point.Timeline, failed) && point.Value >= from) first = Math.Min(first, after + 1);
        ulong start = first;
        // What is lost already was carried on already: queues that wait for each other end here.
        if (first > Submitted || _carried.Exists(r => r.From <= start && r.To >= Submitted)) return false;
        lock (_carried) _carried.Add((first, Submitted, cause));
        _isBlemished = true;
        return true;
    }

    /// <summary>Whether something is kept.</summary>
    public bool Holds => _held.Count > 0;

    /// <summary>Keeps something until a value is over: the host memory that a stable copy reads (MEM-13).</summary>
    public void Hold(ulong value, IDisposable resource)
    {
        Release();
        _held.Add((value, resource));
    }

    /// <summary>Lets go what was held for values that are over, or all of it.</summary>
    public void Release(bool all = false) => _held.RemoveAll(h =>
    {
        if (!all && !IsOver(h.Value)) return false;
        h.Resource.Dispose();
        return true;
    });

    private void Note(Point point)
    {
        if (_waits.Count >= 32) Settle(ulong.MaxValue);
        _waits.Enqueue((Submitted, point));
    }

    // From the oldest on: what a wait was for had itself only older ones. A failure that is known was carried on; what it left running still counts.
    private bool Settle(ulong below)
    {
        while (_waits.TryPeek(out var wait) && wait.After < below)
        {
            var other = wait.Point.Timeline!;
            if (!other.IsSettled(wait.Point.Value)) return false;
            if (!other.IsOver(wait.Point.Value)) _failedWaits.Add(wait);
            _waits.Dequeue();
        }
        _failedWaits.RemoveAll(w => w.Point.IsOver);
        return true;
    }

    // It names queues alone that worked when this one failed: no circle of failed ones asks itself.
    private bool IsResidueOver()
    {
        foreach (var point in _residue)
            if (!point.IsOver) return false;
        _residue = [];
        return true;
    }

    private ulong Reached()
    {
        if (!Visit()) return Volatile.Read(ref _reached);
        try
        {
            return Raise(Ask(nameof(Plugin.Reached), Plugin.Reached, 0ul));
        }
        finally
        {
            Leave();
        }
    }

    // Threads come out of order, and what is noted when the queue ends stays: it never falls.
    private ulong Raise(ulong reached)
    {
        ulong before = Volatile.Read(ref _reached);
        while (before < reached)
        {
            ulong found = Interlocked.CompareExchange(ref _reached, reached, before);
            if (found == before) return reached;
            before = found;
        }
        return before;
    }

    // These never throw; a plugin that does is not asked again (OBJ-16).
    private T Ask<T>(string call, Func<T> ask, T otherwise)
    {
        if (Queue.Device.IsFaulted) return otherwise;
        try
        {
            return ask();
        }
#pragma warning disable CA1031 // a vendor's code may throw anything
        catch (Exception e)
#pragma warning restore CA1031
        {
            Queue.Device.Found.Breaks($"the queue's {call}", e);
            return otherwise;
        }
    }

    // Who is in the plugin's queue without the gate holds its end off. False: it has ended.
    private bool Visit()
    {
        Interlocked.Increment(ref _visitors);
        if (!Volatile.Read(ref _ended)) return true;
        Leave();
        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _visitors) == 0 && Volatile.Read(ref _ended) && Interlocked.Exchange(ref _disposed, 1) == 0)
            Ask(nameof(Plugin.Dispose), () => { Plugin.Dispose(); return true; }, false);
    }
}
