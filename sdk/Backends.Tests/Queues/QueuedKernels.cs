using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>The kernels of a <see cref="QueuedDevice"/>: they look up what they need when they are called, and compute when their turn comes.</summary>
internal sealed unsafe partial class QueuedDevice
{
    private const Accepts Anywhere = Accepts.AnyStrided | Accepts.InPlace;

    protected override void AddKernels(KernelList kernels)
    {
        Add(kernels, "add", Anywhere, &Sum2);
        Add(kernels, "mul", Anywhere, &Product);
        Add(kernels, "neg", Anywhere, &Negative);
        Add(kernels, "relu", Anywhere, &Relu);
        Add(kernels, "copy", Accepts.AnyStrided, &Copy);
        Add(kernels, "sum", Accepts.AnyStrided, &Sum);
        Add(kernels, "fill", Accepts.AnyStrided, &Fill);
        Add(kernels, "matmul", Accepts.Contiguous, &MatMul, maxRank: 2);
        Add(kernels, "nonzero", Accepts.AnyStrided, &Nonzero);
    }

    private void Add(KernelList kernels, string op, Accepts accepts, delegate*<CallFrame*, void> run, int maxRank = 8)
    {
        if (!Without.Contains(op)) kernels.Add(new Kernel { Operator = op, Types = [DType.F32], Accepts = accepts, MaxRank = maxRank, Name = $"queued.{op}.f32", Run = run });
    }

    private static void Sum2(CallFrame* frame) => Pointwise(frame, "add", (a, b) => a + b);
    private static void Product(CallFrame* frame) => Pointwise(frame, "mul", (a, b) => a * b);
    private static void Negative(CallFrame* frame) => Pointwise(frame, "neg", (a, _) => -a);
    private static void Relu(CallFrame* frame) => Pointwise(frame, "relu", (a, _) => a <= 0 ? 0 : a);
    private static void Copy(CallFrame* frame) => Pointwise(frame, "copy", (a, _) => a);

    private static void Fill(CallFrame* frame)
    {
        float value = (float)new FillArgs(frame).Value.ToDouble();
        Pointwise(frame, "fill", (_, _) => value);
    }

    private static void Pointwise(CallFrame* frame, string name, Func<float, float, float> compute) => Submit(frame, name, t =>
    {
        var y = t[^1];
        for (long i = 0; i < y.Elements; i++) y.At(i) = compute(t.Length > 1 ? t[0].At(i) : 0, t.Length > 2 ? t[1].At(i) : 0);
    });

    private static void Sum(CallFrame* frame)
    {
        var args = new SumArgs(frame);
        int rank = args.X.Rank;
        var summed = new bool[rank];
        foreach (long d in args.Dim) summed[d < 0 ? d + rank : d] = true;
        if (args.Dim.Length == 0) Array.Fill(summed, true);
        Submit(frame, "sum", t =>
        {
            View x = t[0], y = t[1];
            for (long i = 0; i < y.Elements; i++) y.At(i) = 0;
            for (long i = 0; i < x.Elements; i++)
            {
                long to = 0, dense = 1, rest = i;
                for (int d = rank - 1; d >= 0; rest /= x.Shape[d--])
                    if (!summed[d]) (to, dense) = (to + rest % x.Shape[d] * dense, dense * x.Shape[d]);
                y.At(to) += x.At(i);
            }
        });
    }

    private static void MatMul(CallFrame* frame)
    {
        Submit(frame, "matmul", t =>
        {
            long rows = t[0].Shape[0], depth = t[0].Shape[1], columns = t[1].Shape[1];
            for (long i = 0; i < rows * columns; i++)
            {
                float total = 0;
                for (long k = 0; k < depth; k++) total += t[0].At(i / columns * depth + k) * t[1].At(k * columns + i % columns);
                t[2].At(i) = total;
            }
        });
    }

    private static void Nonzero(CallFrame* frame)
    {
        int phase = frame->Phase;
        Submit(frame, $"nonzero, phase {phase}", t =>
        {
            long[] shape = t[0].Shape;
            long found = 0;
            for (long i = 0; i < t[0].Elements; i++)
            {
                if (t[0].At(i) == 0) continue;
                long rest = i;
                for (int d = shape.Length - 1; phase == 2 && d >= 0; rest /= shape[d--]) t[1].Integer(found * shape.Length + d) = rest % shape[d];
                found++;
            }
            if (phase == 1) t[1].Integer(0) = found;
        });
    }

    private static void Submit(CallFrame* frame, string name, Action<View[]> compute)
    {
        var device = (QueuedDevice)KernelThunk.Device(frame);
        var queue = KernelThunk.Queue<QueuedQueue>(frame);
        lock (device.Gate)
        {
            device.ThrowIfLost();
            var tensors = new View[frame->InputCount + 1];
            for (int i = 0; i < frame->InputCount; i++) tensors[i] = View.Of(device, frame->Inputs[i]);
            tensors[^1] = View.Of(device, frame->Outputs[0]);
            queue.Submit(frame->Value, name, () => compute(tensors), [.. tensors.Select(t => t.Block)]);
        }
    }

    /// <summary>A tensor, kept beyond the call: a descriptor must not be (KER-9).</summary>
    private sealed class View(Block block, byte* first, int size, long[] shape, long[] strides)
    {
        public Block Block => block;
        public long[] Shape => shape;
        public long Elements { get; } = shape.Aggregate(1L, (n, extent) => n * extent);

        public static View Of(QueuedDevice device, DLTensor* tensor)
        {
            var arg = new TensorArg(tensor);
            long low = 0, high = 0, size = arg.DType.Size;
            for (int d = 0; d < arg.Rank; d++)
            {
                long reach = (arg.Shape[d] - 1) * arg.Strides[d];
                (low, high) = (low + Math.Min(0, reach), high + Math.Max(0, reach));
            }
            var block = device.Find((nint)tensor->Data, tensor->ByteOffset + (ulong)(low * size), (ulong)((high - low + 1) * size));
            return new View(block, block.Memory + tensor->ByteOffset, (int)size, arg.Shape.ToArray(), arg.Strides.ToArray());
        }

        public ref float At(long element) => ref *(float*)Place(element);

        public ref long Integer(long element) => ref *(long*)Place(element);

        private byte* Place(long element)
        {
            long offset = 0;
            for (int d = shape.Length - 1; d >= 0; element /= shape[d--]) offset += element % shape[d] * strides[d];
            return first + offset * size;
        }
    }
}
