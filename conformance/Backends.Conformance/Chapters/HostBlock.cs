using System.Runtime.InteropServices;

namespace Backends.Conformance;

/// <summary>Host memory that a copy may use after the call: it does not move, and lives until the queues are drained.</summary>
internal sealed unsafe class HostBlock : IDisposable
{
    private readonly int _length;

    public HostBlock(int length, byte fill)
    {
        (_length, Address) = (length, (nint)NativeMemory.Alloc((nuint)length));
        Bytes.Fill(fill);
    }

    public nint Address { get; private set; }

    public Span<byte> Bytes => new((void*)Address, _length);

    public void Dispose()
    {
        NativeMemory.Free((void*)Address);
        Address = 0;
    }
}
