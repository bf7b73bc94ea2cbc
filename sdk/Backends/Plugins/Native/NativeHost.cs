using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backends.Plugins.Native;

/// <summary>The host's services to native plugins: one table for the life of the process (<c>bk_host</c>).</summary>
internal static unsafe class NativeHost
{
    /// <summary>The table; <see cref="CallFrame.Host"/> carries it.</summary>
    public static BkHost* Table { get; } = Make();

    private static BkHost* Make()
    {
        var table = (BkHost*)NativeMemory.AllocZeroed((nuint)sizeof(BkHost));
        table->StructSize = (uint)sizeof(BkHost);
        table->Contract = ContractVersion.Host.Packed;
        table->Fail = &NativeFailure.Report;
        return table;
    }
}

/// <summary>
/// What a native plugin says of a call that fails (KER-23). It is said on the calling thread before the call returns, so one place a thread
/// holds it until the caller, who sees the status, takes it.
/// </summary>
internal static unsafe class NativeFailure
{
    [ThreadStatic] private static int t_vendorCode;
    [ThreadStatic] private static string? t_text;

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
        Take(out int vendorCode, out string? text);
        text ??= $"{call} returned {status}";
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
            (t_vendorCode, t_text) = (vendorCode, NativeTable.Text(text));
        }
        catch (OutOfMemoryException)
        {
            (t_vendorCode, t_text) = (vendorCode, null);
        }
    }
}
