using System.Runtime.CompilerServices;

namespace Backends;

/// <summary>A piece of a buffer with its history: what tensors and their views share.</summary>
internal sealed class Storage(DeviceBuffer buffer, long offset, long bytes, int bin, DeviceShare? owner, History? history)
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

    /// <summary>
    /// The thread that alone uses the storage: it gives it back without asking anybody (MEM-4). Null once another thread has used it, or
    /// when what it holds is lost: then each call looks closer (<see cref="Admit"/>).
    /// </summary>
    public DeviceShare? Owner = owner;
    private History? _history = history;

    /// <summary>Handles beyond the first. Only views touch it: a tensor without views is made and ended without an interlocked operation on it.</summary>
    private int _others;

    /// <summary>What it has been through; on an asynchronous device always there.</summary>
    public History Past => _history ??= new History();

    /// <summary>Why what it holds must not be read; null when it may.</summary>
    public Exception? Poison => _history?.Poison;

    /// <summary>Bytes that were given to a tensor, or are lost; the rest is nobody's. Known on asynchronous devices, and of what is lost.</summary>
    public long Used => _history?.Used ?? 0;

    public bool IsOver => _history is null || _history.IsOver;

    public bool IsFreeFor(Timeline? on) => _history is null || _history.IsFreeFor(on);

    /// <summary>For a piece of this one.</summary>
    public History? CopyPast() => _history?.Copy();

    /// <summary>Nobody holds it: it is its taker's.</summary>
    public void Retire(DeviceShare taker)
    {
        _history?.Retire();
        Owner = taker;
    }

    /// <summary>What it holds is lost: reading it throws the cause, until it is overwritten whole (QUE-14, KER-24).</summary>
    /// <param name="cause">Why.</param>
    /// <param name="end">Where what is lost ends, in bytes.</param>
    public void Lose(Exception cause, long end)
    {
        Past.Used = Math.Max(Past.Used, end);
        Version++;
        if (Device.Submissions is { } submissions) submissions.Poison(this, cause);
        else Past.Lose(cause);
        Owner = null;
    }

    /// <summary>A write is done, or on its way. One of all that was lost on a synchronous device heals it; on others the history does (QUE-14).</summary>
    public void NoteWrite(Tensor through)
    {
        Version++;
        if (_history is not null && Device.Submissions is null && through.IsWhole) _history.Heal();
    }

    /// <summary>Looks closer at a storage that is not the calling thread's own, inside a call.</summary>
    /// <returns>Whether the tensor still holds it.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Admit(Tensor through, DeviceShare share)
    {
        // Marked by others: also those to whom it went after this tensor was disposed.
        if (Volatile.Read(ref Owner) is not { } owner || owner == share) return !through.IsDisposed;
        // The owner must see this before it gives the storage back, or be seen to have disposed the tensor: both sides have a full fence here.
        Owner = null;
        Interlocked.MemoryBarrier();
        return !through.IsDisposed;
    }

    public void Share() => Interlocked.Increment(ref _others);

    /// <summary>One handle less; the last one gives the memory back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unshare()
    {
        if (Volatile.Read(ref _others) != 0 && Interlocked.Decrement(ref _others) >= 0) return;
        _others = 0;
        var share = DeviceShare.Of(Device);
        // The usual end: a small storage that this thread alone has used, on a synchronous device.
        if (Owner == share && Bin >= 0 && _history is null) share.Give(this);
        else Device.Allocator.Recycle(this, share);
    }
}
