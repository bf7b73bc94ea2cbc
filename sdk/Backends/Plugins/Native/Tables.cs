using System.Runtime.InteropServices;

namespace Backends.Plugins.Native;

// The tables of backends/backend.h, field by field; the header says what they mean, a test compares the layouts with the C compiler's.
// Fields are only added at the end, and FirstSize never changes: it is the size that the struct had in contract 1.0 (ABI-5).

/// <summary>A table that a plugin fills.</summary>
internal interface INativeTable
{
    /// <summary>Its name in C.</summary>
    static abstract string Name { get; }

    /// <summary>Its size in contract 1.0.</summary>
    static abstract int FirstSize { get; }
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BkHost
{
    public uint StructSize;
    public uint Contract;
    public delegate* unmanaged[Cdecl]<BkHost*, int, int, byte*, void> Fail;
    public delegate* unmanaged[Cdecl]<BkHost*, int, int, byte*, void> Log;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BkKernel : INativeTable
{
    public uint StructSize;
    public uint Reserved;
    public byte* Op;
    public int Dtype;
    public int TypeCount;
    public int* Types;
    public int Accepts;
    public int MaxRank;
    public int MinVersion;
    public int Version;
    public int Determinism;
    public int Priority;
    public byte* Name;
    public delegate* unmanaged[Cdecl]<CallFrame*, int> Run;
    public delegate* unmanaged[Cdecl]<CallFrame*, int> Predicate;

    static string INativeTable.Name => "bk_kernel";
    static int INativeTable.FirstSize => 80;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BkDevice : INativeTable
{
    public const int HostMemory = 1, OwnMemory = 2;

    public uint StructSize;
    public uint Reserved;
    public byte* Name;
    public byte* DriverVersion;
    public byte* PciAddress;
    public fixed byte Uuid[16];
    public int Kind;
    public uint VendorId;
    public uint DeviceId;
    public uint Reserved2;
    public ulong StoredDtypes;
    public ulong ComputedDtypes;
    public ulong FlushedDtypes;
    public ulong Alignment;
    public ulong TotalMemory;
    public ulong LargestAllocation;
    public int Memory;
    public int Flags;
    public void* Context;
    public BkKernel* Kernels;
    public ulong KernelCount;
    public byte** Options;
    public ulong OptionCount;
    public delegate* unmanaged[Cdecl]<void*, BkHost*, BkOptions*, int> Open;
    public delegate* unmanaged[Cdecl]<void*, void> Close;
    public delegate* unmanaged[Cdecl]<void*, ulong, void**, int> Allocate;
    public delegate* unmanaged[Cdecl]<void*, void*, void> Free;
    public delegate* unmanaged[Cdecl]<void*, BkQueue**, int> CreateQueue;

    static string INativeTable.Name => "bk_device";
    static int INativeTable.FirstSize => 200;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BkOptions
{
    public uint StructSize;
    public uint Count;
    public byte** Names;
    public byte** Values;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BkCopy
{
    public const uint FromHost = 1, ToHost = 2, Stable = 4;

    public uint StructSize;
    public uint Flags;
    public void* Source;
    public ulong SourceOffset;
    public void* Target;
    public ulong TargetOffset;
    public ulong Length;
    public ulong Value;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BkFailure
{
    public uint StructSize;
    public int Status;
    public ulong Value;
    public int VendorCode;
    public int Reserved;
    public byte* Text;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BkQueue : INativeTable
{
    public uint StructSize;
    public uint Reserved;
    public void* Context;
    public delegate* unmanaged[Cdecl]<void*, BkCopy*, int> Copy;
    public delegate* unmanaged[Cdecl]<void*, void*, ulong, int> Wait;
    public delegate* unmanaged[Cdecl]<void*, ulong, int> Signal;
    public delegate* unmanaged[Cdecl]<void*, void> Flush;
    public delegate* unmanaged[Cdecl]<void*, ulong> Reached;
    public delegate* unmanaged[Cdecl]<void*, ulong, long, int> HostWait;
    public delegate* unmanaged[Cdecl]<void*, BkFailure*, int> Failure;
    public delegate* unmanaged[Cdecl]<void*, void> Destroy;

    static string INativeTable.Name => "bk_queue";
    static int INativeTable.FirstSize => 80;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BkDiscovery
{
    public uint StructSize;
    public uint Reserved;
    public delegate* unmanaged[Cdecl]<BkDiscovery*, BkDevice*, int> Offer;
    public delegate* unmanaged[Cdecl]<BkDiscovery*, int, byte*, byte*, int> Reject;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BkBackend : INativeTable
{
    public uint StructSize;
    public uint Contract;
    public uint Needed;
    public uint Reserved;
    public byte* Name;
    public byte* Version;
    public delegate* unmanaged[Cdecl]<BkDiscovery*, int> Discover;
    public delegate* unmanaged[Cdecl]<void> End;

    static string INativeTable.Name => "bk_backend";
    static int INativeTable.FirstSize => 48;
}
