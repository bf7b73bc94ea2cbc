using Backends.Plugins;

namespace Backends;

/// <summary>Runs a chosen kernel off the fast path: expands, copies into its layout, builds the frame, puts the result where it belongs.</summary>
internal static unsafe class KernelCall
{
    /// <summary>Runs it; on success the results are delivered, otherwise nothing of the caller's has changed.</summary>
    public static BackendStatus Run(Call call, Candidate kernel, out Exception? error, out Tensor[] results)
    {
        var inputs = Array.ConvertAll(call.Inputs, t => Arranged(call, kernel, t));
        return call.Operator.Schema.Phases == 2 ? RunTwoPhases(call, kernel, inputs, out error, out results) : RunOnce(call, kernel, inputs, out error, out results);
    }

    /// <summary>Asks a kernel's predicate with null data (KER-5).</summary>
    public static bool AskPredicate(Call call, Candidate kernel, bool asItIs)
    {
        if (kernel.Record.When == null && kernel.Record.WhenNative == null) return true;
        var inputs = Array.ConvertAll(call.Inputs, t => Expanded(call, t).Layout);
        if (!asItIs) inputs = Array.ConvertAll(inputs, l => Layout.Contiguous(l.Shape));
        var outputs = new Layout[call.Shapes.Length];
        for (int i = 0; i < outputs.Length; i++) outputs[i] = asItIs && call.Into[i] is { } target ? target.Layout : Layout.Contiguous(call.Shapes[i]);
        using var frame = new FrameBuilder(call, inputs, [.. call.Inputs.Select(t => t.DType)], outputs, call.OutputTypes);
        return kernel.Approves(frame.Frame);
    }

    /// <summary>For pointwise operators an input stretched to the result's shape; kernels never broadcast by themselves.</summary>
    public static Tensor Expanded(Call call, Tensor input) =>
        call.Operator.Schema.Shape.Name == "broadcast" && input.Shape != call.Shapes[0]
            ? call.Temporary(input.View(input.Layout.Expand(call.Shapes[0]), 0)) : input;

    /// <summary>Whether an input goes to the kernel as a single number in host memory (KER-17).</summary>
    public static bool IsHostScalar(Call call, Candidate kernel, Tensor input) =>
        input.Rank == 0 && kernel.Takes(Accepts.HostScalars) && call.Device.IsHostAccessible && call.Operator.Schema.Shape.Name == "broadcast";

    private static Tensor Arranged(Call call, Candidate kernel, Tensor input)
    {
        if (IsHostScalar(call, kernel, input)) return input;
        var expanded = Expanded(call, input);
        return Selection.Fits(expanded.Layout, kernel.LayoutClass) ? expanded : call.Temporary(Ops.Copy(expanded));
    }

    private static BackendStatus RunOnce(Call call, Candidate kernel, Tensor[] inputs, out Exception? error, out Tensor[] results)
    {
        // A target that the kernel cannot write to directly is written by a copy at the end.
        var written = new Tensor[call.Shapes.Length];
        for (int i = 0; i < written.Length; i++)
        {
            bool direct = call.Into[i] is { } target && Selection.Fits(target.Layout, kernel.LayoutClass) && call.IsWritable(target, kernel.InPlaceInputs);
            written[i] = direct ? call.Into[i]! : call.Device.Empty(call.Shapes[i], call.OutputTypes[i]);
        }
        results = written;
        var status = Execute(call, kernel, inputs, written, 0, out error);
        if (status != BackendStatus.Ok) return status;
        for (int i = 0; i < written.Length; i++)
        {
            written[i].Storage.Version++;
            if (call.Into[i] is not { } target || ReferenceEquals(target, written[i])) continue;
            call.Temporary(written[i]);
            Ops.Copy(written[i], into: target);
            written[i] = target;
        }
        return status;
    }

    // KER-28: phase 1 writes how many rows there are; the host waits, allocates, and phase 2 fills them.
    private static BackendStatus RunTwoPhases(Call call, Candidate kernel, Tensor[] inputs, out Exception? error, out Tensor[] results)
    {
        results = [];
        using var extent = call.Device.Empty([1], DType.I64);
        var status = Execute(call, kernel, inputs, [extent], 1, out error);
        if (status != BackendStatus.Ok) return status;
        long bound = call.Shapes[0][0], rows = extent.ToScalar<long>();
        if (rows < 0 || rows > bound)
        {
            error = new BackendException(BackendStatus.Internal, $"phase 1 gave an extent of {rows}, at most {bound} is possible");
            return BackendStatus.Internal;
        }
        results = [.. call.Shapes.Select((s, i) => call.Device.Empty(Shape.Create([rows, .. s.AsSpan()[1..]]), call.OutputTypes[i]))];
        error = null;
        return results.All(t => t.Elements == 0) ? BackendStatus.Ok : Execute(call, kernel, inputs, results, 2, out error);
    }

    private static BackendStatus Execute(Call call, Candidate kernel, Tensor[] inputs, Tensor[] outputs, int phase, out Exception? error)
    {
        using var frame = new FrameBuilder(call, [.. inputs.Select(t => t.Layout)], [.. inputs.Select(t => t.DType)],
            [.. outputs.Select(t => t.Layout)], [.. outputs.Select(t => t.DType)]);
        for (int i = 0; i < inputs.Length; i++) FrameBuilder.SetData(frame.Frame->Inputs[i], inputs[i]);
        for (int i = 0; i < outputs.Length; i++) FrameBuilder.SetData(frame.Frame->Outputs[i], outputs[i]);
        frame.Frame->Phase = phase;
        var status = kernel.Run(frame.Frame, out error);
        GC.KeepAlive(inputs);
        GC.KeepAlive(outputs);
        return status;
    }
}
