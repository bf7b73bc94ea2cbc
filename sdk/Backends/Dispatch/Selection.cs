using Backends.Plugins;

namespace Backends;

/// <summary>The way chosen for a call.</summary>
internal readonly record struct Choice(Way Way, WayReason Reason, Candidate? Kernel = null, bool Copies = false, Device? Target = null);

/// <summary>The one place where a way is chosen (KER-4): calls and questions come here, so there is no second truth (CAP-1).</summary>
internal static class Selection
{
    public static Choice Choose(Call call)
    {
        if (IsDecidedByEmptiness(call)) return new Choice(Way.Host, WayReason.None);
        if (FirstThatFits(call, out var reason) is { } kernel) return kernel;
        if (Movement.IsPlain(call)) return new Choice(Way.Host, WayReason.None);
        if (call.Operator.Kind == OperatorKind.Decomposed) return new Choice(Way.Decomposed, reason);
        return Fallback.TargetFor(call) is { } target ? new Choice(Way.Fallback, reason, Target: target)
            : Fallback.HostCopies(call) ? new Choice(Way.Fallback, reason)
            : new Choice(Way.Unsupported, WayReason.ReferenceMissing);
    }

    // KER-15: nothing to compute, or nothing to compute from; no kernel is asked.
    private static bool IsDecidedByEmptiness(Call call) => call.HasOnlyEmptyOutputs || (call.HasEmptyInput && call.Operator.Kind == OperatorKind.Primitive);

    private static Choice? FirstThatFits(Call call, out WayReason reason)
    {
        Candidate? first = call.Device.Kernels.First(call.Operator, call.Combination), afterCopies = null;
        // Without a better reason: only copies get here that cannot be made to fit by copying.
        reason = first is null ? call.Device.Kernels.Count(call.Operator) > 0 ? WayReason.DType : WayReason.NoKernel : WayReason.Layout;
        for (var kernel = first; kernel is not null; kernel = kernel.Next)
        {
            if (call.Declined.Contains(kernel)) continue;
            if (Obstacle(call, kernel) is { } obstacle)
            {
                reason = obstacle;
                continue;
            }
            bool asItIs = FitsLayout(call, kernel);
            if (!asItIs && (afterCopies is not null || IsCircular(call, kernel))) continue;
            // The predicate is asked last, with the tensors as the kernel would get them.
            if (!KernelCall.AskPredicate(call, kernel)) reason = WayReason.Predicate;
            else if (asItIs) return new Choice(Way.Native, WayReason.None, kernel);
            else afterCopies = kernel;
        }
        if (call.Declined.Count > 0) reason = WayReason.Declined;
        return afterCopies is null ? null : new Choice(Way.Native, WayReason.None, afterCopies, Copies: true);
    }

    // What no copy can change.
    private static WayReason? Obstacle(Call call, Candidate kernel)
    {
        var record = kernel.Record;
        if (record.Determinism < call.Device.Determinism) return WayReason.Determinism;   // RND-5
        // An older kernel is asked nothing that its version did not know: it may lack speed, never give the old answer to a new question (KER-20).
        if (!kernel.IsOfVersion(call.Operator) || (call.GivenAttributes & call.Operator.Schema.NewerThan(record.Version)) != 0) return WayReason.AttributeTooNew;
        if (call.HasEmptyInput && !kernel.Takes(Accepts.Empty)) return WayReason.Layout;
        int rank = Math.Max(call.Layouts.Length == 0 ? 0 : call.Layouts.Max(l => l.Rank), call.Shapes.Max(s => s.Rank));
        if (rank > record.MaxRank) return WayReason.Rank;
        bool wide = call.Layouts.Any(l => !l.Is32Bit) || call.Shapes.Any(s => s.Elements >= int.MaxValue) || call.Into.Any(t => t is { Layout.Is32Bit: false });
        return wide && !kernel.Takes(Accepts.LargeIndex) ? WayReason.IndexWidth : null;
    }

    private static bool FitsLayout(Call call, Candidate kernel)
    {
        for (int i = 0; i < call.Inputs.Length; i++)
            if (!KernelCall.TakesAsItIs(call, kernel, i, out _)) return false;
        for (int i = 0; i < call.Into.Count; i++)
            if (call.Into[i] is not null && !KernelCall.IsDirect(call, kernel, i)) return false;
        return true;
    }

    // A copy is not brought into a layout by copies: that is the host's staging (MEM-15). One onto itself goes through a temporary (MEM-14).
    private static bool IsCircular(Call call, Candidate kernel) => call.Operator == CoreOperators.Copy
        && !(KernelCall.TakesAsItIs(call, kernel, 0, out _) && (call.Into[0] is not { } target || Fits(target.Layout, kernel.LayoutClass)));

    internal static bool Fits(Layout layout, Accepts layoutClass) => layoutClass switch
    {
        Accepts.AnyStrided => true,
        Accepts.Strided => layout.IsForward,
        _ => layout.IsContiguous,
    };
}
