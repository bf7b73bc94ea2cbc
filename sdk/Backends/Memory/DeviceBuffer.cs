namespace Backends;

/// <summary>
/// Memory of a device, and its only owner: the large storages have one each, small ones share a slab's. When nobody holds it any more its
/// finalizer puts the address on the device's release list; the device frees it at its next allocation, never on the finalizer's thread (OBJ-4).
/// </summary>
internal sealed class DeviceBuffer : IDisposable
{
    public readonly Device Device;
    public readonly nint Address;
    public readonly long Bytes;
    private int _released;

    public DeviceBuffer(Device device, nint address, long bytes) => (Device, Address, Bytes) = (device, address, bytes);

    ~DeviceBuffer()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0) Device.Memory.ReleaseLater(Address, Bytes);
    }

    /// <summary>Frees at once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0) return;
        GC.SuppressFinalize(this);
        Device.Memory.Release(Address, Bytes);
    }
}

/// <summary>A piece of a buffer with its history: what tensors and their views share.</summary>
internal sealed class Storage(DeviceBuffer buffer, long offset, long bytes, int bin)
{
    public readonly DeviceBuffer Buffer = buffer;
    public readonly Device Device = buffer.Device;
    public readonly nint Address = buffer.Address;

    /// <summary>Where the piece starts in the buffer, in bytes.</summary>
    public readonly long Offset = offset;
    public readonly long Bytes = bytes;

    /// <summary>The size class that takes the storage back, or -1 for one with a buffer of its own.</summary>
    public readonly int Bin = bin;

    /// <summary>Rises with every write, for whoever keeps something computed from the contents.</summary>
    public int Version;

    /// <summary>Handles beyond the first. Only views touch it: a tensor without views is made and ended without an interlocked operation on it.</summary>
    private int _others;

    public void Share() => Interlocked.Increment(ref _others);

    /// <summary>One handle less; the last one gives the memory back.</summary>
    public void Unshare()
    {
        if (Volatile.Read(ref _others) != 0 && Interlocked.Decrement(ref _others) >= 0) return;
        _others = 0;
        Device.Memory.Recycle(this);
    }
}
