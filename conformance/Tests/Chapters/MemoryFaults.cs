using Backends.Plugins;
using Backends.Tests.Queues;

namespace Backends.Conformance.Tests.Chapters;

/// <summary>What may be wrong with memory and copies.</summary>
internal static unsafe class MemoryFaults
{
    [ThreadStatic]
    private static bool t_isMine;

    public static IEnumerable<ChapterFault> All =>
    [
        new("an odd alignment is stated", "memory/MEM-2/alignment", () => new FaultyMemory(alignment: 128)),
        Memory("addresses are aligned to 16 bytes", "memory/MEM-2/sizes", (d, bytes) => d.Right(bytes) is not 0 and var a ? a + 16 : 0),
        Memory("sizes are rounded down to 4096 bytes", "memory/MEM-2/sizes", Packed),
        Memory("buffers stand too close together", "memory/MEM-3/distinct", Packed),
        Memory("an address is given twice", "memory/MEM-3/distinct", (d, bytes) => d.Buffers.Count > 20 ? d.Buffers.First(b => b.Value >= bytes).Key : d.Right(bytes)),
        new("freeing throws on another thread", "memory/MEM-4/free-elsewhere", () => new FaultyMemory
        {
            Take = (d, bytes) => { t_isMine = true; return d.Right(bytes); },
            Give = (d, address) => { d.Back(address); if (Environment.CurrentManagedThreadId % 2 == 0 || !t_isMine) throw new InvalidOperationException("not my thread"); },
        }),
        Memory("no room is an exception", "memory/MEM-8/too-large", (d, bytes) => d.Right(bytes) is not 0 and var a ? a : throw new BackendException(BackendStatus.OutOfMemory, "full")),
        Sticky("no room once is no room for ever", "memory/MEM-8/too-large"),
        Memory("what does not fit is given all the same", "memory/MEM-8/exhaustion", (d, bytes) => d.Right(bytes) is not 0 and var a ? a : s_nowhere + 256 * (Interlocked.Increment(ref s_packed) % 1000)),
        new("what is freed stays taken", "memory/MEM-8/exhaustion", () => new FaultyMemory { Give = (_, _) => { } }),
        new("no room is an exception", "memory/MEM-9/typed-error", () => new Faulty { Take = (bytes, take) => take(bytes) is not 0 and var a ? a : throw new InvalidOperationException("full") }),
        Memory("a large buffer lies in another one", "memory/MEM-10/reuse", Nested),

        Copies("a byte too many is written", "copies/MEM-12/host-to-device", (r, copy) => copy(r.FromHost && r.TargetOffset + r.Length < 8192 && r.SourceOffset + r.Length < 8192 ? r with { Length = r.Length + 1 } : r)),
        Copies("an odd offset is rounded down", "copies/MEM-12/host-to-device", (r, copy) => copy(r with { TargetOffset = r.FromHost ? r.TargetOffset & ~1ul : r.TargetOffset })),
        Copies("the last bytes beyond whole words are left out", "copies/MEM-12/device-to-host", (r, copy) => copy(r with { Length = r.ToHost && r.Length > 8 ? r.Length & ~7ul : r.Length })),
        Copies("short copies are left out", "copies/MEM-12/device-to-host", (r, copy) => { if (!r.ToHost || r.Length > 2) copy(r); }),
        Copies("the source's offset is the target's, too", "copies/MEM-12/within-device", (r, copy) => copy(!r.FromHost && !r.ToHost ? r with { TargetOffset = r.SourceOffset } : r)),
        Copies("a copy within one buffer is left out", "copies/MEM-12/within-buffer", (r, copy) => { if (r.Source != r.Target) copy(r); }),
        Copies("an odd offset is rounded down", "copies/MEM-12/tensors", (r, copy) => copy(r with { TargetOffset = r.FromHost ? r.TargetOffset & ~1ul : r.TargetOffset })),
        Copies("an unstable source is read late", "copies/MEM-13/unstable-source", (r, copy) => copy(r with { IsStable = true })),
        Copies("a stable source is written", "copies/MEM-13/stable-source", (r, copy) => { copy(r with { IsStable = false }); if (r.FromHost && r.IsStable) *(byte*)(r.Source + (nint)r.SourceOffset) ^= 1; }),
        new("host memory is written a second time", "copies/MEM-13/host-target", () => new Faulty { Queue = Twice }),
        Copies("a copy within one buffer is left out", "copies/MEM-14/overlap", (r, copy) => { if (r.Source != r.Target || r.FromHost || r.ToHost) copy(r); }),
        Copies("a byte too many is written", "copies/MEM-15/strided", (r, copy) => { copy(r); if (r.FromHost && r.Length > 1) copy(r with { Length = 1, TargetOffset = r.TargetOffset + r.Length, SourceOffset = r.SourceOffset }); }),
    ];

    private static ChapterFault Memory(string name, string found, Func<FaultyMemory, nuint, nint> take) => new(name, found, () => new FaultyMemory { Take = take });

    private static ChapterFault Copies(string name, string found, Action<CopyRegion, Action<CopyRegion>> copy) =>
        new(name, found, () => new Faulty { Queue = q => new FaultyQueue(q) { Copies = copy } });

    private static ChapterFault Sticky(string name, string found) => new(name, found, () =>
    {
        bool full = false;
        return new FaultyMemory
        {
            Take = (d, bytes) =>
            {
                nint address = full ? 0 : d.Right(bytes);
                full |= address == 0;
                return address;
            },
        };
    });

    // A slab of its own, cut every 64 bytes.
    private static nint Packed(FaultyMemory d, nuint bytes)
    {
        lock (d)
        {
            if (d.Buffers.Count == 0) d.Right((nuint)FaultyMemory.Total / 2);
            return bytes > 1 << 20 ? 0 : d.Buffers.Keys.First() + 256 * (Interlocked.Increment(ref s_packed) % 1000);
        }
    }

    // Memory that no buffer is: large enough for all that a test writes there.
    private static readonly nint s_nowhere = (nint)System.Runtime.InteropServices.NativeMemory.AlignedAlloc(2 * (nuint)FaultyMemory.Total, 4096);

    private static int s_packed;

    private static nint Nested(FaultyMemory d, nuint bytes)
    {
        nint address = d.Right(bytes);
        var larger = d.Buffers.FirstOrDefault(b => b.Key != address && b.Value >= 2 * bytes && b.Value < 200_000);
        return bytes is > 4096 and < 100_000 && larger.Key != 0 ? larger.Key + 256 : address;
    }

    // Each download is made again behind the next submission.
    private static FaultyQueue Twice(BackendQueue inner)
    {
        CopyRegion? last = null;
        return new FaultyQueue(inner)
        {
            Copies = (r, copy) =>
            {
                copy(r);
                if (last is { } again) copy(again with { Value = r.Value });
                last = r.ToHost ? r : null;
            },
        };
    }
}
