using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>What a fill must know of the place that its data go to: the operator, which input, and over which of its dimensions terms are added.</summary>
/// <param name="Operator">The operator's name.</param>
/// <param name="Accuracy">Its accuracy rule's name: sums and products keep their partial sums small, others their values apart.</param>
/// <param name="Input">Which input, from 0.</param>
/// <param name="ReducedDims">A bit for each dimension of this input over which elements meet in one output.</param>
/// <param name="Terms">How many elements of this input meet in one output: the product of those dimensions.</param>
/// <param name="Positions">For an input that holds positions, how many there are; else null.</param>
internal readonly record struct FillContext(string Operator, string Accuracy, int Input, uint ReducedDims, long Terms, long? Positions = null)
{
    /// <summary>What the operator asks of its fills.</summary>
    public OperatorCases Cases => OperatorCases.Of(Operator);

    /// <summary>Whether this input's zeros keep the terms few.</summary>
    public bool IsThinned => Input == Cases.Thinned;

    /// <summary>Derives the context from the declaration.</summary>
    public static unsafe FillContext For(Operator op, void* attributes, IReadOnlyList<Shape> inputs, int input)
    {
        var shape = inputs[input];
        uint mask = Mask(op, attributes, shape, input);
        long terms = 1;
        for (int d = 0; d < shape.Rank; d++)
            if ((mask >> d & 1) != 0) terms *= shape[d];
        // What is added up, in whatever way, is a sum to its fills.
        string accuracy = op.Schema.Accuracy.Name is "mean" or "prefix" or "scattered" ? "sum" : op.Schema.Accuracy.Name;
        return new FillContext(op.Name, accuracy, input, mask, terms, OperatorCases.Of(op).Positions(attributes, inputs, input));
    }

    private static unsafe uint Mask(Operator op, void* attributes, Shape shape, int input)
    {
        int rank = shape.Rank;
        if (OperatorCases.Of(op).Meeting(input) is { } own) return own;
        if (op.Schema.Shape.Name == "matmul") return rank < 2 ? 0 : 1u << (input == 0 ? rank - 1 : rank - 2);
        if (op.Schema.Shape.Name == "reduce")
        {
            var dims = AttributeReader.Integers(attributes, Attribute(op, op.Schema.Shape.Arguments[1]).Offset);
            if (dims.IsEmpty) return (1u << rank) - 1;
            uint mask = 0;
            foreach (long dim in dims) mask |= Bit(dim, rank);
            return mask;
        }
        // Along one dimension, as softmax and sort: the elements of a row meet.
        bool alongDim = op.Schema.Shape is { Name: "same", Arguments.Count: > 1 };
        return alongDim ? Bit(AttributeReader.I64(attributes, Attribute(op, "dim").Offset), rank) : 0;
    }

    private static uint Bit(long dim, int rank) => rank == 0 ? 0 : 1u << (int)(dim < 0 ? dim + rank : dim);

    private static AttributeParameter Attribute(Operator op, string name) => op.Schema.Attributes.First(a => a.Name == name);

    /// <summary>For each element in row-major order, the output that it belongs to and its place among that output's terms.</summary>
    public IEnumerable<(long Index, long Output, long Term)> Walk(Shape shape)
    {
        long elements = shape.Elements;
        var position = new long[shape.Rank];
        for (long index = 0; index < elements; index++)
        {
            long output = 0, term = 0;
            for (int d = 0; d < position.Length; d++)
                if ((ReducedDims >> d & 1) != 0) term = term * shape[d] + position[d];
                else output = output * shape[d] + position[d];
            yield return (index, output, term);
            for (int d = position.Length - 1; d >= 0 && ++position[d] == shape[d]; d--) position[d] = 0;
        }
    }
}
