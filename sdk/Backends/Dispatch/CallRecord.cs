namespace Backends;

/// <summary>Which way a call took.</summary>
public enum Way
{
    /// <summary>A kernel of the device.</summary>
    Native,
    /// <summary>The operator's decomposition, on the device.</summary>
    Decomposed,
    /// <summary>Another device (or the host, for a copy), with copies.</summary>
    Fallback,
    /// <summary>The host alone: views, results without elements.</summary>
    Host,
    /// <summary>No way at all.</summary>
    Unsupported,
}

/// <summary>Why a call did not take a kernel (CAP-3).</summary>
public enum WayReason
{
    /// <summary>It took one.</summary>
    None,
    /// <summary>The device has no kernel for the operator.</summary>
    NoKernel,
    /// <summary>It has, for other dtypes.</summary>
    DType,
    /// <summary>The layout fits none, and copies would not help.</summary>
    Layout,
    /// <summary>The rank is too high.</summary>
    Rank,
    /// <summary>An offset needs 64 bits (KER-19).</summary>
    IndexWidth,
    /// <summary>The kernel's predicate said no.</summary>
    Predicate,
    /// <summary>An attribute is newer than the kernel (KER-20).</summary>
    AttributeTooNew,
    /// <summary>The kernel declined at the call.</summary>
    Declined,
    /// <summary>There is no device to fall back to.</summary>
    ReferenceMissing,
    /// <summary>Results must repeat further than the kernel promises (RND-5).</summary>
    Determinism,
}

/// <summary>One dispatched call (OBS-5).</summary>
/// <param name="Number">Counts up within the device.</param>
/// <param name="Operator">The operator's name.</param>
/// <param name="Way">The way it took.</param>
/// <param name="Reason">Why no kernel was taken; <see cref="WayReason.None"/> if one was.</param>
/// <param name="Kernel">The kernel's name, or the device it fell back to, or empty.</param>
/// <param name="Plugin">The plugin's name and version.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Parts">The calls inside this one: parts of a decomposition, and copies made for a kernel.</param>
public sealed record CallRecord(long Number, string Operator, Way Way, WayReason Reason, string Kernel, string Plugin, string Device, IReadOnlyList<CallRecord> Parts);

/// <summary>Which way a call would take (CAP-1): the dispatcher's own choice, asked without calling.</summary>
/// <param name="Way">The way.</param>
/// <param name="Kernel">The kernel's name; the operators of a decomposition; the device to fall back to.</param>
/// <param name="Reason">Why no kernel is taken.</param>
/// <param name="Copies">Whether tensors are copied first, into the layout that the kernel takes.</param>
public sealed record Explanation(Way Way, string Kernel, WayReason Reason, bool Copies)
{
    /// <summary>For example <c>decomposed: amax sub exp sum div  because: no kernel</c>.</summary>
    public override string ToString() => Reason == WayReason.None
        ? $"{Way.ToString().ToLowerInvariant()} {Kernel}{(Copies ? " (after copies)" : "")}".TrimEnd()
        : $"{Way.ToString().ToLowerInvariant()}{(Kernel.Length > 0 ? $": {Kernel}" : "")}  because: {Words(Reason)}";

    internal static string Words(WayReason reason) => reason switch
    {
        WayReason.NoKernel => "no kernel",
        WayReason.DType => "no kernel for this dtype",
        WayReason.Layout => "no kernel takes this layout",
        WayReason.Rank => "no kernel takes this rank",
        WayReason.IndexWidth => "no kernel with 64-bit index",
        WayReason.Predicate => "the kernel's When says no",
        WayReason.AttributeTooNew => "the kernel is older than an attribute",
        WayReason.Declined => "the kernel declined",
        WayReason.ReferenceMissing => "no device to fall back to",
        WayReason.Determinism => "no kernel repeats as far as it must",
        _ => "",
    };
}
