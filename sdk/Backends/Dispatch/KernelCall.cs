using Backends.Plugins;

namespace Backends;

/// <summary>Runs a chosen kernel off the fast path: expands, copies into its layout, builds the frame, puts the result where it belongs.</summary>
internal static unsafe class KernelCall
{
    /// <summary>Runs it; on success the results are delivered, otherwise nothing of the caller's has changed.</summary>
    public static BackendStatus Run(Call call, Candidate kernel, out Exception? error, out Tensor[] results)
    {
        call.Promote();
        var inputs = new Tensor?[call.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = Arranged(call, kernel, i);
        return call.Operator.Schema.Phases == 2 ? RunTwoPhases(call, kernel, inputs, out error, out results) : RunOnce(call, kernel, inputs, out error, out results);
    }

    /// <summary>Asks a kernel's predicate with null data (KER-5), about the very layouts that the kernel would get.</summary>
    public static bool AskPredicate(Call call, Candidate kernel)
    {
        if (kernel.Record.When == null && kernel.Record.WhenNative == null) return true;
        var inputs = new Layout[call.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = TakesAsItIs(call, kernel, i, out var layout) ? layout : Layout.Contiguous(layout.Shape);
        var outputs = new Layout[call.Shapes.Length];
        for (int i = 0; i < outputs.Length; i++) outputs[i] = IsDirect(call, kernel, i) ? call.Into[i]!.Layout : Layout.Contiguous(call.Shapes[i]);
        using var frame = new FrameBuilder(call, inputs, call.InputTypes, outputs, call.OutputTypes);
        return kernel.Approves(frame.Frame);
    }

    /// <summary>Whether an input reaches the kernel without a copy, and how it lies then.</summary>
    public static bool TakesAsItIs(Call call, Candidate kernel, int input, out Layout layout)
    {
        layout = call.Layouts[input];
        if (call.Inputs[input] is null) return true;
        // A single number in host memory (KER-17) stays one.
        bool hostScalar = call.Layouts[input].Rank == 0 && call.IsPointwise && kernel.Takes(Accepts.HostScalars) && call.Device.IsHostAccessible;
        layout = hostScalar ? call.Layouts[input] : call.Stretched(input);
        return hostScalar || Selection.Fits(layout, kernel.LayoutClass);
    }

    /// <summary>Whether the kernel writes to the caller's target itself, instead of a copy at the end.</summary>
    public static bool IsDirect(Call call, Candidate kernel, int output) =>
        call.Into[output] is { } target && Selection.Fits(target.Layout, kernel.LayoutClass) && call.IsWritable(target, kernel.InPlaceInputs);

    private static Tensor? Arranged(Call call, Candidate kernel, int i)
    {
        if (call.Inputs[i] is not { } input) return null;
        bool asItIs = TakesAsItIs(call, kernel, i, out var layout);
        if (layout.Shape != input.Shape) input = call.Temporary(input.View(layout, 0));
        return asItIs ? input : call.Temporary(Ops.Copy(input));
    }

    private static BackendStatus RunOnce(Call call, Candidate kernel, Tensor?[] inputs, out Exception? error, out Tensor[] results)
    {
        var written = results = new Tensor[call.Shapes.Length];
        for (int i = 0; i < written.Length; i++) written[i] = IsDirect(call, kernel, i) ? call.Into[i]! : call.Device.Empty(call.Shapes[i], call.OutputTypes[i]);
        var status = Execute(call, kernel, inputs, written, 0, out error);
        for (int i = 0; i < written.Length; i++)
        {
            bool isTarget = ReferenceEquals(written[i], call.Into[i]);
            if (isTarget && status == BackendStatus.Ok) written[i].Storage.NoteWrite(written[i]);
            else if (!isTarget && status != BackendStatus.Ok) call.Temporary(written[i]);
        }
        if (status == BackendStatus.Ok) results = call.Deliver(written);
        return status;
    }

    // KER-28: phase 1 writes how many rows there are; the host waits, allocates, and phase 2 fills them.
    private static BackendStatus RunTwoPhases(Call call, Candidate kernel, Tensor?[] inputs, out Exception? error, out Tensor[] results)
    {
        results = [];
        using var extent = call.Device.Empty([1], DType.I64);
        var status = Execute(call, kernel, inputs, [extent], 1, out error);
        if (status != BackendStatus.Ok) return status;
        long bound = call.Shapes[0][0], rows = Extent(extent);
        if (rows < 0 || rows > bound)
        {
            error = new BackendException(BackendStatus.Internal, $"phase 1 gave an extent of {rows}, at most {bound} is possible");
            return BackendStatus.Internal;
        }
        results = [.. call.Shapes.Select((s, i) => call.Device.Empty(Shape.Create([rows, .. s.AsSpan()[1..]]), call.OutputTypes[i]))];
        error = null;
        if (results.All(t => t.Elements == 0)) return BackendStatus.Ok;
        status = Execute(call, kernel, inputs, results, 2, out error);
        if (status == BackendStatus.Ok) return status;
        foreach (var result in results) call.Temporary(result);
        return status;
    }

    private static long Extent(Tensor tensor)
    {
        long extent;
        Transfer.ToHost(tensor, (byte*)&extent, WaitCause.TwoPhase);
        return extent;
    }

    private static BackendStatus Execute(Call call, Candidate kernel, Tensor?[] inputs, Tensor[] outputs, int phase, out Exception? error)
    {
        using var frame = new FrameBuilder(call, [.. inputs.Select(t => t?.Layout ?? Layout.Contiguous(Shape.Scalar))], call.InputTypes,
            [.. outputs.Select(t => t.Layout)], [.. outputs.Select(t => t.DType)]);
        frame.Frame->Phase = phase;
        if (kernel.Takes(Accepts.ReportsFaults)) call.Device.Faults.Offer(frame.Frame, call.Operator);
        var accesses = new Access[call.Given.Count() + outputs.Length];
        int given = 0;
        var share = DeviceShare.Of(call.Device);
        share.Enter();
        try
        {
            for (int i = 0; i < inputs.Length; i++)
                if (inputs[i] is { } input) accesses[given++] = Access.Reading(share, input, frame.Frame->Inputs[i]);
            for (int i = 0; i < outputs.Length; i++) accesses[given + i] = Access.Writing(share, outputs[i], frame.Frame->Outputs[i]);
            return call.Device.Submissions is { } submissions
                ? submissions.Submit(share, kernel, frame.Frame, accesses, call.Operator.Name, call.Types.Length == 0 ? DType.None : call.Types[0], inputs.OfType<Tensor>().Select(t => t.Layout).ToArray(), out error)
                : kernel.Run(frame.Frame, out error);
        }
        finally
        {
            share.Leave();
            GC.KeepAlive(accesses);
        }
    }
}
