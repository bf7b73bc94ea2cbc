using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sim;

/// <summary>The kernels. Each runs on the submitter's thread: it looks whether its operands lie in the device's memory, writes into the queue's ring
/// what is to be done, and returns (KER-21). The steps, y = f(a, b, y) for one element, are done later, by the queue's thread.</summary>
internal sealed unsafe partial class SimDevice
{
    private const Accepts Anywhere = Accepts.AnyStrided | Accepts.InPlace;
    // quote kernels
    [Kernel("add", DType.F32, Accepts = Anywhere)] private static void Add(in AddArgs args, SimQueue queue) => Each(args.Frame, queue, (a, b, y) => a + b);
    [Kernel("sub", DType.F32, Accepts = Anywhere)] private static void Sub(in SubArgs args, SimQueue queue) => Each(args.Frame, queue, (a, b, y) => a - b);
    [Kernel("mul", DType.F32, Accepts = Anywhere)] private static void Mul(in MulArgs args, SimQueue queue) => Each(args.Frame, queue, (a, b, y) => a * b);
    [Kernel("div", DType.F32, Accepts = Anywhere)] private static void Div(in DivArgs args, SimQueue queue) => Each(args.Frame, queue, args.Rounding switch
    {
        DivRounding.None => (a, b, y) => a / b, DivRounding.Trunc => (a, b, y) => MathF.Truncate(a / b), _ => (a, b, y) => MathF.Floor(a / b),
    });
    [Kernel("neg", DType.F32, Accepts = Anywhere)] private static void Neg(in NegArgs args, SimQueue queue) => Each(args.Frame, queue, (a, b, y) => -a);
    [Kernel("relu", DType.F32, Accepts = Anywhere)] private static void Relu(in ReluArgs args, SimQueue queue) => Each(args.Frame, queue, (a, b, y) => MathF.Max(a, 0));
    [Kernel("exp", DType.F32, Accepts = Anywhere)] private static void Exp(in ExpArgs args, SimQueue queue) => Each(args.Frame, queue, (a, b, y) => (float)Math.Exp(a));
    [Kernel("copy", DType.F32, Accepts = Accepts.AnyStrided)] private static void Copy(in CopyArgs args, SimQueue queue) => Each(args.Frame, queue, (a, b, y) => a);
    [Kernel("sum", DType.F32)] private static void Sum(in SumArgs args, SimQueue queue) => Reduce(args.Frame, queue, args.Dim, 0, (a, b, y) => y + a);
    [Kernel("amax", DType.F32)] private static void AMax(in AMaxArgs args, SimQueue queue) => Reduce(args.Frame, queue, args.Dim, float.NegativeInfinity, (a, b, y) => MathF.Max(y, a));
    // end kernels

    [Kernel("matmul", DType.F32)]
    private static void MatMul(in MatMulArgs args, SimQueue queue)
    {
        DLTensor* a = args.A.Descriptor, b = args.B.Descriptor, y = args.Y.Descriptor;
        ref var work = ref Begin(args.Frame, queue, 0, (a, b, y) => y + a * b);
        work.AddsRows = true;
        for (int d = y->Rank; d > 2; d--) work.Loop(y->Shape[y->Rank - d], Stride(a, d), Stride(b, d), Stride(y, d));
        work.Loop(a->Shape[a->Rank - 2], Stride(a, 2), 0, Stride(y, 2));
        work.Loop(a->Shape[a->Rank - 1], Stride(a, 1), Stride(b, 2), 0);
        work.Loop(b->Shape[b->Rank - 1], 0, Stride(b, 1), Stride(y, 1));
        queue.Submit();
        // Of the d-th dimension from the end; one that is missing, or of size 1, broadcasts.
        static long Stride(DLTensor* t, int d) => d > t->Rank || t->Shape[t->Rank - d] == 1 ? 0 : t->Strides[t->Rank - d];
    }

    // Inputs have the output's shape: what broadcasts has stride 0 there.
    private static void Each(CallFrame* frame, SimQueue queue, Step step)
    {
        DLTensor* a = frame->Inputs[0], b = frame->Inputs[frame->InputCount - 1], y = frame->Outputs[0];
        ref var work = ref Begin(frame, queue, null, step);
        for (int d = 0; d < y->Rank; d++) work.Loop(y->Shape[d], a->Strides[d], b->Strides[d], y->Strides[d]);
        queue.Submit();
    }

