using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Backends;

/// <summary>Numbers of one dtype in a shape, on a device. What is not disposed is collected; <see cref="Dispose"/> and <see cref="TensorScope"/> are earlier.</summary>
/// <remarks>
/// A small object: storage (shared with its views), layout (shared with whoever has the same shape), an offset and a dtype. It has no finalizer:
/// the buffers that storages are cut from have one.
/// </remarks>
[DebuggerDisplay("{Head,nq}")]
public sealed partial class Tensor : IDisposable
{
    private Storage? _storage;
    internal readonly Layout Layout;

    /// <summary>From the storage's start to the logically first element, in bytes.</summary>
    internal readonly long ByteOffset;

    internal Tensor(Storage storage, Layout layout, long byteOffset, DType dtype) : this(ThreadCache.Current, storage, layout, byteOffset, dtype) { }

    internal Tensor(ThreadCache thread, Storage storage, Layout layout, long byteOffset, DType dtype)
    {
        _storage = storage;
        Layout = layout;
        ByteOffset = byteOffset;
        DType = dtype;
        thread.Scope?.Add(this);
    }

    /// <summary>The elements' type.</summary>
    public DType DType { get; }

    /// <summary>The sizes of the dimensions.</summary>
    public Shape Shape => Layout.Shape;

    /// <summary>How many dimensions there are.</summary>
    public int Rank => Layout.Rank;

    /// <summary>How many elements there are.</summary>
    public long Elements => Layout.Elements;

    /// <summary>How far apart neighbours of each dimension lie, in elements.</summary>
    public ReadOnlySpan<long> Strides => Layout.Strides;

    /// <summary>Whether the elements are densely packed, the last dimension fastest.</summary>
    public bool IsContiguous => Layout.IsContiguous;

    /// <summary>The device that holds the elements.</summary>
    /// <exception cref="InvalidTensorException">BK2007: the tensor was disposed.</exception>
    public Device Device => Storage.Device;

    /// <summary>Whether the tensor can still be used.</summary>
    public bool IsDisposed => _storage is null;

    /// <summary>Rises with every write to the storage, through this tensor or another that shares it.</summary>
    public int Version => Storage.Version;

    /// <summary>The storage, read anew inside a call, where it stays good until the call ends (MEM-4); null when the tensor was disposed.</summary>
    internal Storage? Held => Volatile.Read(ref _storage);

    internal Storage Storage
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]   // four times in each call
        get => _storage ?? Throw.Disposed();
    }

    /// <summary>Whether it covers all that its storage holds: writing it heals what was lost (QUE-14).</summary>
    internal bool IsWhole => ByteOffset == 0 && Layout.IsContiguous && Layout.Elements * DType.Size >= Storage.Used;

    /// <summary>Whether both look at one storage.</summary>
    internal bool Shares(Tensor other) => ReferenceEquals(Storage, other.Storage);

    /// <summary>Whether both are the same elements in the same order (KER-12).</summary>
    internal bool IsSameAs(Tensor other) => Shares(other) && ByteOffset == other.ByteOffset && DType == other.DType
        && (ReferenceEquals(Layout, other.Layout) || Layout.Dims.AsSpan().SequenceEqual(other.Layout.Dims));

    /// <summary>Whether the two may have a byte in common: their reaches meet.</summary>
    internal bool MayOverlap(Tensor other)
    {
        if (!Shares(other)) return false;
        var (from, to) = ByteRange();
        var (otherFrom, otherTo) = other.ByteRange();
        return from < otherTo && otherFrom < to;
    }

    /// <summary>The same storage seen through another layout.</summary>
    internal Tensor View(Layout layout, long offset)
    {
        var storage = Storage;
        storage.Share();
        // Disposed meanwhile by another thread: what this handle held may be somebody else's by now. The count stays too high, and the collector takes the memory.
        if (IsDisposed) Throw.Disposed();
        return new Tensor(storage, layout, ByteOffset + offset * DType.Size, DType);
    }

    /// <summary>Gives the handle up; the memory goes back with the last view of it. A second call does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _storage, null)?.Unshare();

    /// <summary>Where in the storage it lies, in bytes.</summary>
    internal (long From, long To) ByteRange()
    {
        var (low, high) = Layout.Reach();
        return (ByteOffset + low * DType.Size, ByteOffset + (high + 1) * DType.Size);
    }
}
