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
}

/// <summary>What a thread keeps for itself, so that a call needs one thread-static load and no lock: its scope, and its share of each device.</summary>
internal sealed class ThreadCache
{
    [ThreadStatic] private static ThreadCache? t_current;
    private DeviceShare[] _shares = [];

    public static ThreadCache Current => t_current ??= new ThreadCache();

    /// <summary>The innermost open scope's tensors, or null.</summary>
    public List<Tensor>? Scope;

    /// <summary>Where records of calls inside the running call go; null outside of recorded calls.</summary>
    public Parts? Parts;

    public DeviceShare For(Device device)
    {
        var shares = _shares;
        int number = device.Number;
        // The number of a closed device is used again: a share found may still be that one's.
        return number < shares.Length && shares[number] is { } share && share.Device == device ? share : Add(device);
    }

    public Parts BeginParts() => Parts = new Parts(Parts);

    public void EndParts(Parts parts) => Parts = parts.Outer;

    private DeviceShare Add(Device device)
    {
        if (device.Number >= _shares.Length) Array.Resize(ref _shares, device.Number + 1);
        var share = new DeviceShare(device);
        device.Calls.Add(share);
        return _shares[device.Number] = share;
    }
}

/// <summary>The records of the calls inside one call.</summary>
internal sealed class Parts(Parts? outer)
{
    public readonly Parts? Outer = outer;
    public readonly List<CallRecord> Made = [];
}

/// <summary>A thread's share of a device: storages to take again, the slab being cut, and counts of native calls by operator.</summary>
internal sealed class DeviceShare(Device device)
{
    private const int Kept = 256;
    public readonly Device Device = device;
    private readonly Storage[][] _free = [.. Enumerable.Range(0, SizeClasses.Count).Select(_ => new Storage[Kept])];
    private readonly int[] _freeCount = new int[SizeClasses.Count];
    private readonly DeviceBuffer?[] _slab = new DeviceBuffer?[SizeClasses.Count];
    private readonly long[] _next = new long[SizeClasses.Count];

    /// <summary>Native calls by operator number, counted by this thread alone.</summary>
    public long[] Native = new long[64];

    public Storage Take(int bin)
    {
        int count = _freeCount[bin];
        if (count > 0)
        {
            _freeCount[bin] = --count;
            return _free[bin][count];
        }
        return Cut(bin);
    }

    /// <summary>Beyond the kept ones a storage is let go: its slab dies with its last storage.</summary>
    public void Give(Storage storage)
    {
        int count = _freeCount[storage.Bin];
        if (count == Kept) return;
        _free[storage.Bin][count] = storage;
        _freeCount[storage.Bin] = count + 1;
    }

    public void CountNative(int op)
    {
        if (op >= Native.Length) Array.Resize(ref Native, 2 * op);
        Native[op]++;
    }

    private Storage Cut(int bin)
    {
        long cell = SizeClasses.CellBytes(bin);
        if (_slab[bin] is null || _next[bin] + cell > SizeClasses.SlabBytes)
        {
            _slab[bin] = Device.Memory.NewBuffer(SizeClasses.SlabBytes);
            _next[bin] = 0;
        }
        var storage = new Storage(_slab[bin]!, _next[bin], cell, bin);
        _next[bin] += cell;
        return storage;
    }
}
