namespace Backends;

/// <summary>Storages with a buffer of their own that nobody holds, a shelf for each size: the last one given back comes first. Its caller locks.</summary>
internal sealed class BlockCache
{
    private readonly Dictionary<long, Shelf> _shelves = [];
    private long _turn;

    public long Bytes { get; private set; }
    public int Count { get; private set; }

    public void Add(Storage storage)
    {
        if (!_shelves.TryGetValue(storage.Bytes, out var shelf)) _shelves.Add(storage.Bytes, shelf = new Shelf());
        shelf.Storages.AddLast(storage);
        shelf.LastUsed = ++_turn;
        Bytes += storage.Bytes;
        Count++;
    }

    /// <summary>One of a size that a timeline may use at once (MEM-10), or null.</summary>
    public Storage? Take(long bytes, Timeline? on)
    {
        if (!_shelves.TryGetValue(bytes, out var shelf)) return null;
        shelf.LastUsed = ++_turn;
        for (var node = shelf.Storages.Last; node is not null; node = node.Previous)
            if (node.Value.IsFreeFor(on))
            {
                Remove(shelf, node);
                return node.Value;
            }
        return null;
    }

    /// <summary>Of the sizes that were not asked for the longest, what nobody uses: until the rest fits a limit.</summary>
    public List<Storage> TakeSurplus(long limit)
    {
        var surplus = new List<Storage>();
        if (Bytes <= limit) return surplus;
        foreach (var shelf in _shelves.Values.OrderBy(s => s.LastUsed))
            for (LinkedListNode<Storage>? node = shelf.Storages.First, next; node is not null && Bytes > limit; node = next)
            {
                next = node.Next;
                if (!node.Value.IsOver) continue;
                Remove(shelf, node);
                surplus.Add(node.Value);
            }
        return surplus;
    }

    /// <summary>All of them.</summary>
    public List<Storage> TakeAll()
    {
        List<Storage> all = [.. _shelves.Values.SelectMany(s => s.Storages)];
        _shelves.Clear();
        Bytes = Count = 0;
        return all;
    }

    private void Remove(Shelf shelf, LinkedListNode<Storage> node)
    {
        shelf.Storages.Remove(node);
        Bytes -= node.Value.Bytes;
        Count--;
    }

    private sealed class Shelf
    {
        public readonly LinkedList<Storage> Storages = [];
        public long LastUsed;
    }
}
