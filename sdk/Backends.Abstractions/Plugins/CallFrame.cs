using System.Runtime.InteropServices;

namespace Backends.Plugins;

/// <summary>
/// One call of a kernel: the same bytes for both doors (<c>bk_frame</c> in C, KER-8). It lives for the call only, and nothing of it is
/// written to (KER-9). Kernels in C# see it through their operator's argument view, for example <c>ReluArgs</c>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CallFrame
{
    /// <summary>Bytes of this struct that the host filled; a field beyond reads as 0 (ABI-3).</summary>
    public uint StructSize;
    /// <summary>No flag is defined yet.</summary>
    public uint Flags;
    /// <summary>The version of the operator's declaration that is asked.</summary>
    public int OperatorVersion;
    /// <summary>The precision mode; 0 is strict (RND-4).</summary>
    public int Precision;
    /// <summary>Entries of <see cref="Inputs"/>.</summary>
    public int InputCount;
    /// <summary>Entries of <see cref="Outputs"/>.</summary>
    public int OutputCount;
    /// <summary>The inputs; an absent optional one is null.</summary>
    public DLTensor** Inputs;
    /// <summary>The outputs; in phase 1 of a two-phase operator one i64 tensor that takes the unknown extents (KER-28).</summary>
    public DLTensor** Outputs;
    /// <summary>The lengths of list parameters, in order; null when the operator has none.</summary>
    public int* ListLengths;
    /// <summary>The operator's attribute struct, size-first; null when it has no attributes.</summary>
    public void* Attributes;
    /// <summary>The device: its table's <c>context</c> in C, a handle that the argument view resolves in C#.</summary>
    public void* Device;
    /// <summary>Host services (<c>bk_host</c>).</summary>
    public void* Host;
    /// <summary>The queue; null on a synchronous device (QUE-10).</summary>
    public void* Queue;
    /// <summary>Scratch memory of the call: its buffer's address; null when the record asks for none.</summary>
    public void* Workspace;
    /// <summary>Where the workspace starts in its buffer, in bytes.</summary>
    public ulong WorkspaceOffset;
    /// <summary>Bytes of the workspace.</summary>
    public ulong WorkspaceBytes;
    /// <summary>What the kernel made for itself; null at first.</summary>
    public void* State;
    /// <summary>The number of elements of the first output.</summary>
    public long Elements;
    /// <summary>For a kernel that reports faults: four bytes of host memory that live as long as the device, where it writes <see cref="Number"/>, atomically,
    /// when an index leads outside (KER-25). Null otherwise.</summary>
    public void* Fault;
    /// <summary>A name for this call, NUL-terminated UTF-8; null when labels are off.</summary>
    public byte* Label;
    /// <summary>0, or 1 (size) and 2 (fill) for two-phase operators.</summary>
    public int Phase;
    /// <summary>The call's number for <see cref="Fault"/>; 0 where that is null.</summary>
    public int Number;
    /// <summary>The call's value on its queue's timeline; 0 on a synchronous device. A queue that fails later names it (QUE-12).</summary>
    public ulong Value;
}
