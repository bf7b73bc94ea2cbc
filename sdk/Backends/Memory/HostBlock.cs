using System.Runtime.InteropServices;

namespace Backends;

/// <summary>Host memory on the way to or from a device. Whoever is given one frees it; in a copy that is the device's queue, when the copy is done.</summary>
internal sealed unsafe class HostBlock(long bytes) : IDisposable
{
    private byte* _pointer = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, bytes));

    public byte* Pointer => _pointer;

    public void Dispose()
    {
        NativeMemory.Free(_pointer);
        _pointer = null;
    }
}
