namespace Backends;

/// <summary>The last calls of a timeline, so that a failure found late can name the operator and shapes of its value. Metadata alone: no tensor is kept.</summary>
internal sealed class RecentCalls
{
    private const int Kept = 1024;
    private readonly Entry[] _entries = new Entry[Kept];

    /// <summary>How a copy is told of: <c>copy of 4 B from the host</c>.</summary>
    public static string CopyText(long bytes, string direction) => $"copy of {Sizes.Text(bytes)}{direction}";

    /// <summary>Notes a copy, to be put into words if it ever fails.</summary>
    public void NoteCopy(ulong value, long bytes, string direction)
    {
        Note(value, direction, DType.None, bytes, Layout.Scalar);
        _entries[value % Kept].IsCopy = true;
    }

    /// <summary>Notes a call with inputs of one layout.</summary>
    public void Note(ulong value, string op, DType dtype, long inputs, object layouts)
    {
        ref var entry = ref _entries[value % Kept];
        entry.Value = value;
        if (!ReferenceEquals(entry.Operator, op)) entry.Operator = op;   // a loop makes the same calls: the collector need not be told again
        entry.DType = dtype;
        entry.Count = inputs;
        entry.IsCopy = false;
        if (!ReferenceEquals(entry.Layouts, layouts)) entry.Layouts = layouts;
    }

    /// <summary>For example <c>add f32 [2, 3] [2, 3]</c>; the operator's name alone as well.</summary>
    public (string Operator, string Text) Of(ulong value)
    {
        var entry = _entries[value % Kept];
        if (entry.Value > value) return ("", $"a call before the last {Kept}");
        if (entry.Value < value || entry.Operator is null) return ("", "what came after the last call");
        if (entry.IsCopy)
        {
            string copy = CopyText(entry.Count, entry.Operator);
            return (copy, copy);
        }
        if (entry.DType == DType.None) return (entry.Operator, entry.Operator);
        string shapes = entry.Layouts is Layout[] all ? string.Join(' ', all.Select(l => l.Shape)) : string.Join(' ', Enumerable.Repeat(((Layout)entry.Layouts).Shape, (int)entry.Count));
        return (entry.Operator, $"{entry.Operator} {entry.DType.Name} {shapes}".TrimEnd());
    }

    private struct Entry
    {
        public ulong Value;
        public string? Operator;
        public object Layouts;
        public DType DType;
        /// <summary>Inputs of a call, bytes of a copy.</summary>
        public long Count;
        public bool IsCopy;
    }
}
