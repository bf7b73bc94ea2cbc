using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends;

/// <summary>The sizes in which small storages come, in bytes, and the slabs that they are cut from.</summary>
internal static class SizeClasses
{
    public const int Count = 4;
    public const long SlabBytes = 256 << 10;
    private const long Largest = 64L << 2 * (Count - 1);

    /// <summary>The class that holds so many bytes, or -1 when they are too many for a slab.</summary>
    public static int For(long bytes) => bytes > Largest ? -1 : bytes <= 64 ? 0 : bytes <= 256 ? 1 : bytes <= 1024 ? 2 : 3;

    public static long CellBytes(int bin) => 64L << 2 * bin;

    /// <summary>The size of the buffer for a large storage: rounded up by an eighth at most, so that one given back fits the next of about its size.</summary>
    public static long Round(long bytes)
    {
        long step = Math.Max(512, 1L << (BitOperations.Log2((ulong)bytes) - 3));
        return (bytes + step - 1) / step * step;
    }
}

/// <summary>What a thread keeps for itself, so that a call needs one thread-static load and no lock: its scope, and its share of each device.</summary>
internal sealed class ThreadCache
{
    [ThreadStatic] private static ThreadCache? t_current;
    private readonly Thread _thread = System.Threading.Thread.CurrentThread;
    private DeviceShare[] _shares = [];

    public static ThreadCache Current => t_current ??= new ThreadCache();

    public bool IsAlive => _thread.IsAlive;

    /// <summary>The innermost open scope's tensors, or null.</summary>
    public List<Tensor>? Scope;

    /// <summary>Where records of calls inside the running call go; null outside of recorded calls.</summary>
    public Parts? Parts;

    public DeviceShare For(Device device)
    {
        int number = device.Number;
        if (number >= _shares.Length) Array.Resize(ref _shares, number + 1);
        // The number of a closed device is used again: a share found may still be that one's.
        if (_shares[number] is { } share && share.Device == device) return share;
        share = new DeviceShare(this, device);
        device.Calls.Add(share);
        return _shares[number] = share;
    }

    public Parts BeginParts() => Parts = new Parts(Parts);

    public void EndParts(Parts parts) => Parts = parts.Outer;
}

/// <summary>The records of the calls inside one call.</summary>
internal sealed class Parts(Parts? outer)
{
    public readonly Parts? Outer = outer;
    public readonly List<CallRecord> Made = [];
}

/// <summary>A thread's share of a device: storages to take again, the slabs being cut, and counts of native calls by operator.</summary>
internal sealed class DeviceShare(ThreadCache thread, Device device)
{
    private const int Kept = 256;
    [ThreadStatic] private static DeviceShare? t_recent;

    public readonly ThreadCache Thread = thread;
    public readonly Device Device = device;

    /// <summary>The frame of this thread's plain calls. A kernel calls nobody (KER-21), so one is enough.</summary>
    public readonly PlainFrame Plain = new(device);
    private readonly bool _isSynchronous = device.Submissions is null;
    private long _epoch;
    private readonly Bin[] _bins = [.. Enumerable.Range(0, SizeClasses.Count).Select(_ => new Bin { Free = new Storage[Kept] })];

    /// <summary>Native calls by operator number, counted by this thread alone.</summary>
    public readonly long[] Native = device.Calls.NewCounts();

    /// <summary>The share that the calling thread used last; before it used any, one that owns nothing.</summary>
    public static DeviceShare Recent => t_recent ?? Nobody;

    private static DeviceShare Nobody { get; } = (DeviceShare)RuntimeHelpers.GetUninitializedObject(typeof(DeviceShare));

    /// <summary>The calling thread's share: nearly always the one it used last, which costs one thread-static load and a compare.</summary>
    public static DeviceShare Of(Device device) => t_recent is { } share && share.Device == device ? share : t_recent = ThreadCache.Current.For(device);

    /// <summary>Where this thread's calls on the device go.</summary>
    public Queue Queue = device.Queue0;

    /// <summary>Odd while the thread is inside a call (MEM-4).</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    public bool IsInCall => (Epoch & 1) != 0;

    /// <summary>A call begins: storages read from here on are not given to anybody before it ends. A plain store; who drains the quarantine pays for the order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter() => Volatile.Write(ref _epoch, _epoch | 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave() => Volatile.Write(ref _epoch, (_epoch | 1) + 1);

    /// <summary>A small tensor from what lies ready, inside a call; null where more is needed. On synchronous devices alone: there nothing given back is in use.</summary>
    public Tensor? TryNew(Layout layout, DType dtype)
    {
        int size = SizeClasses.For(Math.Max(1, layout.Elements * dtype.Size));
        if (size < 0) return null;
        ref var bin = ref _bins[size];
        if (bin.Count > 0) return new Tensor(Thread, bin.Free[--bin.Count], layout, 0, dtype);
        return bin.Slab is not null && bin.Next + SizeClasses.CellBytes(size) <= SizeClasses.SlabBytes ? new Tensor(Thread, CutNext(size, ref bin), layout, 0, dtype) : null;
    }

    /// <summary>A recycled storage, or a new one from the thread's slab.</summary>
    public Storage Take(int size)
    {
        ref var bin = ref _bins[size];
        return bin.Count > 0 && _isSynchronous ? bin.Free[--bin.Count] : TakeFree(size, ref bin);
    }

    /// <summary>Beyond the kept ones a storage is let go: its slab dies with its last storage.</summary>
    public void Give(Storage storage)
    {
        ref var bin = ref _bins[storage.Bin];
        if (bin.Count < Kept) bin.Free[bin.Count++] = storage;
    }

    // Where the newest is still in another queue's use, an older one may not be (MEM-10).
    private Storage TakeFree(int size, ref Bin bin)
    {
        for (int i = bin.Count - 1; i >= Math.Max(0, bin.Count - 8); i--)
            if (bin.Free[i] is var found && found.IsFreeFor(Queue.Timeline))
            {
                bin.Free[i] = bin.Free[--bin.Count];
                return found;
            }
        return Cut(size, ref bin);
    }

    /// <summary>Lets go what it keeps: its thread has ended.</summary>
    public void Empty() => Array.Clear(_bins);

    public void CountNative(int op) => Native[op]++;

    private Storage Cut(int size, ref Bin bin)
    {
        long cell = SizeClasses.CellBytes(size);
        if (bin.Slab is null || bin.Next + cell > SizeClasses.SlabBytes)
        {
            // Where a slab does not fit any more, a cell may.
            if (Device.Allocator.Take(SizeClasses.SlabBytes, this) is not { } slab) return Device.Allocator.Take(cell, this) ?? throw Throw.OutOfMemory(Device, cell);
            bin.Slab = slab;
            bin.Next = 0;
        }
        return CutNext(size, ref bin);
    }

    private Storage CutNext(int size, ref Bin bin)
    {
        long cell = SizeClasses.CellBytes(size);
        var storage = new Storage(bin.Slab!.Buffer, bin.Next, cell, size, this, bin.Slab.CopyPast());
        bin.Next += cell;
        return storage;
    }

    /// <summary>One size: storages given back, and the slab that new ones are cut from.</summary>
    private struct Bin
    {
        public Storage[] Free;
        public int Count;
        public Storage? Slab;
        public long Next;
    }
}
