using Backends.Plugins;

namespace Backends.Conformance.Tests.Faults;

/// <summary>Loops, strides, guards: which elements are read and written, whatever is computed.</summary>
internal static unsafe class StructureFaults
{
    public static IEnumerable<Fault> All =>
    [
        .. from w in (int[])[8, 16, 32] select new Fault($"the element after the last vector of {w} is not written", "add", "f32", "values", c => Unwritten(c, i => c.Y.Count % w == 1 && i == c.Y.Count - 1)),
        new("the last element of a row of 33 is not written", "relu", "f32", "values", c => Unwritten(c, i => c.Y.Shape is [.., 33] && i % 33 == 32)),
        new("the last vector is written, its tail is not", "mul", "f16", "values", c => Unwritten(c, i => c.Y.Count > 8 && i >= c.Y.Count - c.Y.Count % 8)),
        new("the last row of an odd number is not written", "matmul", "f32", "values", c => Unwritten(c, i => c.Y.Shape[^2] % 2 == 1 && c.Y.Shape[^2] > 1 && i / c.Y.Shape[^1] % c.Y.Shape[^2] == c.Y.Shape[^2] - 1)),
        new("the output is left as it was at rank 3 and above", "neg", "f32", "values", c => { if (c.Y.Shape.Rank < 3) c.Right(); }),
        new("one element too many is written at a width of 33", "relu", "f32", "out-of-bounds", c => { c.Right(); if (c.Y.Shape is [.., 33]) c.Y[c.Y.Count] = 0; }),
        new("one element before the first is written", "mul", "f64", "out-of-bounds", c => { c.Right(); c.Y[-1] = 0; }),
        new("an input is used as scratch", "relu", "f32", "input-changed", c => { c.Right(); if (c.X[0].Bits().SequenceEqual(c.Before[0])) c.X[0][0] ^= 1; }),
        new("a claimed call is declined", "relu", "f32", "fell-back", _ => throw new BackendException(BackendStatus.Declined, "not today")),
        new("strides of an input are ignored", "mul", "f32", "layouts", c => c.Misread(t => Contiguous((DLTensor*)t, _ => true))),
        new("strides of the result are ignored", "add", "f32", "out-of-bounds", Dense),
        new("stride 0 is read as contiguous", "add", "f32", "layouts", c => c.Misread(t => Contiguous((DLTensor*)t, s => s == 0))),
        new("stride 0 is read as contiguous", "copy", "f32", "layouts", c => c.Misread(t => Contiguous((DLTensor*)t, s => s == 0))),
        new("negative strides are read as positive", "copy", "f32", "layouts", c => c.Misread(t => Each((DLTensor*)t, s => Math.Abs(s)))),
        new("the last two strides change places", "cast", "f32,f32", "layouts", c => c.Misread(t => Swap((DLTensor*)t))),
        new("the last two strides change places", "sum", "f32", "layouts", c => c.Misread(t => Swap((DLTensor*)t))),
        new("an unaligned base is rounded down", "add", "f32", "layouts", c => c.Misread(t => Aligned((DLTensor*)t))),
        new("the first input's offset is taken for all", "sub", "f32", "layouts", c => { if (c.Frame->Inputs[0]->ByteOffset % 512 == 256 || c.Frame->Inputs[1]->ByteOffset == c.Frame->Inputs[0]->ByteOffset) c.Right(); else c.Misread(t => ((DLTensor*)t)->ByteOffset -= 192); }),
        new("in place, the second half is computed twice", "add", "f32", "inplace", Twice),
        new("operands change places where one is broadcast", "sub", "f32", "values", c => c.Changed((i, y) => c.Frame->Inputs[1]->Rank < c.Y.Shape.Rank ? y ^ 0x80000000 : y)),
    ];

    private static void Unwritten(Call c, Func<long, bool> left)
    {
        var before = c.Y.Bits();
        c.Changed((i, y) => left(i) ? before[i] : y);
    }

    private static void Twice(Call c)
    {
        bool inPlace = c.Frame->Inputs[0]->Data == c.Frame->Outputs[0]->Data && c.Frame->Inputs[0]->ByteOffset == c.Frame->Outputs[0]->ByteOffset;
        c.Right();
        if (inPlace) for (long i = (c.Y.Count + 1) / 2; i < c.Y.Count; i++) c.Y.Set(i, c.Y.Number(c.Y[i]) + c.In(1, i));
    }

    private static void Dense(Call c)
    {
        c.Right();
        var bits = c.Y.Bits();
        Contiguous(c.Frame->Outputs[0], _ => true);
        var dense = new Cells(c.Frame->Outputs[0]);
        for (long i = 0; i < bits.Length; i++) dense[i] = bits[i];
    }

    private static void Contiguous(DLTensor* t, Func<long, bool> which)
    {
        long stride = 1;
        for (int d = t->Rank - 1; d >= 0; d--)
        {
            if (which(t->Strides[d])) t->Strides[d] = stride;
            stride *= t->Shape[d];
        }
    }

    private static void Each(DLTensor* t, Func<long, long> stride)
    {
        for (int d = 0; d < t->Rank; d++) t->Strides[d] = stride(t->Strides[d]);
    }

    private static void Swap(DLTensor* t)
    {
        if (t->Rank >= 2 && t->Strides[t->Rank - 2] < t->Strides[t->Rank - 1])
            (t->Strides[t->Rank - 1], t->Strides[t->Rank - 2]) = (1, t->Shape[t->Rank - 1]);
    }

    private static void Aligned(DLTensor* t)
    {
        nuint address = (nuint)t->Data + (nuint)t->ByteOffset;
        t->ByteOffset -= address % 16;
    }
}
