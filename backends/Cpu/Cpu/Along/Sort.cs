using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// An element's place in the order: its value as an integer that is ordered alike, then its position, so that no two are equal and any sort is stable.
/// NaN is above all numbers, -0 is +0; in falling order the integer is turned round, the position is not.
/// </summary>
internal readonly struct Ranked(ulong key, long position) : IComparable<Ranked>
{
    private readonly ulong _key = key;

    public long Position { get; } = position;

    public static Ranked Of<C>(C value, long position, bool descending) where C : unmanaged, INumber<C>
    {
        ulong key = Key(value);
        return new(descending ? ~key : key, position);
    }

    public int CompareTo(Ranked other) => _key != other._key ? (_key < other._key ? -1 : 1) : Position.CompareTo(other.Position);

    private static ulong Key<C>(C value) where C : unmanaged, INumber<C>
    {
        const ulong Top = 1UL << 63;
        if (typeof(C) != typeof(float) && typeof(C) != typeof(double))
            return C.IsNegative(value) ? (ulong)long.CreateTruncating(value) ^ Top : ulong.CreateTruncating(value) | (IsSigned<C>() ? Top : 0);
        if (C.IsNaN(value)) return ulong.MaxValue;
        ulong bits = BitConverter.DoubleToUInt64Bits(double.CreateTruncating(value + C.Zero));      // -0 + 0 = +0
        return (bits & Top) != 0 ? ~bits : bits | Top;
    }

    private static bool IsSigned<C>() where C : unmanaged, INumber<C> => C.IsNegative(unchecked(C.Zero - C.One));
}

/// <summary>sort along one dimension: lines are ranked, and elements moved bit for bit.</summary>
internal static unsafe class Sort<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame) => AlongDim.Split(frame, frame->Inputs[0], Dim(frame), &Part);

    private static int Dim(CallFrame* frame) => AlongDim.Dimension(((SortAttributes*)frame->Attributes)->Dim, frame->Inputs[0]);

    private static void Part(CallFrame* frame, long from, long to) => Ranks<E, C>.Write(frame, Dim(frame), ((SortAttributes*)frame->Attributes)->Descending, from, to);
}

/// <summary>Writes the first elements of each line in their order, and where they stood: as many as the outputs have.</summary>
internal static unsafe class Ranks<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Write(CallFrame* frame, int dim, bool descending, long from, long to)
    {
        DLTensor* x = frame->Inputs[0], values = frame->Outputs[0], indices = frame->Outputs[1];
        int count = checked((int)x->Shape[dim]);
        long kept = values->Shape[dim];
        var ranks = new Ranked[count];
        AlongDim.Start(out var lines, dim, values, x, indices, from);
        for (long line = from; line < to; line++, lines.Next())
        {
            E* read = Memory.First<E>(x) + lines.OffsetA, write = Memory.First<E>(values) + lines.OffsetY;
            long* places = Memory.First<long>(indices) + lines.OffsetB;
            for (int i = 0; i < count; i++) ranks[i] = Ranked.Of(E.Widen(read[i * x->Strides[dim]]), i, descending);
            ranks.AsSpan().Sort();
            for (long i = 0; i < kept; i++)
            {
                write[i * values->Strides[dim]] = read[ranks[i].Position * x->Strides[dim]];
                places[i * indices->Strides[dim]] = ranks[i].Position;
            }
        }
    }
}
