using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>A reduction of elements E to results of type R.</summary>
internal unsafe interface IReduction<E, R> where E : unmanaged where R : unmanaged
{
    /// <summary>One run of 1 to <see cref="Reduce.Block"/> elements.</summary>
    static abstract R Run(E* x, long stride, long count);

    /// <summary>Two runs' results as one.</summary>
    static abstract R Combine(R a, R b);

    /// <summary>What is written of the result of so many elements.</summary>
    static virtual R Finish(R result, long count) => result;
}

/// <summary>What all reductions share.</summary>
internal static unsafe class Reduce
{
    /// <summary>
    /// Runs are cut at this length, and their results dealt out to <see cref="Parts"/> partial ones. With four accumulators in a run no term
    /// passes more than 256 + n/16384 + 20 additions (two elements a row: n/32 + 20): less than accuracy.md's max(1024, n/16).
    /// </summary>
    public const int Block = 1024;

    /// <summary>Partial results.</summary>
    public const int Parts = 16;

    /// <summary>Computes the outputs of a call, in parts at the same time where there is enough for each.</summary>
    public static void Split(CallFrame* frame, delegate*<CallFrame*, long, long, void> part)
    {
        long terms = Math.Max(1, new TensorArg(frame->Inputs[0]).Elements / frame->Elements);
        Threads.Split(frame, frame->Elements, Math.Max(1, Pointwise.Grain / terms), part);
    }
}

/// <summary>x of a reduction once with the kept dimensions alone, next to the output with the same; once with the reduced ones alone.</summary>
internal unsafe ref struct Reduced
{
    /// <summary>Memory that the descriptors point to.</summary>
    public const int Longs = 3 * Shape.MaxRank;

    /// <summary>Descriptors of a call, in memory of <see cref="Longs"/> numbers that outlives them.</summary>
    public Reduced(CallFrame* frame, ReadOnlySpan<long> dims, long* memory)
    {
        DLTensor* x = frame->Inputs[0], y = frame->Outputs[0];
        uint reduced = Mask(dims, x->Rank);
        long* sizes = memory, ones = memory + Shape.MaxRank, results = ones + Shape.MaxRank;
        bool kept = y->Rank == x->Rank;
        Outer = *x with { Shape = sizes };
        Inner = *x with { Shape = ones };
        Output = *y with { Rank = x->Rank, Shape = sizes, Strides = results };
        for (int d = 0, from = 0; d < x->Rank; d++)
        {
            bool gone = (reduced >> d & 1) == 1;
            sizes[d] = gone ? 1 : x->Shape[d];
            ones[d] = gone ? x->Shape[d] : 1;
            results[d] = gone ? 0 : y->Strides[kept ? d : from];
            if (!gone) from++;
        }
    }

    public DLTensor Outer { get; }

    public DLTensor Inner { get; }

    public DLTensor Output { get; }

    private static uint Mask(ReadOnlySpan<long> dims, int rank)
    {
        uint mask = dims.IsEmpty ? uint.MaxValue : 0;
        foreach (long dim in dims) mask |= 1u << (int)(dim < 0 ? dim + rank : dim);
        return mask;
    }
}

/// <summary>Runs a reduction over any strides: for every output element, the reduced dimensions row by row. Threads share the outputs, never one sum.</summary>
internal static unsafe class Reduce<E, R, O, F> where E : unmanaged where R : unmanaged where O : unmanaged, IElement<O, R> where F : IReduction<E, R>
{
    /// <summary>Computes the outputs from one place in row-major order up to another.</summary>
    [SkipLocalsInit]
    public static void Run(CallFrame* frame, ReadOnlySpan<long> dims, long from, long to)
    {
        long* memory = stackalloc long[Reduced.Longs];
        var parts = new Reduced(frame, dims, memory);
        DLTensor outer = parts.Outer, output = parts.Output, inner = parts.Inner;
        E* px = Memory.First<E>(&outer);
        O* py = Memory.First<O>(&output);
        long terms = new TensorArg(&inner).Elements;
        Loop.Start(out var results, &output, &outer, null);
        for (long place = from == 0 ? 0 : results.Seek(from), at = from; at < to; results.Next(), place = 0)
            for (; place < results.Size && at < to; place++, at++)
                py[results.OffsetY + place * results.StrideY] = O.Narrow(F.Finish(One(px + results.OffsetA + place * results.StrideA, &inner), terms));
    }

