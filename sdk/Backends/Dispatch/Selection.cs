using Backends.Plugins;

namespace Backends;

/// <summary>The way chosen for a call.</summary>
internal readonly record struct Choice(Way Way, WayReason Reason, Candidate? Kernel = null, bool Copies = false, Device? Target = null);

/// <summary>The one place where a way is chosen (KER-4): calls and questions come here, so there is no second truth (CAP-1).</summary>
internal static class Selection
{
    /// <param name="call">A prepared call.</param>
    /// <param name="declined">A kernel that declined this call: it and those before it are passed over.</param>
    public static Choice Choose(Call call, Candidate? declined)
    {
        if (IsDecidedByEmptiness(call)) return new Choice(Way.Host, WayReason.None);
        var reason = declined is null ? WayReason.NoKernel : WayReason.Declined;
        var first = declined is null ? call.Device.Kernels.First(call.Operator, call.Combination) : declined.Next;
        if (declined is null && first is null && call.Device.Kernels.Count(call.Operator) > 0) reason = WayReason.DType;
        if (FirstThatFits(call, first, ref reason) is { } kernel) return kernel;
        if (Movement.IsPlain(call)) return new Choice(Way.Host, WayReason.None);
        if (call.Operator.Kind == OperatorKind.Decomposed) return new Choice(Way.Decomposed, reason);
        return Fallback.TargetFor(call) is { } target ? new Choice(Way.Fallback, reason, Target: target)
            : Fallback.HostCopies(call) ? new Choice(Way.Fallback, reason)
            : new Choice(Way.Unsupported, WayReason.ReferenceMissing);
    }

    // KER-15: nothing to compute, or nothing to compute from; no kernel is asked.
    private static bool IsDecidedByEmptiness(Call call) => call.HasOnlyEmptyOutputs || (call.HasEmptyInput && call.Operator.Kind == OperatorKind.Primitive);

    private static Choice? FirstThatFits(Call call, Candidate? first, ref WayReason reason)
    {
        Candidate? afterCopies = null;
        for (var kernel = first; kernel is not null; kernel = kernel.Next)
        {
            if (Obstacle(call, kernel) is { } obstacle)
            {
                reason = obstacle;
                continue;
            }
            bool asItIs = FitsLayout(call, kernel);
            if (!asItIs && (afterCopies is not null || call.Operator == CoreOperators.Copy)) continue;
            // The predicate is asked last, with the tensors as the kernel would get them.
            if (!KernelCall.AskPredicate(call, kernel, asItIs)) reason = WayReason.Predicate;
            else if (asItIs) return new Choice(Way.Native, WayReason.None, kernel);
            else afterCopies = kernel;
        }
        if (afterCopies is not null) return new Choice(Way.Native, WayReason.None, afterCopies, Copies: true);
        // A strided copy cannot be made contiguous by copying: that is the host's staging (MEM-15).
        if (call.Operator == CoreOperators.Copy && first is not null && reason is WayReason.NoKernel or WayReason.DType) reason = WayReason.Layout;
        return null;
    }

    // What no copy can change.
    private static WayReason? Obstacle(Call call, Candidate kernel)
    {
        var record = kernel.Record;
        // An older kernel is asked nothing that its version did not know: it may lack speed, never give the old answer to a new question (KER-20).
        if (record.MinVersion > call.Operator.Schema.Version || (call.GivenAttributes & call.Operator.Schema.NewerThan(record.Version)) != 0) return WayReason.AttributeTooNew;
        if (call.HasEmptyInput && !kernel.Takes(Accepts.Empty)) return WayReason.Layout;
        int rank = Math.Max(call.Inputs.Length == 0 ? 0 : call.Inputs.Max(t => t.Rank), call.Shapes.Max(s => s.Rank));
        if (rank > record.MaxRank) return WayReason.Rank;
        bool wide = call.Inputs.Any(t => !t.Layout.Is32Bit) || call.Shapes.Any(s => s.Elements >= int.MaxValue);
        return wide && !kernel.Takes(Accepts.LargeIndex) ? WayReason.IndexWidth : null;
    }

    private static bool FitsLayout(Call call, Candidate kernel)
    {
        foreach (var input in call.Inputs)
            if (!Fits(KernelCall.Expanded(call, input).Layout, kernel.LayoutClass) && !KernelCall.IsHostScalar(call, kernel, input)) return false;
        return call.Into.All(t => t is null || (Fits(t.Layout, kernel.LayoutClass) && call.IsWritable(t, kernel.InPlaceInputs)));
    }

    internal static bool Fits(Layout layout, Accepts layoutClass) => layoutClass switch
    {
        Accepts.AnyStrided => true,
        Accepts.Strided => layout.IsForward,
        _ => layout.IsContiguous,
    };
}
