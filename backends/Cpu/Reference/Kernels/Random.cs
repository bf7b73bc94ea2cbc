namespace Backends.Reference;

/// <summary>Numbers that depend on seed, offset and position alone (RND-2).</summary>
internal static class Random
{
    /// <summary>y[i] = the first bits of the words that are i's, as a fraction of 1; every value is exact in y's dtype.</summary>
    public static void Uniform(long seed, long offset, DType dtype, View<Real> y)
    {
        ulong n = 0;
        foreach (long[] i in y.Shape.Indices()) y[i] = Real.FromDouble(Fraction((ulong)seed, (ulong)offset, n++, dtype));
    }

    private static double Fraction(ulong seed, ulong offset, ulong n, DType dtype)
    {
        if (dtype == DType.F64)
        {
            uint[] pair = Philox.Words(seed, offset + n / 2);
            ulong word = (ulong)pair[2 * (n % 2) + 1] << 32 | pair[2 * (n % 2)];
            return Math.ScaleB(word >> 11, -53);
        }
        uint w = Philox.Words(seed, offset + n / 4)[n % 4];
        return dtype switch
        {
            DType.F32 => Math.ScaleB(w >> 8, -24),
            DType.F16 => Math.ScaleB(w >> 21, -11),
            _ => Math.ScaleB(w >> 24, -8),
        };
    }
}
