using System.Runtime.InteropServices;

namespace Backends.Plugins;

/// <summary>One device of a backend. Public methods are the host's side; a vendor fills in the protected ones that end in <c>Core</c>.</summary>
/// <remarks>Any thread may call any method, any number at once (section 1 of the contract), but for open and close.</remarks>
public abstract class BackendDevice(DeviceInfo info)
{
    private GCHandle _handle;

    /// <summary>What the device says of itself.</summary>
    public DeviceInfo Info { get; } = info;

    /// <summary>What may be called on the host, in kernels too; given when the device has been offered.</summary>
    public HostServices Host { get; set; } = HostServices.None;

    /// <summary>What frames carry in <see cref="CallFrame.Device"/> while the device is open; the argument view resolves it.</summary>
    public virtual nint Handle => _handle.IsAllocated ? GCHandle.ToIntPtr(_handle) : 0;

    /// <summary>Opens the device and gives its complete kernel list, or throws and leaves nothing (DIS-9).</summary>
    /// <param name="options">What the device string asks for, by name; only names of <see cref="DeviceInfo.Options"/>.</param>
    public KernelList Open(IReadOnlyDictionary<string, string> options)
    {
        OpenCore(options);
        try
        {
            _handle = GCHandle.Alloc(this);
            var kernels = new KernelList();
            AddDeclaredKernels(kernels);
            AddKernels(kernels);
            return kernels;
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Closes the device; everything made from it has been ended before (OBJ-3).</summary>
    public void Close()
    {
        try
        {
            CloseCore();
        }
        finally
        {
            if (_handle.IsAllocated) _handle.Free();
        }
    }

    /// <summary>Takes memory: at least <paramref name="bytes"/> usable bytes, aligned as <see cref="DeviceInfo.Alignment"/> says; contents unspecified (MEM-2).</summary>
    /// <param name="bytes">1 or more (MEM-1).</param>
    /// <returns>The buffer's address, or 0 when it does not fit: nothing has changed then (MEM-8).</returns>
    public nint Allocate(nuint bytes) => AllocateCore(bytes);

    /// <summary>Gives a buffer back. Never fails; needs no deferral (MEM-4).</summary>
    public void Free(nint address) => FreeCore(address);

    /// <summary>
    /// Makes a queue. The host makes queue 0 right after open. A synchronous device with host memory needs none and gives null (QUE-10);
    /// one with memory of its own gives a <see cref="SynchronousQueue"/>; an asynchronous one a queue with a timeline, as often as it is asked.
    /// </summary>
    public BackendQueue? CreateQueue() => CreateQueueCore();

    /// <summary>Opens the device: takes contexts, starts threads. A value that makes no sense is refused by an exception that names its option.</summary>
    protected virtual void OpenCore(IReadOnlyDictionary<string, string> options) { }

    /// <summary>Closes the device.</summary>
    protected virtual void CloseCore() { }

    /// <summary>Takes memory; 0 when it does not fit.</summary>
    protected abstract nint AllocateCore(nuint bytes);

    /// <summary>Gives memory back.</summary>
    protected abstract void FreeCore(nint address);

    /// <summary>Makes a queue.</summary>
    protected virtual BackendQueue? CreateQueueCore() => null;

    /// <summary>Adds kernels that are not declared by <see cref="KernelAttribute"/>.</summary>
    protected virtual void AddKernels(KernelList kernels) { }

    /// <summary>Written by the generator: adds the kernels that are.</summary>
    protected virtual void AddDeclaredKernels(KernelList kernels) { }
}

/// <summary>Takes a device's kernels when it is opened.</summary>
public sealed class KernelList
{
    private readonly List<Kernel> _kernels = [];
    private readonly List<string> _notes = [];

    /// <summary>The kernels in order of registration.</summary>
    public IReadOnlyList<Kernel> Kernels => _kernels;

    /// <summary>What was left out, with reasons (KER-7).</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Says that a kernel is left out, and why: the rest of the device works.</summary>
    public void LeaveOut(string note) => _notes.Add(note);

    /// <summary>Adds a kernel.</summary>
    public void Add(Kernel kernel) => _kernels.Add(kernel ?? throw new ArgumentNullException(nameof(kernel)));
}

/// <summary>A synchronous device whose memory is the host's: the host allocates and copies, the vendor brings kernels alone.</summary>
public abstract unsafe class HostMemoryDevice(DeviceInfo info)
    : BackendDevice(info with { Traits = info.Traits | DeviceTraits.Synchronous | DeviceTraits.LinearAddresses | DeviceTraits.HostAccessible | DeviceTraits.Coherent })
{
    /// <inheritdoc/>
    protected override nint AllocateCore(nuint bytes)
    {
        try
        {
            return (nint)NativeMemory.AlignedAlloc(bytes, Info.Alignment);
        }
        catch (OutOfMemoryException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    protected override void FreeCore(nint address) => NativeMemory.AlignedFree((void*)address);
}
