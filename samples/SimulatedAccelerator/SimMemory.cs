using System.Runtime.InteropServices;

namespace Sim;

/// <summary>Memory that the host cannot touch. Addresses lie in a range without access, so that a forgotten copy ends the process; the bytes lie a
/// constant further on, where the device's own threads reach them. What is reached is looked at first: a host's address is refused.</summary>
internal sealed unsafe partial class SimMemory(string device) : IDisposable
{
    public const int Size = 256 << 20, Alignment = 256;
    private readonly nint _addresses = Reserve();
    private readonly nint _bytes = (nint)NativeMemory.AlignedAlloc(Size, Alignment);        // given by the system page by page, when touched
    private readonly List<(nint Start, nint End)> _taken = [];                              // by address
    private readonly int[] _live = new int[Size / Alignment];                               // bytes of the buffer that begins there; 0: none does

    /// <summary>Takes the first hole that is large enough. When none is, the answer is 0, and nothing has changed (MEM-8).</summary>
    public nint Allocate(nuint bytes)
    {
        if (bytes > Size) return 0;
        lock (_taken)
        {
            int at = 0;
            nint start = 0, room = ((nint)bytes + Alignment - 1) & -Alignment;
            while (at < _taken.Count && _taken[at].Start - start < room) start = _taken[at++].End;
            if (Size - start < room) return 0;
            _taken.Insert(at, (start, start + room));
            _live[start / Alignment] = (int)bytes;
            return _addresses + start;
        }
    }

    /// <summary>The host frees when nothing uses the buffer any more, so nothing is deferred (MEM-4).</summary>
    public void Free(nint address)
    {
        lock (_taken)
        {
            Live(address);                                                                  // throws at the second time
            _live[(address - _addresses) / Alignment] = 0;
            _taken.RemoveAll(buffer => buffer.Start == address - _addresses);
        }
    }

    /// <summary>Where the device's threads find bytes of a buffer. Asked at submission, when an error still tells who is wrong.</summary>
    public nint Reach(nint address, long from, long length)
    {
        int live = Live(address);
        if (from < 0 || length > live - from) throw Refusal($"bytes {from} to {from + length} are not all in the buffer of {live} bytes at 0x{address:x} of {device}");
        return address - _addresses + _bytes + (nint)from;
    }

    // The bytes of the buffer that begins there: its address is its only handle, offsets come apart (MEM-3). No lock, for every call asks.
    private int Live(nint address) =>
        (nuint)(address - _addresses) is < Size and var place && place % Alignment == 0 && _live[place / Alignment] is > 0 and var live ? live : throw NotOurs(address);
    private BackendException NotOurs(nint address) => Refusal($"0x{address:x} is no address of {device}: no buffer begins there. Was it freed, or is it the host's, and a copy was forgotten?");
    private static BackendException Refusal(string text) => new(BackendStatus.InvalidArgument, text);

    public void Dispose()
    {
        NativeMemory.AlignedFree((void*)_bytes);
        _ = OperatingSystem.IsWindows() ? VirtualFree(_addresses, 0, 0x8000 /* release */) : munmap(_addresses, Size);
    }

    private static nint Reserve()
    {
        nint at = OperatingSystem.IsWindows() ? VirtualAlloc(0, Size, 0x2000 /* reserve */, 1 /* no access */)
            : mmap(0, Size, 0 /* no access */, OperatingSystem.IsMacOS() ? 0x1002 : 0x22 /* private, anonymous */, -1, 0);
        return at is not (0 or -1) ? at : throw new BackendException(BackendStatus.OutOfMemory, $"the system gives no range of {Size} addresses");
    }

    [LibraryImport("libc")] private static partial nint mmap(nint at, nuint bytes, int access, int flags, int file, nint offset);
    [LibraryImport("libc")] private static partial int munmap(nint at, nuint bytes);
    [LibraryImport("kernel32")] private static partial nint VirtualAlloc(nint at, nuint bytes, int kind, int access);
    [LibraryImport("kernel32")] private static partial int VirtualFree(nint at, nuint bytes, int kind);
}
