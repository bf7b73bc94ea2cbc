namespace Backends.Plugins;

/// <summary>How a device behaves (DIS-5).</summary>
[Flags]
public enum DeviceTraits
{
    /// <summary>An asynchronous device with memory of its own.</summary>
    None = 0,
    /// <summary>Every call has taken effect when it returns (QUE-10).</summary>
    Synchronous = 1,
    /// <summary>Addresses are pointers: an offset may be added (MEM-3).</summary>
    LinearAddresses = 2,
    /// <summary>The host may read and write through the address (MEM-5).</summary>
    HostAccessible = 4,
    /// <summary>Host accesses need no map and unmap.</summary>
    Coherent = 8,
    /// <summary>When it is lost, closing and opening it may bring it back.</summary>
    Recoverable = 16,
}

/// <summary>What kind of hardware a device is. Append-only; an unknown one counts as <see cref="Other"/>.</summary>
public enum DeviceKind
{
    /// <summary>None of the others.</summary>
    Other = 0,
    /// <summary>A processor that runs the host's own code.</summary>
    Cpu = 1,
    /// <summary>A graphics processor.</summary>
    Gpu = 2,
    /// <summary>An accelerator made for tensors.</summary>
    Accelerator = 3,
}

/// <summary>What a device says of itself; the same before and after it is opened (DIS-5). Equal when all that is said is.</summary>
public sealed record DeviceInfo
{
    /// <summary>What a device string without options asks for.</summary>
    public static IReadOnlyDictionary<string, string> NoOptions { get; } = new Dictionary<string, string>();

    /// <summary>The device's name for people, for example <c>Acme A1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its number among the backend's devices, as in <c>acme:1</c>. The host counts (DIS-7): what a plugin says here is not read.</summary>
    public int Ordinal { get; init; }

    /// <summary>What kind of hardware it is.</summary>
    public DeviceKind Kind { get; init; }

    /// <summary>The maker's number, of PCI where there is one; 0 for none.</summary>
    public uint VendorId { get; init; }

    /// <summary>The maker's number for the model; 0 for none.</summary>
    public uint DeviceId { get; init; }

    /// <summary>The hardware's own id, the same in every process, after reboot and driver update; partitions of one chip have different ones (DIS-6). Empty for none.</summary>
    public Guid Uuid { get; init; }

    /// <summary>Where it sits: <c>0000:65:00.0</c>, in hex with small letters; empty when it is on no PCI bus.</summary>
    public string PciAddress { get; init; } = "";

    /// <summary>Whether nothing tells this hardware from another one of its kind: neither uuid nor PCI address (DIS-6).</summary>
    public bool IsUnstable => Uuid == Guid.Empty && PciAddress.Length == 0;

    /// <summary>The driver's version; empty when there is none.</summary>
    public string DriverVersion { get; init; } = "";

    /// <summary>Dtypes that can be stored and moved. Null: all.</summary>
    public IReadOnlyList<DType>? StoredDTypes { get; init; }

    /// <summary>Dtypes that kernels compute with. Null: all that can be stored.</summary>
    public IReadOnlyList<DType>? ComputedDTypes { get; init; }

    /// <summary>What every allocation is aligned to, in bytes: a power of two, 256 or more (MEM-2).</summary>
    public uint Alignment { get; init; } = 256;

    /// <summary>Bytes of memory; <see cref="ulong.MaxValue"/> when unknown.</summary>
    public ulong TotalMemory { get; init; } = ulong.MaxValue;

    /// <summary>The largest single allocation, in bytes.</summary>
    public ulong LargestAllocation { get; init; } = ulong.MaxValue;

    /// <summary>How the device behaves.</summary>
    public DeviceTraits Traits { get; init; }

    /// <summary>The options that open takes, by name, as a device string writes them (<c>acme:0?channel=2</c>): others are refused by the host (DIS-9).</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Dtypes whose subnormals kernels may flush to zero.</summary>
    public IReadOnlyList<DType> FlushesSubnormals { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(DeviceInfo? other) =>
        other is not null && (Ordinal, Name, Kind, VendorId, DeviceId, Uuid, PciAddress) == (other.Ordinal, other.Name, other.Kind, other.VendorId, other.DeviceId, other.Uuid, other.PciAddress)
        && (DriverVersion, Alignment, TotalMemory, LargestAllocation, Traits) == (other.DriverVersion, other.Alignment, other.TotalMemory, other.LargestAllocation, other.Traits)
        && Same(StoredDTypes, other.StoredDTypes) && Same(ComputedDTypes, other.ComputedDTypes) && Same(Options, other.Options) && Same(FlushesSubnormals, other.FlushesSubnormals);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Ordinal, Name, Kind, Uuid, PciAddress, TotalMemory);

    private static bool Same<T>(IReadOnlyList<T>? a, IReadOnlyList<T>? b) => a is null || b is null ? a is null && b is null : a.SequenceEqual(b);
}
