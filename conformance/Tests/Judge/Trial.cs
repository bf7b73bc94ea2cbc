using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends.Conformance.Tests;

/// <summary>One call to be judged, with a plain loop in the place of a kernel: what it writes into <see cref="Output"/> is the result.</summary>
internal sealed unsafe class Trial : IDisposable
{
    private readonly AttributeValues _attributes;
    private readonly string _fill;

    public Trial(Operator op, DType dtype, Shape[] shapes, string fill, long seed = 7, params (string Name, string Value)[] attributes)
        : this(op, fill, attributes)
    {
        Inputs = new Operand[shapes.Length];
        for (int i = 0; i < shapes.Length; i++)
            Inputs[i] = new Operand(dtype, shapes[i], Fill.Make(fill, 1, dtype, shapes[i], seed, FillContext.For(op, _attributes.Pointer, shapes, i)));
        Output = Poisoned();
    }

    public Trial(Operator op, Operand[] inputs, string fill = "special", params (string Name, string Value)[] attributes)
        : this(op, fill, attributes)
    {
        Inputs = inputs;
        Output = Poisoned();
    }

    private Trial(Operator op, string fill, (string Name, string Value)[] attributes)
    {
        (Operator, _fill, Inputs, Output) = (op, fill, [], null!);
        _attributes = new AttributeValues(op, attributes.ToDictionary(a => a.Name, a => a.Value));
    }

    public Operator Operator { get; }

    public Operand[] Inputs { get; }

    public Operand Output { get; set; }

    public void* Attributes => _attributes.Pointer;

    public JudgeResult Judge(Operand? previous = null) => Conformance.Judge.Decide(Operator, Attributes, Inputs, [Output], _fill, previous);

    /// <summary>The values of an f32 input.</summary>
    public float[] Floats(int input) => MemoryMarshal.Cast<byte, float>(Inputs[input].Data).ToArray();

    /// <summary>Writes each element of the output, rounded to its dtype.</summary>
    public Trial Write(Func<long, double> kernel)
    {
        for (long i = 0; i < Output.Elements; i++) Output.Set(i, kernel(i));
        return this;
    }

    public void Dispose() => _attributes.Dispose();

    public static Operand Of(DType dtype, params double[] values)
    {
        var operand = Operand.Zeros(dtype, [values.Length]);
        for (int i = 0; i < values.Length; i++) operand.Set(i, values[i]);
        return operand;
    }

    private Operand Poisoned()
    {
        var output = Operand.Zeros(Oracle.OutputType(Operator, Attributes, Inputs), Oracle.OutputShape(Operator, Attributes, Inputs));
        Poison.Fill(output.Data, output.DType);
        return output;
    }
}
