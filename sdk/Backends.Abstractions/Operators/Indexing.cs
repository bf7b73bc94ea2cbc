namespace Backends.Declarations;

// Operators that choose elements by position.

/// <summary>The positions of the elements that are not zero, one row each, in row-major order. NaN is not zero.</summary>
[Operator("nonzero(T x) -> i64 : T in bool|number ; shape=custom ; accuracy=exact ; phases=2")]
internal static class Nonzero
{
    /// <summary>The number of rows is the data's; the rule gives the most there can be.</summary>
    public static void Shape(ref Inference inference)
    {
        var x = inference.Inputs[0];
        inference.Outputs[0] = [x.Elements, x.Rank];
    }
}
