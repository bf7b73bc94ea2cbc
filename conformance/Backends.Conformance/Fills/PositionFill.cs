namespace Backends.Conformance;

/// <summary>
/// What an input of positions holds under every fill: random ones, so that some come twice and some never, the last one first of all. Under
/// <c>special</c> each fourth is none: negative, one too far, and such as are one again when a kernel drops their high bits, wraps or clamps (KER-25).
/// </summary>
internal static class PositionFill
{
    public static void Name(Operand data, long seed, FillContext context, bool beyond)
    {
        long count = context.Positions!.Value;
        uint[] words = Fill.Words(seed, context.Input, data.Elements);
        for (long i = 0; i < data.Elements; i++)
        {
            long position = count == 0 ? 0 : i == 0 ? count - 1 : i == data.Elements - 1 ? 0 : words[i] % count;
            data.SetBits(i, (ulong)(beyond && (i + seed) % 4 == 1 ? Outside(data.DType, count, (i + seed) / 4) : position));
        }
    }

    private static long Outside(DType dtype, long count, long kind) => dtype == DType.I32
        ? (kind % 6) switch { 0 => count, 1 => -1, 2 => int.MaxValue, 3 => int.MinValue, 4 => -count, _ => count + 1 }
        : (kind % 8) switch { 0 => count, 1 => -1, 2 => 1L << 32, 3 => long.MinValue, 4 => -count, 5 => long.MaxValue, 6 => unchecked((long)0x8000_0001_0000_0000), _ => count + 1 };
}
