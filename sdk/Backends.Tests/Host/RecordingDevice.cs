using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>
/// A device whose kernels trust nobody: each checks its frame against the clauses that bind the host (KER-6, KER-8 to 13, KER-15, KER-17) and what
/// the device claims, and fails the call with the clause that is broken. Only then it computes, element by element through the strides.
/// </summary>
internal sealed unsafe class RecordingDevice(Accepts accepts, bool asks = false, int maxRank = 8) : HostMemoryDevice(new DeviceInfo { Name = $"Recording {accepts}" })
{
    private readonly Dictionary<nint, nuint> _buffers = [];
    private readonly HashSet<string> _approved = [];

    protected override nint AllocateCore(nuint bytes)
    {
        nint address = base.AllocateCore(bytes);
        lock (_buffers) _buffers.Add(address, bytes);
        return address;
    }

    protected override void FreeCore(nint address)
    {
        lock (_buffers)
            if (!_buffers.Remove(address)) throw new InvalidOperationException("freed twice");
        base.FreeCore(address);
    }

    protected override void AddKernels(KernelList kernels)
    {
        Add(kernels, "sub", &Sub);
        Add(kernels, "relu", &Relu);
        Add(kernels, "copy", &Copy);
    }

    private void Add(KernelList kernels, string op, delegate*<CallFrame*, void> run) => kernels.Add(new Kernel
    {
        Operator = op, Types = [DType.F32], Name = $"recording.{op}", Run = run, Accepts = accepts, MaxRank = maxRank, When = asks ? &Approve : null,
    });

    private static bool Approve(CallFrame* frame)
    {
        var device = (RecordingDevice)KernelThunk.Device(frame);
        foreach (var tensor in Tensors(frame)) Demand(tensor.Data == 0, "KER-5: a predicate sees data");
        lock (device._approved) device._approved.Add(Metadata(frame));
        return true;
    }

    private static void Sub(CallFrame* frame) => Run(frame, (a, b) => a - b);
    private static void Relu(CallFrame* frame) => Run(frame, (a, _) => a <= 0 ? 0 : a);
    private static void Copy(CallFrame* frame) => Run(frame, (a, _) => a);

    private static void Run(CallFrame* frame, Func<float, float, float> compute)
    {
        ((RecordingDevice)KernelThunk.Device(frame)).Check(frame);
        var tensors = Tensors(frame);
        var y = tensors[^1];
        for (long i = 0; i < y.Elements; i++)
        {
            float b = frame->InputCount > 1 ? *tensors[1].At(i) : 0;
            *y.At(i) = compute(*tensors[0].At(i), b);
        }
    }

    private void Check(CallFrame* frame)
    {
        Demand(frame->StructSize == sizeof(CallFrame) && frame->OutputCount == 1, "KER-8: sizes and counts");
        var tensors = Tensors(frame);
        var y = tensors[^1];
        Demand(frame->Elements == y.Elements, $"KER-8: element count {frame->Elements} for {y}");
        lock (_approved) Demand(!asks || _approved.Remove(Metadata(frame)), $"KER-4: called with {Metadata(frame)}, asked about {string.Join(" and ", _approved)}");
        Demand(y.Elements > 0, "KER-15: called for nothing");
        Demand(y.Elements == y.Places().Count, $"KER-12: {y} overlaps itself");
        foreach (var tensor in tensors) CheckTensor(tensor, y);
        foreach (var x in tensors[..^1])
            Demand(x.IsSameAs(y) ? accepts.HasFlag(Accepts.InPlace) : !x.Places().Overlaps(y.Places()), $"KER-12: {y} overlaps {x}");
    }

    private void CheckTensor(Described t, Described y)
    {
        Demand(t.Rank <= maxRank, $"KER-6: rank {t.Rank} above {maxRank}");
        bool hostScalar = accepts.HasFlag(Accepts.HostScalars) && t.Rank == 0;
        Demand(hostScalar || t.Shape.SequenceEqual(y.Shape), $"KER-6: {t} is not stretched to {y}");
        long dense = 1;
        var layout = accepts & (Accepts)Kernel.LayoutMask;
        for (int d = t.Rank - 1; d >= 0; d--)
        {
            if (t.Shape[d] == 1 || layout == Accepts.Contiguous) Demand(t.Strides[d] == dense, $"KER-10, KER-3: stride {t.Strides[d]} of {t} is not dense");
            if (layout == Accepts.Strided) Demand(t.Strides[d] >= 0, $"KER-3: {t} runs backwards");
            dense *= t.Shape[d];
        }
        Demand(t.Data != 0 && t.First % sizeof(float) == 0, $"KER-11: {t} is not aligned to its elements");
        lock (_buffers)
            Demand(_buffers.Any(b => t.Data == b.Key && t.Places().All(p => p >= b.Key && p + sizeof(float) <= b.Key + (nint)b.Value)), $"KER-11: {t} leaves its buffer");
    }

    private static void Demand(bool fulfilled, string clause)
    {
        if (!fulfilled) throw new BackendException(BackendStatus.Internal, clause);
    }

    private static string Metadata(CallFrame* frame) => string.Join(" ", Tensors(frame));

    private static Described[] Tensors(CallFrame* frame)
    {
        var tensors = new Described[frame->InputCount + 1];
        for (int i = 0; i < frame->InputCount; i++) tensors[i] = Described.Of(frame->Inputs[i]);
        tensors[^1] = Described.Of(frame->Outputs[0]);
        return tensors;
    }

    /// <summary>A descriptor, copied out of the frame.</summary>
    private sealed record Described(nint Data, nint First, long[] Shape, long[] Strides)
    {
        public int Rank => Shape.Length;
        public long Elements => Shape.Aggregate(1L, (n, size) => n * size);

        public static Described Of(DLTensor* tensor)
        {
            Demand(tensor->Rank == 0 || (tensor->Shape != null && tensor->Strides != null), "KER-10: shape or strides are null");
            Demand(tensor->Type is { Lanes: 1, DType: DType.F32 }, "KER-10: lanes or dtype");
            var arg = new TensorArg(tensor);
            return new Described((nint)tensor->Data, (nint)arg.Data, arg.Shape.ToArray(), arg.Strides.ToArray());
        }

        public float* At(long element)
        {
            nint place = First;
            for (int d = Rank - 1; d >= 0; d--)
            {
                place += (nint)(element % Shape[d] * Strides[d] * sizeof(float));
                element /= Shape[d];
            }
            return (float*)place;
        }

        public HashSet<nint> Places() => [.. Enumerable.Range(0, (int)Elements).Select(i => (nint)At(i))];

        public bool IsSameAs(Described other) => First == other.First && Shape.SequenceEqual(other.Shape) && Strides.SequenceEqual(other.Strides);

        public override string ToString() => $"[{string.Join(",", Shape)}]:[{string.Join(",", Strides)}]";
    }
}
