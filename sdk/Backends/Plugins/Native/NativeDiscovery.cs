using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backends.Plugins.Native;

/// <summary>One call of <c>discover</c>: takes the plugin's offers and rejections (DIS-2). A bad offer is refused alone.</summary>
internal sealed unsafe class NativeDiscovery(string backend, BkHost* host, Discovery discovery)
{
    private const ulong MostKernels = 1 << 16;
    private const ulong MostOptions = 1 << 8;
    private const DeviceTraits HostMemory = DeviceTraits.Synchronous | DeviceTraits.LinearAddresses | DeviceTraits.HostAccessible | DeviceTraits.Coherent;

    // The plugin sees the table; what follows it is the host's.
    private struct Call
    {
        public BkDiscovery Table;
        public nint Self;
    }

    /// <summary>Whether a device was offered and refused: the reason is listed.</summary>
    public bool HasRefused { get; private set; }

    /// <summary>Calls the plugin.</summary>
    public BackendStatus Run(delegate* unmanaged[Cdecl]<BkDiscovery*, int> discover)
    {
        var self = GCHandle.Alloc(this);
        try
        {
            var call = new Call { Self = GCHandle.ToIntPtr(self) };
            call.Table.StructSize = (uint)sizeof(BkDiscovery);
            call.Table.Offer = &Offer;
            call.Table.Reject = &Reject;
            NativeFailure.Forget();
            return NativeFailure.Status(discover(&call.Table));
        }
        finally
        {
            self.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Offer(BkDiscovery* call, BkDevice* device) => (int)Of(call).Take(device);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Reject(BkDiscovery* call, int code, byte* subject, byte* text)
    {
        try
        {
            Of(call).Reject(NativeTable.Text(subject), NativeTable.Text(text) ?? "", (AbsenceCode)code);
            return (int)BackendStatus.Ok;
        }
        catch (OutOfMemoryException)
        {
            return (int)BackendStatus.OutOfMemory;
        }
    }

    private static NativeDiscovery Of(BkDiscovery* call) => (NativeDiscovery)GCHandle.FromIntPtr(((Call*)call)->Self).Target!;

    private void Reject(string? subject, string text, AbsenceCode code, string remedy = "") => discovery.Reject(subject ?? backend, text, code, remedy);

    private BackendStatus Take(BkDevice* offered)
    {
        try
        {
            discovery.Offer(Read(offered));
            return BackendStatus.Ok;
        }
        catch (PluginLoadException e)
        {
            HasRefused = true;
            Reject(backend, e.Message, e.Code, e.Remedy);
            return BackendStatus.InvalidArgument;
        }
        catch (OutOfMemoryException)   // nothing may fly through the plugin (ABI-9)
        {
            return BackendStatus.OutOfMemory;
        }
    }

    private NativeDevice Read(BkDevice* offered)
    {
        var table = NativeTable.Read(offered);
        NativeTable.Require<BkDevice>(table.Name, "name");
        if (table.Memory is not (BkDevice.HostMemory or BkDevice.OwnMemory)) throw NativeTable.Invalid($"table bk_device: slot memory is {table.Memory}");
        if (table.Memory == BkDevice.OwnMemory)
        {
            NativeTable.Require<BkDevice>(table.Allocate, "allocate");
            NativeTable.Require<BkDevice>(table.Free, "free");
            NativeTable.Require<BkDevice>(table.CreateQueue, "create_queue");
        }
        if (table.Alignment != 0 && (table.Alignment is < 256 or > 1 << 30 || !BitOperations.IsPow2(table.Alignment)))
            throw NativeTable.Invalid($"table bk_device: slot alignment is {table.Alignment}, no power of two from 256 on");
        if (table.KernelCount > MostKernels) throw NativeTable.Invalid($"table bk_device: slot kernel_count is {table.KernelCount}");
        if (table.KernelCount > 0) NativeTable.Require<BkDevice>(table.Kernels, "kernels");
        if (table.OptionCount > MostOptions) throw NativeTable.Invalid($"table bk_device: slot option_count is {table.OptionCount}");
        if (table.OptionCount > 0) NativeTable.Require<BkDevice>(table.Options, "options");
        return new NativeDevice(Info(table), table, offered, backend, host);
    }

    /// <summary>What a table says.</summary>
    public static DeviceInfo Info(BkDevice table) => new()
    {
        Name = NativeTable.Text(table.Name)!,
        Kind = table.Kind is >= 0 and <= (int)DeviceKind.Accelerator ? (DeviceKind)table.Kind : DeviceKind.Other,
        VendorId = table.VendorId,
        DeviceId = table.DeviceId,
        Uuid = new Guid(new ReadOnlySpan<byte>(table.Uuid, 16), bigEndian: true),
        PciAddress = NativeTable.Text(table.PciAddress) ?? "",
        DriverVersion = NativeTable.Text(table.DriverVersion) ?? "",
        StoredDTypes = table.StoredDtypes == 0 ? null : Set(table.StoredDtypes),
        ComputedDTypes = table.ComputedDtypes == 0 ? null : Set(table.ComputedDtypes),
        FlushesSubnormals = Set(table.FlushedDtypes),
        Alignment = table.Alignment == 0 ? 256 : (uint)table.Alignment,
        TotalMemory = table.TotalMemory == 0 ? ulong.MaxValue : table.TotalMemory,
        LargestAllocation = table.LargestAllocation == 0 ? ulong.MaxValue : table.LargestAllocation,
        Traits = (DeviceTraits)table.Flags & (HostMemory | DeviceTraits.Recoverable) | (table.Memory == BkDevice.HostMemory ? HostMemory : 0),   // flags of a newer contract are not used
        Options = Texts(table.Options, table.OptionCount),
    };

    private static string[] Texts(byte** texts, ulong count)
    {
        var all = new string[count];
        for (int i = 0; i < all.Length; i++) all[i] = NativeTable.Text(texts[i]) ?? throw NativeTable.Invalid($"table bk_device: options[{i}] is NULL");
        return all;
    }

    // Bits of dtypes that this host does not know are left out: it has no tensors of them.
    private static DType[] Set(ulong bits) => [.. DTypes.All.Where(d => (bits >> (int)d & 1) != 0)];
}
