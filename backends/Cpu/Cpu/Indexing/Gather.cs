using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>A tensor seen with other sizes and strides, for a walk; it lives as long as the arrays that it is given.</summary>
internal static unsafe class Seen
{
    /// <summary>With the sizes of another, and nothing moved along one dimension: there the walk's own index does not count.</summary>
    public static DLTensor Without(DLTensor* tensor, int dim, DLTensor* sizes, long* strides)
    {
        for (int d = 0; d < tensor->Rank; d++) strides[d] = d == dim ? 0 : tensor->Strides[d];
        return *tensor with { Shape = sizes->Shape, Strides = strides };
    }
}

/// <summary>
/// gather and index_select, bit for bit: C is an unsigned integer of the element's width, I the index's type. A position outside gives 0 and is told
/// (KER-25). Where all of a row has one position it is copied whole. Bound by memory.
/// </summary>
internal static unsafe class Gather<C, I> where C : unmanaged, INumber<C> where I : unmanaged, IBinaryInteger<I>
{
    public static void Run(CallFrame* frame) => Threads.Split(frame, frame->Elements, Pointwise.Grain, &Part);

    public static void Select(CallFrame* frame) => Threads.Split(frame, frame->Elements, Pointwise.Grain, &SelectPart);

    [SkipLocalsInit]
    private static void Part(CallFrame* frame, long from, long to)
    {
        DLTensor* x = frame->Inputs[0], index = frame->Inputs[1];
        int dim = AlongDim.Dimension(((GatherAttributes*)frame->Attributes)->Dim, x);
        Walk(frame, dim, index, from, to);
    }

    [SkipLocalsInit]
    private static void SelectPart(CallFrame* frame, long from, long to)
    {
        DLTensor* x = frame->Inputs[0], index = frame->Inputs[1];
        int dim = AlongDim.Dimension(((IndexSelectAttributes*)frame->Attributes)->Dim, x);
        // The row of positions, repeated along all other dimensions.
        long* sizes = stackalloc long[2 * Shape.MaxRank];
        for (int d = 0; d < x->Rank; d++) sizes[d] = d == dim ? index->Shape[0] : 1;
        sizes[Shape.MaxRank + dim] = index->Strides[0];
        DLTensor repeated = *index with { Rank = x->Rank, Shape = sizes, Strides = sizes + Shape.MaxRank };
        Walk(frame, dim, &repeated, from, to);
    }

    [SkipLocalsInit]
    private static void Walk(CallFrame* frame, int dim, DLTensor* index, long from, long to)
    {
        DLTensor* x = frame->Inputs[0], y = frame->Outputs[0];
        long* strides = stackalloc long[Shape.MaxRank];
        DLTensor others = Seen.Without(x, dim, y, strides);
        Loop.Start(out var loop, y, index, &others);
        C* px = Memory.First<C>(x), py = Memory.First<C>(y);
        I* positions = Memory.First<I>(index);
        long stride = x->Strides[dim], size = x->Shape[dim];
        bool outside = false;
        for (long place = from == 0 ? 0 : loop.Seek(from), at = from; at < to; loop.Next(), place = 0)
        {
            long count = Math.Min(loop.Size - place, to - at);
            C* write = py + loop.OffsetY + place * loop.StrideY, read = px + loop.OffsetB + place * loop.StrideB;
            I* position = positions + loop.OffsetA + place * loop.StrideA;
            at += count;
            if (loop.StrideA == 0 && loop.StrideB == 1 && loop.StrideY == 1 && InRange(*position, size, out long whole))
                Buffer.MemoryCopy(read + whole * stride, write, count * sizeof(C), count * sizeof(C));
            else for (long i = 0; i < count; i++)
            {
                bool inside = InRange(position[i * loop.StrideA], size, out long one);
                outside |= !inside;
                write[i * loop.StrideY] = inside ? read[i * loop.StrideB + one * stride] : C.Zero;
            }
        }
        if (outside) Tell(frame);
    }

    /// <summary>Says that a position of this call was outside.</summary>
    public static void Tell(CallFrame* frame)
    {
        if (frame->Fault != null) Interlocked.Exchange(ref *(int*)frame->Fault, frame->Number);
    }

    /// <summary>Whether a position lies in x, and which it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool InRange(I position, long size, out long at)
    {
        at = long.CreateTruncating(position);
        return (ulong)at < (ulong)size;
    }
}

/// <summary>
/// scatter_add: x is copied, then src added element by element in row-major order, which is why it repeats bit for bit. 16-bit floats are rounded at
/// each addition, as their rule allows. What lies outside is dropped and told (KER-25).
/// </summary>
internal static unsafe class ScatterAdd<E, C, I> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C> where I : unmanaged, IBinaryInteger<I>
{
    [SkipLocalsInit]
    public static void Run(CallFrame* frame)
    {
        Copy<E>.Run(frame);
        DLTensor* index = frame->Inputs[1], src = frame->Inputs[2], y = frame->Outputs[0];
        int dim = AlongDim.Dimension(((ScatterAddAttributes*)frame->Attributes)->Dim, y);
        long* strides = stackalloc long[Shape.MaxRank];
        DLTensor others = Seen.Without(y, dim, src, strides);
        E* values = Memory.First<E>(src), to = Memory.First<E>(y);
        I* positions = Memory.First<I>(index);
        Loop.Start(out var loop, src, index, &others);
        bool outside = false;
        do
            for (long i = 0; i < loop.Size; i++)
            {
                bool inside = Gather<byte, I>.InRange(positions[loop.OffsetA + i * loop.StrideA], y->Shape[dim], out long at);
                outside |= !inside;
                if (!inside) continue;
                E* total = to + loop.OffsetB + i * loop.StrideB + at * y->Strides[dim];
                *total = E.Narrow(unchecked(E.Widen(*total) + E.Widen(values[loop.OffsetY + i * loop.StrideY])));
            }
        while (loop.Next());
        if (outside) Gather<byte, I>.Tell(frame);
    }
}

/// <summary>one_hot: zeros, then a one in each row whose class is there.</summary>
internal static unsafe class OneHot<E, I> where E : unmanaged, IElement<E> where I : unmanaged, IBinaryInteger<I>
{
    public static void Run(CallFrame* frame)
    {
        DLTensor* index = frame->Inputs[0], y = frame->Outputs[0];
        E* to = Memory.First<E>(y);
        Loop.Start(out var all, y, null, null);
        do
            for (long i = 0; i < all.Size; i++) to[all.OffsetY + i * all.StrideY] = default;
        while (all.Next());
        DLTensor rows = *y with { Rank = y->Rank - 1 };
        long stride = y->Strides[y->Rank - 1], classes = y->Shape[y->Rank - 1];
        I* positions = Memory.First<I>(index);
        E one = E.FromInt64(1);
        Loop.Start(out var loop, &rows, index, null);
        do
            for (long i = 0; i < loop.Size; i++)
                if (Gather<byte, I>.InRange(positions[loop.OffsetA + i * loop.StrideA], classes, out long at)) to[loop.OffsetY + i * loop.StrideY + at * stride] = one;
        while (loop.Next());
    }
}
