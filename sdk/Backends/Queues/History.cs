namespace Backends;

/// <summary>
/// What a storage has been through (QUE-17): its last write and the last read of each timeline, so that a later access knows whom it must wait
/// for; and whether what it holds is lost. Changed inside the device's gate alone.
/// </summary>
internal sealed class History
{
    private Point _written, _read;
    private List<Point>? _otherReads;
    private Exception? _lost;

    /// <summary>The last write; the empty point when nobody has written since the memory was taken.</summary>
    public Point Written => _written;

    /// <summary>Bytes whose contents matter: a write of so many from the start is one of all.</summary>
    public long Used { get; set; }

    /// <summary>Why what the storage holds is not to be read (QUE-14); null when it may be.</summary>
    public Exception? Poison => _lost ?? Written.Failure;

    /// <summary>Lets a timeline wait for what an access of it must come after. Memory that nobody has written since it was taken may still be in its former owner's use.</summary>
    public void Order(Timeline on, bool write)
    {
        // On one queue its order is enough: that is the usual case, and costs two comparisons.
        if (!ReferenceEquals(_written.Timeline, on)) on.Await(_written);
        if (!write && _written.Timeline is not null) return;
        if (!ReferenceEquals(_read.Timeline, on)) on.Await(_read);
        if (_otherReads is null) return;
        foreach (var read in _otherReads) on.Await(read);
    }

    public void NoteRead(Timeline on, ulong value)
    {
        if (_read.Timeline is null || ReferenceEquals(_read.Timeline, on)) Set(ref _read, on, Math.Max(value, _read.Value));
        else NoteOtherRead(on, value);
    }

    /// <summary>A write: what was read before it was waited for, so it stands for all.</summary>
    /// <param name="on">Where.</param>
    /// <param name="value">When.</param>
    /// <param name="whole">Whether all of the storage is overwritten: only that heals what was lost.</param>
    public void NoteWrite(Timeline on, ulong value, bool whole)
    {
        if (whole) _lost = null;
        else if (Poison is { } cause) _lost = cause;
        Set(ref _written, on, value);
        _read = default;
        _otherReads?.Clear();
    }

    /// <summary>What the storage holds is lost, whoever wrote it (KER-24).</summary>
    public void Lose(Exception cause) => _lost = cause;

    /// <summary>Overwritten on a synchronous device.</summary>
    public void Heal() => _lost = null;

    /// <summary>The memory goes to somebody else: of the past only that counts which still uses it.</summary>
    public void Retire()
    {
        _lost = null;
        Used = 0;
        if (_written.Timeline is { } on) NoteRead(on, _written.Value);   // a later read of the same timeline stays
        _written = default;
    }

    /// <summary>Whether a timeline may use the memory at once: it holds all that still uses it, or nobody does (MEM-10).</summary>
    public bool IsFreeFor(Timeline? on) => IsFreeFor(Written, on) && IsFreeFor(_read, on) && (_otherReads is null || _otherReads.TrueForAll(p => IsFreeFor(p, on)));

    /// <summary>Whether nobody uses the memory.</summary>
    public bool IsOver => IsFreeFor(null);

    /// <summary>For memory that is cut into pieces: a piece has the whole's past.</summary>
    public History Copy() => new() { _written = _written, _read = _read, _otherReads = _otherReads is null ? null : [.. _otherReads] };

    // A reference that stays is not written again: the collector would be told each time.
    private static void Set(ref Point point, Timeline on, ulong value)
    {
        if (!ReferenceEquals(point.Timeline, on)) point.Timeline = on;
        point.Value = value;
    }

    private static bool IsFreeFor(Point point, Timeline? on) => point.Timeline is null || ReferenceEquals(point.Timeline, on) || point.IsOver;

    private void NoteOtherRead(Timeline on, ulong value)
    {
        var others = _otherReads ??= [];
        int index = others.FindIndex(p => ReferenceEquals(p.Timeline, on));
        if (index >= 0) others[index] = new Point(on, Math.Max(value, others[index].Value));
        else
        {
            others.RemoveAll(p => p.IsOver);
            others.Add(new Point(on, value));
        }
    }
}
