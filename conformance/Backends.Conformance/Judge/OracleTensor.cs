using Backends.Reference;

namespace Backends.Conformance;

/// <summary>A tensor of the oracle: tracked numbers with the shape, strides and nominal dtype of the tensor that it stands for.</summary>
internal sealed class OracleTensor(DType dtype, Shape shape, Tracked[] values, long[] strides, long offset)
{
    /// <summary>An input: exact numbers, contiguous.</summary>
    public static OracleTensor From(Operand operand)
    {
        var values = new Tracked[operand.Elements];
        for (long i = 0; i < values.Length; i++)
            values[i] = operand.DType.IsFloat ? Tracked.FromDouble(operand.Real(i))
                : Tracked.FromInteger(operand.DType == DType.U64 ? operand.Bits(i) : operand.Integer(i));
        return new(operand.DType, operand.Shape, values, operand.Shape.ContiguousStrides(), 0);
    }

    public DType DType { get; } = dtype;
    public Shape Shape { get; } = shape;
    /// <summary>The storage; for a contiguous tensor its elements in row-major order.</summary>
    public Tracked[] Values { get; } = values;
    public long[] Strides { get; } = strides;
    public long Offset { get; } = offset;

    /// <summary>The elements in row-major order.</summary>
    public Tracked[] Contiguous()
    {
        if (Offset == 0 && Strides.AsSpan().SequenceEqual(Shape.ContiguousStrides())) return Values;
        var view = View;
        return [.. Shape.Indices().Select(i => view[i])];
    }

    public View<Tracked> View => new(Values, Shape, Strides, Offset);
}
