using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backends.Plugins.Native;

/// <summary>The host's services to native plugins: one table for each plugin, for the life of the process (<c>bk_host</c>).</summary>
internal static unsafe class NativeHost
{
    // The plugin sees the table; what follows it is the host's.
    private struct Services
    {
        public BkHost Table;
        public nint Self;
    }

    /// <summary>The table of nobody in particular: what managed kernels' frames carry, who have their device's services.</summary>
    public static BkHost* Table { get; } = Make(HostServices.None);

    /// <summary>A table by which a plugin reaches its services. Nobody frees it: code that stays mapped may hold it (OBJ-12).</summary>
    public static BkHost* Make(HostServices services)
    {
        var made = (Services*)NativeMemory.AllocZeroed((nuint)sizeof(Services));
        made->Table.StructSize = (uint)sizeof(BkHost);
        made->Table.Contract = ContractVersion.Host.Packed;
        made->Table.Fail = &NativeFailure.Report;
        made->Table.Log = &Log;
        made->Self = GCHandle.ToIntPtr(GCHandle.Alloc(services));
        return &made->Table;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Log(BkHost* host, int level, int eventId, byte* text)
    {
        try
        {
            ((HostServices)GCHandle.FromIntPtr(((Services*)host)->Self).Target!).Log((PluginLogLevel)level, eventId, NativeTable.Text(text) ?? "");
        }
        catch (OutOfMemoryException)   // nothing may fly through the plugin (ABI-9): the words are lost
        {
        }
    }
}

/// <summary>
/// What a native plugin says of a call that fails (KER-23). It is said on the calling thread before the call returns, so one place a thread
/// holds it until the caller, who sees the status, takes it. What a call reports and then returns as success would be taken for the words of
/// a later failure: so contract calls forget first, and words that came with another status than the call's say so.
/// </summary>
internal static unsafe class NativeFailure
{
    [ThreadStatic] private static int t_status;
    [ThreadStatic] private static int t_vendorCode;
    [ThreadStatic] private static string? t_text;

    /// <summary>Before a call that may fail: what an earlier one left is not its reason.</summary>
    public static void Forget()
    {
        if (t_text is not null || t_vendorCode != 0) Take(out _, out _);
    }

    /// <summary>After a call of a slot: throws when it failed, with the plugin's words.</summary>
    /// <param name="call">The slot, for example <c>open</c>.</param>
    /// <param name="returned">What it returned.</param>
    public static void ThrowUnlessOk(string call, int returned)
    {
        if (returned != (int)BackendStatus.Ok) throw Taken(call, returned);
    }

    /// <summary>A failure as an exception, with the plugin's words; they are taken.</summary>
    /// <param name="call">What was called.</param>
    /// <param name="returned">What it returned.</param>
    public static BackendException Taken(string call, int returned)
    {
        var status = Status(returned);
        return new BackendException(status, TakeText(call, status));
    }

    /// <summary>Takes the words of the call that has just failed on this thread; a second take gives none.</summary>
    public static void Take(out int vendorCode, out string? text)
    {
        (vendorCode, text) = (t_vendorCode, t_text);
        (t_vendorCode, t_text) = (0, null);
    }

    /// <summary>Takes the words, or makes some: for calls whose failure is shown by text alone.</summary>
    /// <param name="call">What was called, for example <c>discover</c>.</param>
    /// <param name="status">What it returned.</param>
    public static string TakeText(string call, BackendStatus status)
    {
        var reported = Status(t_status);
        Take(out int vendorCode, out string? text);
        if (text is null) text = $"{call} returned {status}";
        else if (reported != status) text += $" (reported as {reported})";
        return vendorCode == 0 ? text : $"{text} (vendor code {vendorCode})";
    }

    /// <summary>A status as a plugin returned it; an unknown one counts as internal.</summary>
    public static BackendStatus Status(int status) => status is >= 0 and <= (int)BackendStatus.Internal ? (BackendStatus)status : BackendStatus.Internal;

    // bk_host.fail. An exception that left here would end the process: short of memory, the words are lost and the status stays.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static void Report(BkHost* host, int status, int vendorCode, byte* text)
    {
        try
        {
            (t_status, t_vendorCode, t_text) = (status, vendorCode, NativeTable.Text(text));
        }
        catch (OutOfMemoryException)
        {
            (t_status, t_vendorCode, t_text) = (status, vendorCode, null);
        }
    }
}
