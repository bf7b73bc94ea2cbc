namespace Backends.Conformance;

/// <summary>
/// A witness of a queue's progress: submission v writes byte v of host memory, from device memory, so whoever claims that v is reached can be asked to
/// show it.
/// </summary>
internal sealed class Stamps
{
    private readonly Trial _t;
    private readonly HostBlock _seen;
    private readonly Dictionary<ulong, int> _places = [];
    private readonly nint _source;
    private int _written;

    /// <param name="count">The most stamps that will be written.</param>
    public Stamps(Trial t, CountedQueue queue, int count)
    {
        (_t, Queue) = (t, queue);
        _seen = t.Block(count);
        _source = t.Allocate(256);
        t.Put(_source, 0, Enumerable.Repeat((byte)0xA5, 256).ToArray());
    }

    public CountedQueue Queue { get; }

    /// <summary>Submits the next stamp.</summary>
    public ulong Write()
    {
        int place = _written++;
        lock (_places) _places.Add(Queue.Last + 1, place);
        return Queue.Download(_source, place % 256, _seen, place, 1);
    }

    /// <summary>The stamp of a value must be there.</summary>
    public void Must(ulong value, string when)
    {
        int place;
        lock (_places)
            if (!_places.TryGetValue(value, out place)) return;
        if (Volatile.Read(ref _seen.Bytes[place]) != 0xA5) throw _t.Fail($"the work of value {value} is not done {when}");
    }
}

/// <summary>How long to go on asking.</summary>
internal sealed class Limit
{
    private readonly long _end = Environment.TickCount64 + (long)Trial.Patience.TotalMilliseconds;
    private int _asked;

    /// <summary>Whether it is too late; gives the processor away now and then.</summary>
    public bool IsOver
    {
        get
        {
            if (++_asked % 64 == 0) Thread.Sleep(0);
            return Environment.TickCount64 > _end;
        }
    }
}
