using System.Runtime.CompilerServices;

namespace Backends;

/// <summary>
/// Storages that were disposed while another thread might have had them in a running call (MEM-4). Calls mark their entry and exit by plain stores
/// to their thread's epoch; who drains issues one barrier for the whole process, and then sees every call that began before. Memory that a thread
/// took, used and gave back alone never comes here.
/// </summary>
internal sealed class Quarantine(Device device)
{
    private const int Most = 64;
    private readonly Lock _lock = new();
    private readonly List<Storage> _arrived = [];
    private readonly List<Batch> _waiting = [];

    public void Add(Storage storage)
    {
        bool full;
        lock (_lock)
        {
            _arrived.Add(storage);
            full = _arrived.Count >= Most;
        }
        if (full || storage.Bin < 0) Drain();
    }

    /// <summary>Gives back what no running call can have any more.</summary>
    public void Drain()
    {
        List<Storage> free = [];
        lock (_lock)
        {
            if (_arrived.Count > 0)
            {
                Interlocked.MemoryBarrierProcessWide();
                _waiting.Add(new Batch([.. _arrived], [.. device.Calls.Shares().Where(s => s.IsInCall).Select(s => (s, s.Epoch))]));
                _arrived.Clear();
            }
            _waiting.RemoveAll(batch =>
            {
                if (!batch.IsOver) return false;
                free.AddRange(batch.Storages);
                return true;
            });
        }
        var share = DeviceShare.Of(device);
        foreach (var storage in free) device.Allocator.TakeBack(storage, share);
    }

    private sealed record Batch(Storage[] Storages, (DeviceShare Share, long Epoch)[] Calls)
    {
        public bool IsOver => Calls.All(c => c.Share.Epoch != c.Epoch);
    }
}
