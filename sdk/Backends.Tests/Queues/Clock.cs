namespace Backends.Tests.Queues;

/// <summary>A vector clock: for each queue, by number, the last value that is known to come before.</summary>
internal sealed class Clock
{
    private ulong[] _values = new ulong[4];

    public ulong this[int queue]
    {
        get => queue < _values.Length ? _values[queue] : 0;
        set
        {
            if (queue >= _values.Length) Array.Resize(ref _values, Math.Max(queue + 1, _values.Length * 2));
            _values[queue] = value;
        }
    }

    public Clock Copy() => new() { _values = [.. _values] };

    /// <summary>Knows from here on what the other one knows. Says whether that was anything new.</summary>
    public bool Join(Clock other)
    {
        bool changed = false;
        for (int queue = 0; queue < other._values.Length; queue++)
        {
            if (other._values[queue] <= this[queue]) continue;
            this[queue] = other._values[queue];
            changed = true;
        }
        return changed;
    }

    public override string ToString() => $"[{string.Join(" ", _values)}]";
}

/// <summary>What a queue's timeline knows at each of its values: a new entry only where it learned something, so that a plain call costs none.</summary>
internal sealed class History
{
    private readonly List<(ulong Value, Clock Clock)> _entries = [];

    /// <summary>Says what is known from a value on.</summary>
    public void Add(ulong value, Clock clock) => _entries.Add((value, clock.Copy()));

    /// <summary>What is known at a value; null for nothing.</summary>
    public Clock? At(ulong value) => Find(value) is var i && i >= 0 ? _entries[i].Clock : null;

    /// <summary>Forgets what nobody asks for any more: every value asked for from here on is this one or a later one.</summary>
    public void ForgetBefore(ulong value)
    {
        int i = Find(value);
        if (i > 0) _entries.RemoveRange(0, i);
    }

    private int Find(ulong value)
    {
        int i = _entries.Count - 1;
        while (i >= 0 && _entries[i].Value > value) i--;
        return i;
    }
}
