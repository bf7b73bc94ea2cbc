using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends;

/// <summary>
/// The path of every call. Here is only what a plain call runs: tensors of one shape and dtype, contiguous, a kernel that takes them as they are.
/// Everything else (promotion, broadcasting, copies, decomposition, fallback, records, errors) is in <see cref="Detour"/>.
/// </summary>
/// <remarks>
/// A call here contains no finalizer (43 ns), lock (14), dictionary (6), timestamp (23), clone (50) or AddMemoryPressure (117):
/// benchmarks/Dispatch measures it against malloc+free and an empty virtual call of the same run.
/// </remarks>
internal static unsafe class Dispatcher
{
    [SkipLocalsInit]
    public static Tensor Invoke(Operator op, Tensor a, Tensor b, void* attributes, Tensor? into)
    {
        var share = DeviceShare.Recent;
        share.Enter();
        Storage? left = a.Held, right = b.Held;
        var layout = a.Layout;
        // Tensors that this thread alone has used, on the device that it used last: then nobody needs to be asked whose they are.
        if (left?.Owner == share && right?.Owner == share && a.DType == b.DType && Same(layout, b.Layout) && share.Device.FastKernel(op, a.DType) is { } kernel
            && (into is null ? share.TryNew(layout, a.DType) : IsOwn(share, into) && TakesInto(kernel, into, a, b) ? into : null) is { } y)
        {
            var call = share.Plain.Call;
            BackendStatus status;
            Exception? error;
            fixed (long* dims = layout.Dims)
            {
                ulong kind = Kind(layout, a.DType);
                PlainCall.Describe(&call->A, left, a.ByteOffset, kind, dims, dims + layout.Rank);
                PlainCall.Describe(&call->B, right, b.ByteOffset, kind, dims, dims + layout.Rank);
                PlainCall.Describe(&call->Y, y.Storage, y.ByteOffset, kind, dims, dims + layout.Rank);
                call->Frame.OperatorVersion = op.Version;
                call->Frame.InputCount = 2;
                call->Frame.Attributes = attributes;
                call->Frame.Elements = layout.Elements;
                status = kernel.Run(&call->Frame, out error);
            }
            share.Leave();
            if (status != BackendStatus.Ok) return Detour.AfterFailure(op, share.Device, kernel, status, error, [a, b], attributes, into);
            if (into is not null) into.Storage.Version++;
            share.CountNative(op.Number);
            // The kernel worked on bare addresses: until here nobody may collect what they belong to. What another thread disposed, the quarantine holds.
            GC.KeepAlive(a);
            GC.KeepAlive(b);
            return y;
        }
        share.Leave();
        return AnyPlainCall.Invoke(op, a, b, attributes, into) ?? Detour.Invoke(op, a.Device, [a, b], attributes, into);
    }

    [SkipLocalsInit]
    public static Tensor Invoke(Operator op, Tensor x, void* attributes, Tensor? into)
    {
        var share = DeviceShare.Recent;
        share.Enter();
        var source = x.Held;
        var layout = x.Layout;
        if (source?.Owner == share && layout.IsPlain && share.Device.FastKernel(op, x.DType) is { } kernel
            && (into is null ? share.TryNew(layout, x.DType) : IsOwn(share, into) && TakesInto(kernel, into, x) ? into : null) is { } y)
        {
            var call = share.Plain.Call;
            BackendStatus status;
            Exception? error;
            fixed (long* dims = layout.Dims)
            {
                ulong kind = Kind(layout, x.DType);
                PlainCall.Describe(&call->A, source, x.ByteOffset, kind, dims, dims + layout.Rank);
                PlainCall.Describe(&call->Y, y.Storage, y.ByteOffset, kind, dims, dims + layout.Rank);
                call->Frame.OperatorVersion = op.Version;
                call->Frame.InputCount = 1;
                call->Frame.Attributes = attributes;
                call->Frame.Elements = layout.Elements;
                status = kernel.Run(&call->Frame, out error);
            }
            share.Leave();
            if (status != BackendStatus.Ok) return Detour.AfterFailure(op, share.Device, kernel, status, error, [x], attributes, into);
            if (into is not null) into.Storage.Version++;
            share.CountNative(op.Number);
            GC.KeepAlive(x);
            return y;
        }
        share.Leave();
        return AnyPlainCall.Invoke(op, x, null, attributes, into) ?? Detour.Invoke(op, x.Device, [x], attributes, into);
    }

    /// <summary>An operator that makes a tensor from nothing.</summary>
    public static Tensor Invoke(Operator op, Device device, void* attributes, Tensor? into) => Detour.Invoke(op, device, [], attributes, into);

