namespace Backends;

/// <summary>
/// Memory of a device, and its only owner: the large storages have one each, small ones share a slab's. When nobody holds it any more its
/// finalizer puts the address on the device's release list; the device looks there at its next allocation, never on the finalizer's thread (OBJ-4).
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
        if (Interlocked.Exchange(ref _released, 1) == 0) Device.Allocator.ReleaseLater(Address, Bytes);
    }

    /// <summary>Frees at once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0) return;
        GC.SuppressFinalize(this);
        Device.Allocator.Release(Address);
    }
}