    // The parts take turns, so that each of them sees a sixteenth of the blocks. There is one block at least: no record here accepts empties.
    [SkipLocalsInit]
    private static R One(E* x, DLTensor* inner)
    {
        Loop.Start(out var loop, inner, inner, null);
        R* parts = stackalloc R[Reduce.Parts];
        int filled = 0, next = 0;
        do
            for (long i = 0; i < loop.Size; i += Reduce.Block)
            {
                R run = F.Run(x + loop.OffsetA + i * loop.StrideA, loop.StrideA, Math.Min(Reduce.Block, loop.Size - i));
                if (filled < Reduce.Parts) parts[filled++] = run;
                else
                {
                    parts[next] = F.Combine(parts[next], run);
                    next = (next + 1) % Reduce.Parts;
                }
            }
        while (loop.Next());
        for (int i = 1; i < filled; i++) parts[0] = F.Combine(parts[0], parts[i]);
        return parts[0];
    }
}

/// <summary>Σ x, in R: f32 for the 16-bit floats, 64 bits for integers.</summary>
internal readonly unsafe struct SumOf<E, C, R> : IReduction<E, R>
    where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where R : unmanaged, INumber<R>
{
    public static R Combine(R a, R b) => a + b;

    public static R Run(E* x, long stride, long count)
    {
        R s0 = R.Zero, s1 = R.Zero, s2 = R.Zero, s3 = R.Zero;
        long i = 0;
        if (typeof(E) == typeof(Plain<R>) && stride == 1 && count >= 4 * Vector<R>.Count) s0 = Vectors((R*)x, count, out i);
        for (; i <= count - 4; i += 4)
        {
            s0 += At(x, i, stride);
            s1 += At(x, i + 1, stride);
            s2 += At(x, i + 2, stride);
            s3 += At(x, i + 3, stride);
        }
        for (; i < count; i++) s0 += At(x, i, stride);
        return s0 + s1 + (s2 + s3);
    }

    private static R Vectors(R* x, long count, out long done)
    {
        int w = Vector<R>.Count;
        Vector<R> v0 = default, v1 = default, v2 = default, v3 = default;
        for (done = 0; done <= count - 4 * w; done += 4 * w)
        {
            v0 += Vector.Load(x + done);
            v1 += Vector.Load(x + done + w);
            v2 += Vector.Load(x + done + 2 * w);
            v3 += Vector.Load(x + done + 3 * w);
        }
        return Vector.Sum(v0 + v1 + (v2 + v3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R At(E* x, long i, long stride) => R.CreateTruncating(E.Widen(x[i * stride]));
}

/// <summary>The largest of x. NaN compares false with everything: it is let in, and never replaced.</summary>
internal readonly unsafe struct LargestOf<E, C> : IReduction<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static C Combine(C a, C b) => b > a || C.IsNaN(b) ? b : a;

    public static C Run(E* x, long stride, long count)
    {
        C largest = E.Widen(*x);
        long i = 1;
        if (typeof(E) == typeof(Plain<C>) && stride == 1 && count >= Vector<C>.Count) largest = Vectors((C*)x, count, out i);
        for (; i < count; i++) largest = Combine(largest, E.Widen(x[i * stride]));
        return largest;
    }

    private static C Vectors(C* x, long count, out long done)
    {
        var largest = Vector.Load(x);
        for (done = Vector<C>.Count; done <= count - Vector<C>.Count; done += Vector<C>.Count)
        {
            var v = Vector.Load(x + done);
            largest = Vector.ConditionalSelect(Vector.GreaterThan(v, largest) | ~Vector.Equals(v, v), v, largest);
        }
        C one = largest[0];
        for (int lane = 1; lane < Vector<C>.Count; lane++) one = Combine(one, largest[lane]);
        return one;
    }
}

/// <summary>Whether any of x is not zero; NaN is not.</summary>
internal readonly unsafe struct AnyOf<E> : IReduction<E, byte> where E : unmanaged, IElement<E>
{
    public static byte Combine(byte a, byte b) => (byte)(a | b);

    public static byte Run(E* x, long stride, long count)
    {
        for (long i = 0; i < count; i++)
            if (E.To<Truth>(x[i * stride]).Value != 0) return 1;
        return 0;
    }
}

/// <summary>Σ x / n.</summary>
internal readonly unsafe struct MeanOf<E, C> : IReduction<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static C Combine(C a, C b) => a + b;

    public static C Run(E* x, long stride, long count) => SumOf<E, C, C>.Run(x, stride, count);

    public static C Finish(C result, long count) => result / C.CreateTruncating(count);
}
