using System.Collections.Concurrent;

namespace Backends;

/// <summary>
/// A device's memory. Small storages are cut from slabs, a thread's own, without lock or interlocked operation; large ones have a buffer each. What
/// is given back is kept for the next one of its size, by MEM-10: at once where the queue holds all that still uses it, else when that is over.
/// What is dropped without Dispose comes back through the buffers' finalizers; so that these run in time, the device asks for a collection
/// when much was taken since the last one (MEM-9).
/// </summary>
internal sealed class Allocator
{
    private const long CollectAfter = 64L << 20;
    private readonly Device _device;
    private readonly ConcurrentQueue<(nint Address, long Bytes)> _releaseList = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<nint, long> _buffers = [];
    private readonly BlockCache _cache = new();
    private readonly long _cacheLimit;
    private long _bytes, _peak, _sinceCollection, _collections;
    private volatile bool _closed;

    public Allocator(Device device, long limit, CacheLimit cache)
    {
        (_device, Limit, Quarantine) = (device, limit, new Quarantine(device));
        _cacheLimit = cache.On(limit);
    }

    /// <summary>Bytes that buffers may take together.</summary>
    public long Limit { get; }

    public Quarantine Quarantine { get; }

    public bool IsClosed => _closed;

    public MemoryStatistics Statistics
    {
        get
        {
            lock (_lock) return new MemoryStatistics(_bytes - _cache.Bytes, _cache.Bytes, _peak, _buffers.Count - _cache.Count, Limit, _collections);
        }
    }

    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closed, _device);

    /// <summary>Memory for so many bytes, at least one (MEM-1); contents unspecified.</summary>
    /// <exception cref="OutOfDeviceMemoryException">BK4001: there is no room, also after all that MEM-9 tries.</exception>
    public Storage Allocate(long bytes)
    {
        int bin = SizeClasses.For(bytes);
        var share = DeviceShare.Of(_device);
        return bin >= 0 ? share.Take(bin) : Take(Math.Max(bytes, Math.Min(SizeClasses.Round(bytes), (long)Math.Min(long.MaxValue, _device.Info.LargestAllocation))), share) ?? throw Throw.OutOfMemory(_device, bytes);
    }

    /// <summary>A storage with a buffer of its own, or null when it does not fit.</summary>
    public Storage? Take(long bytes, DeviceShare share)
    {
        ThrowIfClosed();
        Drain();
        CollectIfDue(bytes);
        if (Cached(bytes, share) is { } kept) return kept;
        if ((ulong)bytes > _device.Info.LargestAllocation) return null;
        nint address = FromPlugin(bytes);
        if (address == 0 && EmptyCache()) address = FromPlugin(bytes);
        if (address == 0)
        {
            MakeRoom();
            address = FromPlugin(bytes);
        }
        return address == 0 ? null : Keep(address, bytes, share);
    }

    /// <summary>Takes a storage back that nobody holds.</summary>
    public void Recycle(Storage storage, DeviceShare share)
    {
        if (_closed) return;
        // Used by this thread alone: no other one can have it in a call. Of all others that is not known yet (MEM-4).
        if (storage.Owner == share) TakeBack(storage, share);
        else Quarantine.Add(storage);
    }

    /// <summary>Takes a storage back that no running call has.</summary>
    public void TakeBack(Storage storage, DeviceShare share)
    {
        if (_closed) return;
        storage.Retire(share);
        if (storage.Bin >= 0)
        {
            share.Give(storage);
            return;
        }
        lock (_lock)
        {
            _cache.Add(storage);
            _sinceCollection = Math.Max(0, _sinceCollection - storage.Bytes);
        }
        FreeSurplus();
    }

    /// <summary>Called by finalizers: only notes the address.</summary>
    public void ReleaseLater(nint address, long bytes) => _releaseList.Enqueue((address, bytes));

    /// <summary>Gives a buffer back to the plugin: nothing uses it any more (MEM-4).</summary>
    public void Release(nint address)
    {
        lock (_lock)
        {
            if (!_buffers.Remove(address, out long bytes)) return;
            _bytes -= bytes;
        }
        Free(address);
    }

    /// <summary>
    /// What MEM-9 does when the device is full: takes what is over, waits for what is not and empties the cache, collects what was dropped. A kernel
    /// that found no memory asks for it, too.
    /// </summary>
    public void MakeRoom()
    {
        EmptyCache();
        _device.Calls.ForgetEnded();
        Collect();
        EmptyCache();
    }

    /// <summary>Frees everything; tensors that are still held find their device closed.</summary>
    public void Close()
    {
        nint[] addresses;
        lock (_lock)
        {
            _closed = true;
            addresses = [.. _buffers.Keys];
            _bytes -= _buffers.Values.Sum();
            _buffers.Clear();
            _cache.TakeAll();
        }
        foreach (nint address in addresses) Free(address);
    }

    // MEM-4: never fails, on a failed or lost device neither.
    private void Free(nint address)
    {
        if (_device.IsFaulted) return;
        try
        {
            _device.Plugin.Free(address);
        }
#pragma warning disable CA1031 // a vendor's code may throw anything
        catch (Exception e)
#pragma warning restore CA1031
        {
            _device.Found.Breaks(nameof(_device.Plugin.Free), e);
        }
    }

    private Storage? Cached(long bytes, DeviceShare share)
    {
        lock (_lock)
            if (_cache.Take(bytes, share.Queue.Timeline) is { } storage)
            {
                storage.Owner = share;
                _sinceCollection += bytes;
                _peak = Math.Max(_peak, _bytes - _cache.Bytes);
                return storage;
            }
        return null;
    }

    private nint FromPlugin(long bytes)
    {
        if (_device.Lost is { } lost) throw lost;
        lock (_lock)
        {
            if (_bytes + bytes > Limit) return 0;
            _bytes += bytes;                                  // first: another thread may ask meanwhile
        }
        nint address = 0;
        try
        {
            return address = _device.Plugin.Allocate((nuint)bytes);
        }
        catch (BackendException error) when (error.Status == BackendStatus.DeviceLost)
        {
            throw _device.Lose(error.Message, "an allocation");
        }
        finally
        {
            if (address == 0)
                lock (_lock) _bytes -= bytes;
        }
    }

    private Storage Keep(nint address, long bytes, DeviceShare share)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _buffers.Add(address, bytes);
                _sinceCollection += bytes;
                _peak = Math.Max(_peak, _bytes - _cache.Bytes);
                return new Storage(new DeviceBuffer(_device, address, bytes), 0, bytes, -1, share, _device.NewHistory());
            }
            _bytes -= bytes;
        }
        // Closed meanwhile: Close did not see this buffer, and a finalizer of an old one could name its address.
        Free(address);
        throw new ObjectDisposedException(_device.ToString());
    }

    // Dropped buffers: what used them last is not known, so all that is submitted by now counts.
    private void Drain()
    {
        Quarantine.Drain();
        if (_releaseList.IsEmpty) return;
        var past = _device.Submissions?.Everything();
        while (_releaseList.TryDequeue(out var dropped))
            lock (_lock)
                if (_buffers.TryGetValue(dropped.Address, out long bytes))
                {
                    _sinceCollection = Math.Max(0, _sinceCollection - bytes);
                    _cache.Add(new Storage(new DeviceBuffer(_device, dropped.Address, bytes), 0, bytes, -1, null, past?.Copy()));
                }
        FreeSurplus();
    }

    private void FreeSurplus()
    {
        List<Storage> surplus;
        lock (_lock) surplus = _cache.TakeSurplus(_cacheLimit);
        foreach (var old in surplus) old.Buffer.Dispose();
    }

    private bool EmptyCache()
    {
        List<Storage> kept;
        lock (_lock) kept = _cache.TakeAll();
        if (kept.Exists(s => !s.IsOver)) _device.Submissions!.Drain(WaitCause.OutOfMemory);
        foreach (var storage in kept) storage.Buffer.Dispose();
        return kept.Count > 0;
    }

    // Undisposed tensors are small objects to the collector, whatever they hold on the device: it would come far too late by itself.
    private void CollectIfDue(long bytes)
    {
        long live = Interlocked.Read(ref _bytes), since = Interlocked.Read(ref _sinceCollection);
        if (since + bytes > Math.Max(Math.Min(CollectAfter, Limit / 4), (live - since) / 2)) Collect();
    }

    // What was dropped a moment ago is young; only when that frees little is the whole heap worth looking through.
    private void Collect()
    {
        long before = Statistics.Live;
        Collect(1);
        if (Statistics.Live > before / 4 * 3) Collect(GC.MaxGeneration);
        lock (_lock)
        {
            _sinceCollection = 0;
            _collections++;
        }
    }

    private void Collect(int generation)
    {
        GC.Collect(generation);
        GC.WaitForPendingFinalizers();
        Drain();
    }
}
