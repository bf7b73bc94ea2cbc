using Backends.Plugins;

namespace Backends.Conformance.Tests.Faults;

/// <summary>What a planted kernel gets: the call's tensors, the inputs as they were, and the right kernel to begin with.</summary>
internal sealed unsafe class Call
{
    private readonly delegate*<CallFrame*, void> _right;

    public Call(CallFrame* frame, Operator op, delegate*<CallFrame*, void> right)
    {
        Frame = frame;
        Operator = op;
        _right = right;
        Y = new Cells(frame->Outputs[0]);
        bool elementwise = op.Schema.Shape.Name is "same" or "broadcast";
        X = [.. Enumerable.Range(0, frame->InputCount).Select(i => frame->Inputs[i] == null ? null! : new Cells(frame->Inputs[i], elementwise ? Y.Shape : null))];
        Before = [.. X.Select(x => x?.Bits() ?? [])];
    }

    public CallFrame* Frame { get; }

    public Operator Operator { get; }

    /// <summary>The inputs; null for one that is absent.</summary>
    public Cells[] X { get; }

    public Cells Y { get; }

    /// <summary>The inputs' bits before the call; broadcast to the result where the operator does that.</summary>
    public ulong[][] Before { get; }

    public bool Has(int input) => X[input] is not null;

    public double In(int input, long index) => X[input].Number(Before[input][index]);

    public void Right()
    {
        if (_right == null) throw new InvalidOperationException($"{Operator.Name} has no kernel to begin with");
        _right(Frame);
    }

    /// <summary>The right result, then some elements changed: from place and right bits to bits.</summary>
    public void Changed(Func<long, ulong, ulong> change)
    {
        Right();
        for (long i = 0; i < Y.Count; i++)
            if (Y[i] is var bits && change(i, bits) is var now && now != bits) Y[i] = now;
    }

    /// <summary>The result element by element, from place to number.</summary>
    public void Map(Func<long, double> value)
    {
        for (long i = 0; i < Y.Count; i++) Y.Set(i, value(i));
    }

    /// <summary>Whether a quotient is to be made whole.</summary>
    public bool Rounds() => ((DivAttributes*)Frame->Attributes)->Rounding != DivRounding.None;

    /// <summary>The right kernel on descriptors that were changed first.</summary>
    public void Misread(Action<nint> change)
    {
        var copies = stackalloc DLTensor[Frame->InputCount];
        var inputs = stackalloc DLTensor*[Frame->InputCount];
        var strides = stackalloc long[16 * Frame->InputCount];
        for (int i = 0; i < Frame->InputCount; i++)
        {
            copies[i] = *Frame->Inputs[i];
            for (int d = 0; d < copies[i].Rank; d++) strides[16 * i + d] = copies[i].Strides[d];
            copies[i].Strides = strides + 16 * i;
            change((nint)(copies + i));
            inputs[i] = copies + i;
        }
        var frame = *Frame;
        frame.Inputs = inputs;
        _right(&frame);
    }

    /// <summary>The places of the terms of each result of a reduction, or of each row of a softmax.</summary>
    public List<long>[] Rows()
    {
        var context = FillContext.For(Operator, Frame->Attributes, [X[0].Shape], 0);
        long rows = context.Terms == 0 ? 0 : X[0].Count / context.Terms;
        var terms = new List<long>[Math.Max(rows, Operator.Schema.Shape.Name == "reduce" ? Y.Count : rows)];
        for (int i = 0; i < terms.Length; i++) terms[i] = [];
        foreach (var (index, output, _) in context.Walk(X[0].Shape)) terms[output].Add(index);
        return terms;
    }

    /// <summary>Each result of a reduction from its terms.</summary>
    public void Reduce(Func<double[], double> reduce)
    {
        var rows = Rows();
        for (long o = 0; o < Y.Count; o++) Y.Set(o, reduce([.. rows[o].Select(i => In(0, i))]));
    }

    /// <summary>Each result of a product from the row and the column that meet in it.</summary>
    public void Product(Func<double[], double[], double> product, bool firstBatchOnly = false)
    {
        long m = Y.Shape[^2], n = Y.Shape[^1], k = X[0].Shape[^1];
        double[] left = X[0].Numbers(), right = X[1].Numbers();
        double[] a = new double[k], b = new double[k];
        long[] batches = [.. Y.Shape.AsSpan()[..^2]];
        for (long o = 0; o < Y.Count; o++)
        {
            long batch = o / (m * n), row = o / n % m, column = o % n;
            long atA = Batch(X[0].Shape, batches, batch) * m * k, atB = (firstBatchOnly ? 0 : Batch(X[1].Shape, batches, batch)) * k * n;
            for (long i = 0; i < k; i++) (a[i], b[i]) = (left[atA + row * k + i], right[atB + i * n + column]);
            Y.Set(o, product(a, b));
        }
    }

    // Which of a tensor's own batches stands for a batch of the result.
    private static long Batch(Shape shape, long[] batches, long number)
    {
        long own = 0, scale = 1;
        for (int d = batches.Length - 1, e = shape.Rank - 3; d >= 0; d--, e--)
        {
            (number, long at) = Math.DivRem(number, batches[d]);
            if (e < 0) continue;
            own += shape[e] == 1 ? 0 : at * scale;
            scale *= shape[e];
        }
        return own;
    }
}