    // A reduced dimension is one in which y stays where it is; no dimension named means all.
    private static void Reduce(CallFrame* frame, SimQueue queue, ReadOnlySpan<long> dims, float start, Step step)
    {
        var (x, stride) = (frame->Inputs[0][0], frame->Elements);
        ref var work = ref Begin(frame, queue, start, step);
        for (int d = 0; d < x.Rank; d++)
            work.Loop(x.Shape[d], x.Strides[d], x.Strides[d], dims.IsEmpty || dims.Contains(d) || dims.Contains(d - x.Rank) ? 0 : stride /= x.Shape[d]);
        queue.Submit();
    }

    // What all kernels write down. An operator of one input has it as both; one that overwrites y has no start.
    private static ref Work Begin(CallFrame* frame, SimQueue queue, float? start, Step step)
    {
        ref var work = ref queue.Place(frame->Value, start is null ? (ref w) => w.Nest() : (ref w) => w.Fold());
        (work.Step, work.Start, work.Elements, work.AddsRows) = (step, start ?? 0, frame->Elements, false);
        (work.A, work.B, work.Y) = (First(frame->Inputs[0]), First(frame->Inputs[frame->InputCount - 1]), First(frame->Outputs[0]));
        return ref work;
        // Where the device finds the first element, if all of them, those before it too when a stride is negative, lie in one buffer.
        nint First(DLTensor* t)
        {
            long low = 0, high = sizeof(float);
            for (int d = 0; d < t->Rank; d++)
                if ((t->Shape[d] - 1) * t->Strides[d] * sizeof(float) is var way && way < 0) low += way;
                else high += way;
            return queue.Reach((nint)t->Data, (long)t->ByteOffset + low, high - low) - (nint)low;
        }
    }
}

internal delegate void Run(ref Work work);
internal delegate float Step(float a, float b, float y);

/// <summary>What a queue keeps of a submission, for a frame does not outlive its call (KER-9). To submit must cost nanoseconds: no object is made, and
/// a place is six whole cache lines. The work is a nest of loops; where a stride is 0 an element is used again, in broadcasts, sums and products.</summary>
internal unsafe struct Work
{
    public Run Run;
    public Step Step;
    public ulong Value;
    public nint A, B, Y;                                      // where the device's threads find the first elements
    public long Elements;                                     // of y
    public float Start;                                       // what a fold's y holds before the first step
    public bool AddsRows;                                     // a product: its innermost loop adds a multiple of a row of b to a row of y
    public int Depth;                                         // of the nest
    private Loops _loops;
    [InlineArray(10)] private struct Loops { private (long, long, long, long) _first; }

    /// <summary>One more loop inside those before: how often, and how many elements each operand goes on.</summary>
    public void Loop(long size, long a, long b, long y) => _loops[Depth++] = (size, a, b, y);

    public void Nest() => Nest(0, (float*)A, (float*)B, (float*)Y);

    public void Fold()
    {
        new Span<float>((void*)Y, (int)Elements).Fill(Start);
        Nest();
    }

    private void Nest(int depth, float* a, float* b, float* y)
    {
        if (depth == Depth) *y = Step(*a, *b, *y);
        else if (AddsRows && depth == Depth - 1 && _loops[depth] is (var length, 0, 1, 1)) AddRow(*a, b, y, length);
        else
            for (var (i, stepA, stepB, stepY) = _loops[depth]; i > 0; i--, a += stepA, b += stepB, y += stepY) Nest(depth + 1, a, b, y);
    }

    // Wide, as the arithmetic of hardware is.
    private static void AddRow(float a, float* b, float* y, long length)
    {
        long i = 0;
        for (int lanes = Vector<float>.Count; i <= length - lanes; i += lanes) (new Vector<float>(a) * Vector.Load(b + i) + Vector.Load(y + i)).Store(y + i);
        for (; i < length; i++) y[i] += a * b[i];
    }
}
