using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends;

/// <summary>
/// The path of plain calls that the dispatcher leaves: of tensors that several threads use or of a device not used last, and on an asynchronous
/// device, where the frame goes through the gate onto a queue.
/// </summary>
internal static unsafe class AnyPlainCall
{
    /// <summary>Makes a call of one or two inputs; null where it is not plain, and nothing has happened.</summary>
    [SkipLocalsInit]
    public static Tensor? Invoke(Operator op, Tensor a, Tensor? b, void* attributes, Tensor? into)
    {
        var device = a.Device;
        var submissions = device.Submissions;
        var layout = a.Layout;
        var kernel = submissions is null ? device.FastKernel(op, a.DType) : device.QueuedKernel(op, a.DType);
        if (kernel is null || !(b is null ? layout.IsPlain : Dispatcher.ArePlain(a, b, device))) return null;
        if (into is not null && !(b is null ? Dispatcher.TakesInto(kernel, into, a) : Dispatcher.TakesInto(kernel, into, a, b))) return null;

        var share = DeviceShare.Of(device);
        var y = into ?? device.NewTensor(share, layout, a.DType);
        share.Enter();
        Storage? left = a.Held, right = b?.Held, target = y.Held;
        if (left?.Owner != share) Dispatcher.Admit(share, a, left);
        if (b is not null && right?.Owner != share) Dispatcher.Admit(share, b, right);
        if (target?.Owner != share) Dispatcher.AdmitTarget(share, y, target);
        var call = share.Plain.Call;
        BackendStatus status;
        Exception? error;
        try
        {
            fixed (long* dims = layout.Dims)
            {
                ulong kind = Dispatcher.Kind(layout, a.DType);
                PlainCall.Describe(&call->A, left, a.ByteOffset, kind, dims, dims + layout.Rank);
                if (right is not null) PlainCall.Describe(&call->B, right, b!.ByteOffset, kind, dims, dims + layout.Rank);
                PlainCall.Describe(&call->Y, target, y.ByteOffset, kind, dims, dims + layout.Rank);
                call->Frame.OperatorVersion = op.Version;
                call->Frame.InputCount = right is null ? 1 : 2;
                call->Frame.Attributes = attributes;
                call->Frame.Elements = layout.Elements;
                var written = new Access(target!, true, into is null || y.IsWhole);
                status = submissions is null ? kernel.Run(&call->Frame, out error)
                    : right is null ? submissions.Submit(share, kernel, &call->Frame, [new(left!, false, false), written], op.Name, a.DType, layout, out error)
                    : submissions.Submit(share, kernel, &call->Frame, [new(left!, false, false), new(right, false, false), written], op.Name, a.DType, layout, out error);
            }
        }
        finally
        {
            share.Leave();
        }
        if (status != BackendStatus.Ok) return Detour.AfterFailure(op, device, kernel, status, error, right is null ? [a] : [a, b!], attributes, into);
        target.NoteWrite(y);
        share.CountNative(op.Number);
        GC.KeepAlive(left);
        GC.KeepAlive(right);
        return y;
    }
}
