using System.Runtime.InteropServices;

namespace Backends.Cpu;

/// <summary>
/// Memory that kernels borrow for a call. A device keeps some large blocks, for pages that the system gives afresh cost more than many a product; they are
/// freed when it is closed. Little memory, and that of a call without a device, is taken and freed at once.
/// </summary>
internal sealed unsafe class Scratch(int blocks) : IDisposable
{
    private const nuint LeastBytes = 64 << 10, BlockBytes = 4 << 20;

    private readonly nint[] _free = new nint[blocks];

    /// <summary>Memory of at least this size, aligned to 64 bytes, contents unspecified.</summary>
    public static void* Rent(Scratch? scratch, nuint bytes)
    {
        if (scratch is not null && bytes is >= LeastBytes and <= BlockBytes)
        {
            for (int i = 0; i < scratch._free.Length; i++)
                if (Interlocked.Exchange(ref scratch._free[i], 0) is not 0 and nint block) return (void*)block;
            return NativeMemory.AlignedAlloc(BlockBytes, 64);
        }
        return NativeMemory.AlignedAlloc(bytes, 64);
    }

    /// <summary>Gives it back.</summary>
    public static void Return(Scratch? scratch, void* memory, nuint bytes)
    {
        if (scratch is not null && bytes is >= LeastBytes and <= BlockBytes)
            for (int i = 0; i < scratch._free.Length; i++)
                if (Interlocked.CompareExchange(ref scratch._free[i], (nint)memory, 0) == 0) return;
        NativeMemory.AlignedFree(memory);
    }

    public void Dispose()
    {
        for (int i = 0; i < _free.Length; i++) NativeMemory.AlignedFree((void*)Interlocked.Exchange(ref _free[i], 0));
    }
}
