using Backends.Plugins;

namespace Backends.Conformance.Tests.Mutants;

/// <summary>Kernels as a vendor might write them on a bad day. All but the fault is right.</summary>
internal static unsafe class FaultyKernels
{
    /// <summary>The last element of each row is not written when rows have 33: a tail that the vector loop forgot.</summary>
    public static Kernel TailUnwritten => Relu(&ReluWithoutTail);

    /// <summary>Writes one element more than there is.</summary>
    public static Kernel PastTheEnd => Relu(&ReluPastTheEnd);

    /// <summary>Uses its input as scratch.</summary>
    public static Kernel ScratchInInput => Relu(&ReluInScratch);

    /// <summary>Claims a call and declines it.</summary>
    public static Kernel Declining => Relu(&ReluDeclined);

    /// <summary>Right in everything.</summary>
    public static Kernel Right => Relu(&ReluRight);

    /// <summary>Adds up in f16 what the accuracy contract wants added in f32.</summary>
    public static Kernel NarrowAccumulator => new() { Operator = "sum", Types = [DType.F16], Name = "mutant.sum.f16", Run = &SumInHalf };

    /// <summary><c>a > b ? a : b</c>, which a NaN never wins.</summary>
    public static Kernel NaNLost => new() { Operator = "amax", Types = [DType.F32], Name = "mutant.amax.f32", Run = &MaxWithoutNaN };

    private static Kernel Relu(delegate*<CallFrame*, void> run) => new() { Operator = "relu", Types = [DType.F32], Name = "mutant.relu.f32", Run = run };

    private static float Relu(float x) => x <= 0 ? 0 : x;

    private static void ReluRight(CallFrame* frame)
    {
        var (x, y) = Tensors(frame);
        for (long i = 0; i < y.Elements; i++) Y(y)[i] = Relu(Y(x)[i]);
    }

    private static void ReluWithoutTail(CallFrame* frame)
    {
        var (x, y) = Tensors(frame);
        long row = y.Rank == 0 ? 1 : y.Shape[^1];
        for (long i = 0; i < y.Elements; i++)
            if (row != 33 || i % row != 32) Y(y)[i] = Relu(Y(x)[i]);
    }

    private static void ReluPastTheEnd(CallFrame* frame)
    {
        ReluRight(frame);
        var (_, y) = Tensors(frame);
        Y(y)[y.Elements] = 0;
    }

    private static void ReluInScratch(CallFrame* frame)
    {
        ReluRight(frame);
        var (x, _) = Tensors(frame);
        Y(x)[0] += 1;
    }

    private static void ReluDeclined(CallFrame* frame) => throw new BackendException(BackendStatus.Declined, "not today");

    private static void SumInHalf(CallFrame* frame)
    {
        var (x, y) = Tensors(frame);
        var sums = new Half[y.Elements];
        Walk(frame, x, (from, to) => sums[to] += ((Half*)Tensors(frame).X.Data)[from]);
        for (int i = 0; i < sums.Length; i++) ((Half*)y.Data)[i] = sums[i];
    }

    private static void MaxWithoutNaN(CallFrame* frame)
    {
        var (x, y) = Tensors(frame);
        for (long i = 0; i < y.Elements; i++) Y(y)[i] = float.NegativeInfinity;
        Walk(frame, x, (from, to) =>
        {
            var (source, target) = Tensors(frame);
            if (Y(source)[from] > Y(target)[to]) Y(target)[to] = Y(source)[from];
        });
    }

    // From each element of x to the element of the result that it goes into.
    private static void Walk(CallFrame* frame, TensorArg x, Action<long, long> visit)
    {
        uint mask = ShapeMask(frame, x.Rank);
        var index = new long[x.Rank];
        for (long from = 0, n = x.Elements; from < n; from++)
        {
            long to = 0;
            for (int d = 0; d < index.Length; d++)
                if ((mask >> d & 1) == 0) to = to * x.Shape[d] + index[d];
            visit(from, to);
            for (int d = index.Length - 1; d >= 0 && ++index[d] == x.Shape[d]; d--) index[d] = 0;
        }
    }

    private static uint ShapeMask(CallFrame* frame, int rank)
    {
        var dims = AttributeReader.Integers(frame->Attributes, CoreOperators.Sum.Schema.Attributes[0].Offset);
        if (dims.IsEmpty) return (1u << rank) - 1;
        uint mask = 0;
        foreach (long dim in dims) mask |= 1u << (int)(dim < 0 ? dim + rank : dim);
        return mask;
    }

    private static Pair Tensors(CallFrame* frame) => new() { X = new TensorArg(frame->Inputs[0]), Y = new TensorArg(frame->Outputs[0]) };

    private static float* Y(TensorArg tensor) => (float*)tensor.Data;

    private ref struct Pair
    {
        public TensorArg X, Y;

        public readonly void Deconstruct(out TensorArg x, out TensorArg y)
        {
            x = X;
            y = Y;
        }
    }
}
