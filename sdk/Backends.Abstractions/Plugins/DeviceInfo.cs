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
}

/// <summary>What a device says of itself; the same before and after it is opened (DIS-5).</summary>
public sealed record DeviceInfo
{
    /// <summary>What a device string without options asks for.</summary>
    public static IReadOnlyDictionary<string, string> NoOptions { get; } = new Dictionary<string, string>();

    /// <summary>The device's name for people, for example <c>Acme A1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The driver's version; empty when there is none.</summary>
    public string DriverVersion { get; init; } = "";

    /// <summary>Dtypes that can be stored and moved. Null: all.</summary>
    public IReadOnlyList<DType>? StoredDTypes { get; init; }

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
}