    /// <summary>An operator of three inputs or more, of a list, or of one that may be absent.</summary>
    public static Tensor Invoke(Operator op, ReadOnlySpan<Tensor?> inputs, void* attributes, Tensor? into) =>
        Detour.Invoke(op, DeviceOf(op, inputs), inputs, attributes, into);

    /// <summary>An operator of two results.</summary>
    public static (Tensor, Tensor) InvokeMany2(Operator op, ReadOnlySpan<Tensor?> inputs, void* attributes) =>
        Detour.InvokeAll(op, DeviceOf(op, inputs), inputs, attributes, default) is [var first, var second] ? (first, second) : throw new InvalidOperationException(op.Name);

    /// <summary>The device of a call: its first tensor's.</summary>
    /// <exception cref="OperatorArgumentException">A list has no members.</exception>
    internal static Device DeviceOf(Operator op, ReadOnlySpan<Tensor?> inputs)
    {
        foreach (var input in inputs)
            if (input is not null) return input.Device;
        throw Throw.Argument(op.Name, "no tensor", $"its list holds one or more: {op.Schema}", "give one tensor at least");
    }

    /// <summary>A view: the shape rule gives sizes, strides and offset, and no kernel runs.</summary>
    public static Tensor View(Operator op, Tensor x, void* attributes) => Detour.View(op, x, attributes);

    /// <summary>A number as a tensor of rank 0 that takes the dtype of the tensor it meets (KER-17).</summary>
    public static Tensor Scalar(Scalar value, Tensor like) => like.Device.Scalars.Get(value, Promotion.WithScalar(like.DType, value.DType));

    internal static void Fill(CallFrame* frame, Operator op, Device device, DLTensor** inputs, int inputCount, DLTensor** outputs, int outputCount, void* attributes, long elements)
    {
        *frame = default;
        frame->StructSize = (uint)sizeof(CallFrame);
        frame->OperatorVersion = op.Version;
        frame->InputCount = inputCount;
        frame->OutputCount = outputCount;
        frame->Inputs = inputs;
        frame->Outputs = outputs;
        frame->Attributes = attributes;
        frame->Device = device.Handle;
        frame->Host = device.HostServices;
        frame->Elements = elements;
    }

    /// <summary>Lets a call have a storage that is not the thread's own; throws, and leaves the call, where the tensor was disposed meanwhile or its contents are lost.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Admit(DeviceShare share, Tensor tensor, [NotNull] Storage? storage)
    {
        if (storage is null || !storage.Admit(tensor, share)) throw Throw.DisposedInCall(share);
        if (share.Device.Submissions is null && storage.Poison is { } cause)
        {
            share.Leave();
            throw cause;
        }
    }

    /// <summary>The same for what is written: that its contents are lost is no obstacle.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void AdmitTarget(DeviceShare share, Tensor tensor, [NotNull] Storage? storage)
    {
        if (storage is null || !storage.Admit(tensor, share)) throw Throw.DisposedInCall(share);
    }

    private static readonly uint[] s_types = [0, .. DTypes.All.Select(d => Unsafe.BitCast<DLDataType, uint>(DLDataType.From(d)))];

    /// <summary>Rank and type, as a descriptor holds them side by side.</summary>
    internal static ulong Kind(Layout layout, DType dtype) => (uint)layout.Rank | (ulong)s_types[(int)dtype] << 32;

    private static bool IsOwn(DeviceShare share, Tensor tensor) => tensor.Held?.Owner == share;

    internal static bool ArePlain(Tensor a, Tensor b, Device device) => a.DType == b.DType && b.Storage.Device == device && Same(a.Layout, b.Layout);

    // Two plain layouts of one shape: usually one object, else a compare of a few sizes.
    private static bool Same(Layout a, Layout b)
    {
        if (ReferenceEquals(a, b) || !a.IsPlain) return a.IsPlain;
        if (!b.IsPlain || a.Rank != b.Rank) return false;
        long[] left = a.Dims, right = b.Dims;
        for (int d = 0; d < a.Rank; d++)
            if (left[d] != right[d]) return false;
        return true;
    }

    // KER-12: the target equals an input, where the kernel allows that, or shares no byte with any.
    internal static bool TakesInto(Candidate kernel, Tensor into, Tensor a, Tensor b) => TakesInto(kernel, into, a) && Apart(kernel, into, b, 1);

    internal static bool TakesInto(Candidate kernel, Tensor into, Tensor x) =>
        into.DType == x.DType && Same(into.Layout, x.Layout) && into.Device == x.Device && Apart(kernel, into, x, 0);

    private static bool Apart(Candidate kernel, Tensor into, Tensor input, int index) =>
        !into.Shares(input) || (into.ByteOffset == input.ByteOffset && (kernel.InPlaceInputs & 1u << index) != 0);
}
