using Backends.Plugins;
using Backends.Reference;

namespace Backends.Conformance;

/// <summary>Operators whose results are bits: moved, given, converted, or positions. No arithmetic, so nothing is left open but what casts leave open.</summary>
internal static unsafe class Moved
{
    /// <summary>Bit for bit, payloads of NaN too.</summary>
    public static Answer Copy(Operand x)
    {
        var right = new BitsAnswer(x.DType, x.Shape, "copy") { MovesData = true };
        for (long i = 0; i < x.Elements; i++) right.Set(i, x.Bits(i));
        return right;
    }

    /// <summary>The elements that a view's strides and offset name.</summary>
    public static Answer View(Operator op, void* attributes, Operand x)
    {
        Span<Shape> shapes = new Shape[1];
        var inference = new Inference { Operator = op, Inputs = new[] { x.Shape }, Attributes = attributes, Outputs = shapes, Strides = x.Shape.ContiguousStrides() };
        op.Infer(ref inference);
        var right = new BitsAnswer(x.DType, shapes[0], op.Name) { MovesData = true };
        long[] strides = inference.ViewStrides!;
        long offset = inference.ViewOffset, element = 0;
        foreach (long[] index in right.Shape.Indices())
        {
            long at = offset;
            for (int d = 0; d < index.Length; d++) at += index[d] * strides[d];
            right.Set(element++, x.Bits(at));
        }
        return right;
    }

    /// <summary>Each element by its place along every dimension, or the constant, converted as by cast.</summary>
    public static Answer Pad(Operator op, void* attributes, Operand x)
    {
        var a = (PadAttributes*)attributes;
        var right = new BitsAnswer(x.DType, Oracle.OutputShape(op, attributes, [x]), op.Name) { MovesData = true };
        var (constant, other) = CastRule.Apply(a->Value, x.DType);
        var sources = new long[x.Shape.Rank][];
        for (int d = 0; d < sources.Length; d++)
        {
            int pair = 2 * (sources.Length - 1 - d);
            sources[d] = Sources(x.Shape[d], pair < a->Pads.Length ? a->Pads[pair] : 0, right.Shape[d], a->Mode);
        }
        long[] strides = x.Shape.ContiguousStrides();
        long element = 0;
        foreach (long[] index in right.Shape.Indices())
        {
            long at = 0;
            for (int d = 0; d < index.Length && at >= 0; d++) at = sources[d][index[d]] is var s && s < 0 ? -1 : at + s * strides[d];
            if (at < 0) right.Set(element++, constant, other);
            else right.Set(element++, x.Bits(at));
        }
        return right;
    }

    // Where each element along a dimension comes from, -1 for the constant: walked from x's first element to either side.
    private static long[] Sources(long size, long before, long length, PadMode mode)
    {
        var places = new long[length];
        foreach (int way in (int[])[1, -1])
        {
            long at = 0, step = way;
            for (long i = before; i >= 0 && i < length; i += way)
            {
                bool outside = i < before || i >= before + size;
                places[i] = mode == PadMode.Constant && outside ? -1 : at;
                long next = at + step;
                if (next >= 0 && next < size) at = next;
                else if (mode == PadMode.Circular) at = step > 0 ? 0 : size - 1;
                else if (mode == PadMode.Reflect && size > 1) at += step = -step;
            }
        }
        return places;
    }

    /// <summary>One value everywhere, converted as by cast.</summary>
    public static Answer Fill(Operator op, void* attributes, DType dtype)
    {
        var right = new BitsAnswer(dtype, Oracle.OutputShape(op, attributes, []), op.Name) { AnyNaN = true };
        var (bits, other) = CastRule.Apply(((FillAttributes*)attributes)->Value, dtype);
        for (long i = 0; i < right.Shape.Elements; i++) right.Set(i, bits, other);
        return right;
    }

    /// <summary>Each element by <see cref="CastRule"/>; a NaN may lose its payload.</summary>
    public static Answer Cast(Operand x, DType to, Shape shape)
    {
        var right = new BitsAnswer(to, shape, "cast") { AnyNaN = true, MovesData = x.DType == to, Kind = to.IsFloat ? BoundKind.CorrectlyRounded : BoundKind.Exact };
        for (long i = 0; i < x.Elements; i++)
        {
            var (bits, other) = CastRule.Apply(x.DType, x.Bits(i), to);
            right.Set(i, bits, other);
        }
        return right;
    }

    /// <summary>The positions of what is not zero, in row-major order; NaN is not zero.</summary>
    public static Answer Nonzero(Operand x)
    {
        var rows = new List<long>();
        long element = 0;
        foreach (long[] index in x.Shape.Indices())
        {
            bool zero = x.DType.IsFloat ? x.Real(element) == 0 : x.Bits(element) == 0;
            if (!zero) rows.AddRange(index.Length == 0 ? [] : index);
            element++;
        }
        long count = x.Shape.Rank > 0 ? rows.Count / x.Shape.Rank : x.Elements == 1 && !(x.DType.IsFloat ? x.Real(0) == 0 : x.Bits(0) == 0) ? 1 : 0;
        var right = new BitsAnswer(DType.I64, [count, x.Shape.Rank], "nonzero");
        for (int i = 0; i < rows.Count; i++) right.Set(i, (ulong)rows[i]);
        return right;
    }
}
