using System.Collections.Concurrent;

namespace Backends;

/// <summary>
/// A device's memory: slabs for small storages, one buffer each for large ones. A small allocation takes a recycled storage or the next cell of
/// the thread's slab, without lock or interlocked operation. What is dropped without Dispose comes back through the buffers' finalizers; so that
/// these run in time, the device asks for a collection when much was allocated since the last one (MEM-9).
/// </summary>
internal sealed class DeviceMemory(Device device)
{
    private const long CollectAfter = 64L << 20;
    private const int SpareSlabs = 256;
    private readonly ConcurrentQueue<(nint Address, long Bytes)> _releaseList = new();
    private readonly Dictionary<nint, long> _live = [];
    private readonly Stack<nint> _spare = new();
    private long _liveBytes, _peakBytes, _sinceCollection;
    private volatile bool _closed;

    /// <summary>Bytes in buffers now.</summary>
    public long LiveBytes => Interlocked.Read(ref _liveBytes);

    /// <summary>The most bytes there ever were in buffers.</summary>
    public long PeakBytes => Interlocked.Read(ref _peakBytes);

    /// <summary>Memory for a tensor's elements; at least one byte (MEM-1).</summary>
    /// <exception cref="BackendException">BK4001: the device has no room, also after a collection.</exception>
    public Storage Allocate(long bytes)
    {
        int bin = SizeClasses.For(bytes);
        return bin >= 0 ? DeviceShare.Of(device).Take(bin) : new Storage(NewBuffer(bytes), 0, bytes, -1);
    }

    public bool IsClosed => _closed;

    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closed, device);

    /// <summary>Takes a storage back that nobody holds.</summary>
    public void Recycle(Storage storage)
    {
        if (_closed) return;
        if (storage.Bin >= 0) DeviceShare.Of(device).Give(storage);
        else storage.Buffer.Dispose();
    }

    /// <summary>Called by finalizers: only notes the address.</summary>
    public void ReleaseLater(nint address, long bytes) => _releaseList.Enqueue((address, bytes));

    /// <summary>Frees a buffer now; a slab is kept for the next one, because fresh memory costs more than the calls that fill it.</summary>
    public void Release(nint address, long bytes)
    {
        lock (_live)
        {
            if (!_live.Remove(address)) return;
            _liveBytes -= bytes;
            _sinceCollection = Math.Max(0, _sinceCollection - bytes);
            if (bytes == SizeClasses.SlabBytes && _spare.Count < SpareSlabs)
            {
                _spare.Push(address);
                return;
            }
        }
        device.Plugin.Free(address);
    }

    /// <summary>A buffer of its own.</summary>
    public DeviceBuffer NewBuffer(long bytes) => TryNewBuffer(bytes) ?? throw Throw.OutOfMemory(device, bytes);

    /// <summary>A buffer of its own, or null when it does not fit, also after a collection.</summary>
    public DeviceBuffer? TryNewBuffer(long bytes)
    {
        ThrowIfClosed();
        if ((ulong)bytes > device.Info.LargestAllocation) return null;
        Drain();
        CollectIfDue(bytes);
        nint address = TakeSpare(bytes);
        if (address == 0) address = device.Plugin.Allocate((nuint)bytes);
        if (address == 0)
        {
            Collect();
            FreeSpare();
            address = device.Plugin.Allocate((nuint)bytes);
        }
        return address == 0 ? null : Keep(address, bytes);
    }

    private DeviceBuffer Keep(nint address, long bytes)
    {
        lock (_live)
        {
            if (!_closed)
            {
                _live.Add(address, bytes);
                _liveBytes += bytes;
                _sinceCollection += bytes;
                _peakBytes = Math.Max(_peakBytes, _liveBytes);
                return new DeviceBuffer(device, address, bytes);
            }
        }
        // Closed meanwhile: Close did not see this buffer, and a finalizer of an old one could name its address.
        device.Plugin.Free(address);
        throw new ObjectDisposedException(device.ToString());
    }

    /// <summary>Frees everything; tensors that are still held find their device closed.</summary>
    public void Close()
    {
        nint[] addresses;
        lock (_live)
        {
            _closed = true;
            addresses = [.. _live.Keys, .. _spare];
            _live.Clear();
            _spare.Clear();
            _liveBytes = 0;
        }
        foreach (nint address in addresses) device.Plugin.Free(address);
    }

    private nint TakeSpare(long bytes)
    {
        if (bytes != SizeClasses.SlabBytes) return 0;
        lock (_live) return _spare.TryPop(out nint address) ? address : 0;
    }

    private void FreeSpare()
    {
        nint[] addresses;
        lock (_live)
        {
            addresses = [.. _spare];
            _spare.Clear();
        }
        foreach (nint address in addresses) device.Plugin.Free(address);
    }

    private void Drain()
    {
        while (_releaseList.TryDequeue(out var released)) Release(released.Address, released.Bytes);
    }

    // Undisposed tensors are small objects to the collector, whatever they hold on the device: it would come far too late by itself.
    private void CollectIfDue(long bytes)
    {
        long due = Math.Max(CollectAfter, (Interlocked.Read(ref _liveBytes) - Interlocked.Read(ref _sinceCollection)) / 2);
        if (Interlocked.Read(ref _sinceCollection) + bytes > due) Collect();
    }

    // What was dropped a moment ago is young; only when that frees little is the whole heap worth looking through.
    private void Collect()
    {
        long before = LiveBytes;
        Collect(1);
        if (LiveBytes > before / 4 * 3) Collect(GC.MaxGeneration);
        lock (_live) _sinceCollection = 0;
    }

    private void Collect(int generation)
    {
        GC.Collect(generation);
        GC.WaitForPendingFinalizers();
        Drain();
    }
}
