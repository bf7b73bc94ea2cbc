namespace Backends.Conformance;

/// <summary>cast: ties and limits of the formats and integers that casts go to.</summary>
internal sealed class CastCases : OperatorCases
{
    public override double[] Edges(DType dtype) =>
    [
        65504, 65519.99, 65520, 2147483648.0, 3e9, -2147483649.0, 4294967296.0, 9.3e18, 1.9e19, 255, 256, 127.5, -128.5, -129, 1.9999, -0.9,
        448, 464, 480, 57344, 61440, 1.00390625, 1.01171875, 1.99609375, 1 + 3.0 / 2048, 1 + 1.0 / 2048, 3.3961775292304747e38, 3 * FloatFormat.Power(-25), FloatFormat.Power(-25),
        FloatFormat.Power(-24) * 1.5, FloatFormat.Power(-150), FloatFormat.Power(-149) * 1.5, FloatFormat.Power(-133), 1e-45, 1.0000000596046448, 1.00000009, 65519.5, 1 + FloatFormat.Power(-11) + FloatFormat.Power(-30),
    ];

    // Halves of the narrower formats; the last one is a half of f32's only until f64 has rounded it.
    public override ulong[] IntegerEdges => [2049, 2051, 65519, 65520, 16777217, 16777219, (1UL << 60) + (1UL << 36) + 1];
}
