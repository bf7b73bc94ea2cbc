using System.Numerics;
using Backends.Plugins;

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

    /// <summary>y[i] = the quantile of the normal distribution at the words that are i's.</summary>
    public static void Normal(long seed, long offset, DType dtype, View<Real> y)
    {
        ulong n = 0;
        foreach (long[] i in y.Shape.Indices())
        {
            y[i] = Real.FromDouble(dtype == DType.F64 ? Quantile(Pair((ulong)seed, (ulong)offset, n)) : Quantile(Word((ulong)seed, (ulong)offset, n)));
            n++;
        }
    }

    /// <summary>y[i] = 1 where the fraction of 1 that i's word is lies below p.</summary>
    public static void Bernoulli(long seed, long offset, double p, View<Real> y)
    {
        ulong n = 0;
        foreach (long[] i in y.Shape.Indices()) y[i] = Real.FromDouble(Math.ScaleB(Word((ulong)seed, (ulong)offset, n++), -32) < p ? 1 : 0);
    }

    private static uint Word(ulong seed, ulong offset, ulong n) => Philox.Words(seed, offset + n / 4)[n % 4];

    private static ulong Pair(ulong seed, ulong offset, ulong n)
    {
        uint[] words = Philox.Words(seed, offset + n / 2);
        return (ulong)words[2 * (n % 2) + 1] << 32 | words[2 * (n % 2)];
    }

    private static float Quantile(uint word)
    {
        uint n = word << 1 | 1;
        int octave = BitOperations.LeadingZeroCount(n);
        float t = (n << octave >> 8 & 0x7FFFFF) * (1f / (1 << 23));
        var c = NormalQuantile.Coefficients.Slice(octave * NormalQuantile.Terms, NormalQuantile.Terms);
        float z = c[^1];
        for (int i = c.Length - 2; i >= 0; i--) z = MathF.FusedMultiplyAdd(z, t, c[i]);
        return word >> 31 == 0 ? z : -z;
    }

    // Beyond the last octave lies less than 2^-32 of the distribution: all of it counts as that octave's end.
    private static double Quantile(ulong word)
    {
        ulong n = word << 1 | 1;
        int zeros = BitOperations.LeadingZeroCount(n), octave = Math.Min(zeros, NormalQuantile.Octaves - 1);
        double t = zeros == octave ? (n << octave >> 11 & (1UL << 52) - 1) * (1.0 / (1UL << 52)) : 0;
        var c = NormalQuantile.Coefficients.Slice(octave * NormalQuantile.Terms, NormalQuantile.Terms);
        double z = c[^1];
        for (int i = c.Length - 2; i >= 0; i--) z = Math.FusedMultiplyAdd(z, t, c[i]);
        return word >> 63 == 0 ? z : -z;
    }
}
