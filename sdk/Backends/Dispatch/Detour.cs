using Backends.Plugins;

namespace Backends;

/// <summary>
/// Every call that is not plain: brings the arguments into a form that a kernel takes, or finds another way (kernel ▸ decomposition ▸ fallback,
/// KER-4), and keeps the records. Nothing here is fast, all of it is counted.
/// </summary>
internal static unsafe class Detour
{
    public static Tensor Invoke(Operator op, Device device, ReadOnlySpan<Tensor?> inputs, void* attributes, Tensor? into) =>
        InvokeAll(op, device, inputs, attributes, into is null ? default : [into])[0];

    public static Tensor[] InvokeAll(Operator op, Device device, ReadOnlySpan<Tensor?> inputs, void* attributes, ReadOnlySpan<Tensor?> into)
    {
        using var call = new Call(op, device, inputs, attributes);
        call.Prepare(into);
        return Run(call);
    }

    /// <summary>A plain call whose kernel did not succeed: another way if it declined, else the error.</summary>
    public static Tensor AfterFailure(Operator op, Device device, Candidate kernel, BackendStatus status, Exception? error,
        ReadOnlySpan<Tensor?> inputs, void* attributes, Tensor? into)
    {
        using var call = new Call(op, device, inputs, attributes);
        call.Prepare(into is null ? default : [into]);
        PassOver(call, kernel, status, error);
        return Run(call)[0];
    }

    public static Tensor View(Operator op, Tensor x, void* attributes)
    {
        Shape[] outputs = new Shape[1];
        var inference = new Inference { Operator = op, Inputs = [x.Shape], Attributes = attributes, Outputs = outputs, Strides = x.Strides };
        op.Infer(ref inference);
        x.Device.Calls.Count(op, Way.Host);
        x.Device.Record(op, Way.Host, WayReason.None, "", []);
        return x.View(Layout.Strided(outputs[0], inference.ViewStrides!), inference.ViewOffset);
    }

    /// <summary>The way that a call would take, by the very choice that calls take (CAP-1).</summary>
    public static Explanation Explain(Call call)
    {
        var choice = Selection.Choose(call);
        return choice.Way switch
        {
            Way.Native => new Explanation(Way.Native, choice.Kernel!.Record.Name, WayReason.None, choice.Copies),
            Way.Decomposed => new Explanation(Way.Decomposed, Decompositions.PartsOf(call.Operator), choice.Reason, false),
            Way.Fallback => new Explanation(Way.Fallback, choice.Target?.Name ?? "host", choice.Reason, true),
            _ => new Explanation(choice.Way, "", choice.Reason, false),
        };
    }

    private static Tensor[] Run(Call call)
    {
        var device = call.Device;
        var parts = device.Recorder is null ? null : ThreadCache.Current.BeginParts();
        Choice choice = default;
        Tensor[] results;
        try
        {
            while (true)
            {
                choice = Selection.Choose(call);
                if (choice.Way != Way.Native)
                {
                    results = OtherWay(call, choice);
                    break;
                }
                var status = KernelCall.Run(call, choice.Kernel!, out var error, out results);
                if (status == BackendStatus.Ok) break;
                PassOver(call, choice.Kernel!, status, error);
            }
        }
        finally
        {
            if (parts is not null) ThreadCache.Current.EndParts(parts);
        }
        if (choice.Way == Way.Native) DeviceShare.Of(device).CountNative(call.Operator.Number);
        else if (choice.Way != Way.Fallback) device.Calls.Count(call.Operator, choice.Way);
        if (parts is not null) device.Record(call.Operator, choice.Way, choice.Reason, choice.Kernel?.Record.Name ?? choice.Target?.Name ?? "", parts.Made);
        return results;
    }

    private static Tensor[] OtherWay(Call call, Choice choice)
    {
        switch (choice.Way)
        {
            case Way.Host:
                if (call.HasOnlyEmptyOutputs || call.HasEmptyInput) call.FillEmpty();
                else return [Movement.Run(call)];
                return call.TakeOutputs();
            case Way.Decomposed:
                call.Promote();
                return call.Deliver(new HostOperators(call.Device).RunDecomposition(call));
            case Way.Fallback:
                return Fallback.Run(call, choice);
            default:
                throw new BackendException("BK2009", $"{call.Operator.Name} {call.DTypeText} cannot run on {call.Device.Name}.",
                    Explanation.Words(choice.Reason), "install the cpu or reference backend, or use another device") { Operator = call.Operator.Name, Device = call.Device.Name };
        }
    }

    // Declined inside its record: the next way, counted; the suite fails it (KER-6). Out of memory: room is made, and it is asked once more. Anything
    // else is the call's failure, and what it was to write is lost (KER-24).
    private static void PassOver(Call call, Candidate kernel, BackendStatus status, Exception? error)
    {
        if (status == BackendStatus.OutOfMemory && !call.HasMadeRoom)
        {
            call.HasMadeRoom = true;
            call.Device.Allocator.MakeRoom();
            return;
        }
        if (status != BackendStatus.Declined)
        {
            BackendException failure = call.Device.Lost is { } lost ? lost : Failure(call, kernel, status, error);
            for (int i = 0; i < call.Into.Count && status != BackendStatus.OutOfMemory; i++)
                if (KernelCall.IsDirect(call, kernel, i)) call.Into[i]!.Storage.Lose(failure, call.Into[i]!.ByteRange().To);
            throw failure;
        }
        call.Device.Calls.CountDeclined(call.Operator);
        call.Declined.Add(kernel);
    }

    private static BackendException Failure(Call call, Candidate kernel, BackendStatus status, Exception? error)
    {
        string why = error is BackendException { Why.Length: > 0 } known ? known.Why : error?.Message ?? status.ToString();
        string what = $"{call.Device.Name}: {call.Operator.Name} {call.DTypeText} {string.Join(" ", call.Given.Select(t => t.Shape))} failed ({status}, kernel {kernel.Record.Name}).";
        if (status == BackendStatus.OutOfMemory)
            return new OutOfDeviceMemoryException(what, $"{why}; {call.Device.Memory}; asked again after the cache was emptied and dropped tensors collected", "free tensors, smaller batch, TensorScope")
            { Operator = call.Operator.Name, Device = call.Device.Name };
        return new DeviceOperationException(what, why, "the result is not to be used; inputs are unchanged, and the device takes further calls", error)
        { Operator = call.Operator.Name, Device = call.Device.Name };
    }
}
