using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>Philox 4×32-10 as a stream: the four words of one counter at a time (RND-2).</summary>
internal readonly ref struct PhiloxStream(ulong seed)
{
    /// <summary>The words of the n-th counter, the first two as one number, and the last two.</summary>
    public (ulong Low, ulong High) Words(ulong n, ulong upper = 0)
    {
        uint c0 = (uint)n, c1 = (uint)(n >> 32), c2 = (uint)upper, c3 = (uint)(upper >> 32);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p = c0 * 0xD2511F53ul, q = c2 * 0xCD9E8D57ul;
            (c0, c1, c2, c3) = ((uint)(q >> 32) ^ c1 ^ k0, (uint)q, (uint)(p >> 32) ^ c3 ^ k1, (uint)p);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return (c0 | (ulong)c1 << 32, c2 | (ulong)c3 << 32);
    }
}

/// <summary>How an element type takes its fraction of 1 from the stream.</summary>
internal interface IFraction<E>
{
    /// <summary>Elements that one counter serves.</summary>
    static abstract int PerCounter { get; }

    /// <summary>The fraction for the element at a place of its counter.</summary>
    static abstract E From(ulong low, ulong high, int place);
}

/// <summary>Fractions of every float type: a word each, f64 two words.</summary>
internal readonly struct Fractions : IFraction<Plain<float>>, IFraction<F16>, IFraction<BF16>, IFraction<Plain<double>>
{
    static int IFraction<Plain<float>>.PerCounter => 4;
    static int IFraction<F16>.PerCounter => 4;
    static int IFraction<BF16>.PerCounter => 4;
    static int IFraction<Plain<double>>.PerCounter => 2;

    static Plain<float> IFraction<Plain<float>>.From(ulong low, ulong high, int place) => new((Word(low, high, place) >> 8) * (1f / (1 << 24)));

    static F16 IFraction<F16>.From(ulong low, ulong high, int place) => F16.Narrow((Word(low, high, place) >> 21) * (1f / (1 << 11)));

    static BF16 IFraction<BF16>.From(ulong low, ulong high, int place) => BF16.Narrow((Word(low, high, place) >> 24) * (1f / (1 << 8)));

    static Plain<double> IFraction<Plain<double>>.From(ulong low, ulong high, int place) => new(((place == 0 ? low : high) >> 11) * (1.0 / (1L << 53)));

    internal static uint Word(ulong low, ulong high, int place) => (uint)((place < 2 ? low : high) >> (place % 2 * 32));
}

/// <summary>Normal numbers of every float type (docs/random.md): the sign, an octave of the tail's probability, and a polynomial in where it stands there.</summary>
internal readonly struct Normals : IFraction<Plain<float>>, IFraction<F16>, IFraction<BF16>, IFraction<Plain<double>>
{
    static int IFraction<Plain<float>>.PerCounter => 4;
    static int IFraction<F16>.PerCounter => 4;
    static int IFraction<BF16>.PerCounter => 4;
    static int IFraction<Plain<double>>.PerCounter => 2;

    static Plain<float> IFraction<Plain<float>>.From(ulong low, ulong high, int place) => new(Single(Fractions.Word(low, high, place)));

    static F16 IFraction<F16>.From(ulong low, ulong high, int place) => F16.Narrow(Single(Fractions.Word(low, high, place)));

    static BF16 IFraction<BF16>.From(ulong low, ulong high, int place) => BF16.Narrow(Single(Fractions.Word(low, high, place)));

    static Plain<double> IFraction<Plain<double>>.From(ulong low, ulong high, int place) => new(Double(place == 0 ? low : high));

    private static float Single(uint word)
    {
        uint n = word << 1 | 1;
        int octave = BitOperations.LeadingZeroCount(n);
        float t = (n << octave >> 8 & 0x7FFFFF) * (1f / (1 << 23));
        var c = NormalQuantile.Coefficients.Slice(octave * NormalQuantile.Terms, NormalQuantile.Terms);
        float z = c[6];
        for (int i = 5; i >= 0; i--) z = MathF.FusedMultiplyAdd(z, t, c[i]);
        return MathF.CopySign(1, BitConverter.UInt32BitsToSingle(word)) * z;
    }

    private static double Double(ulong word)
    {
        ulong n = word << 1 | 1;
        int zeros = BitOperations.LeadingZeroCount(n), octave = Math.Min(zeros, NormalQuantile.Octaves - 1);
        double t = zeros == octave ? (n << octave >> 11 & (1UL << 52) - 1) * (1.0 / (1UL << 52)) : 0;
        var c = NormalQuantile.Coefficients.Slice(octave * NormalQuantile.Terms, NormalQuantile.Terms);
        double z = c[6];
        for (int i = 5; i >= 0; i--) z = Math.FusedMultiplyAdd(z, t, c[i]);
        return Math.CopySign(1, BitConverter.UInt64BitsToDouble(word)) * z;
    }
}

/// <summary>y[i] = what a stream's words give for element i, to a contiguous output.</summary>
internal static unsafe class Stream<E, F> where E : unmanaged where F : IFraction<E>
{
    public static void Uniform(CallFrame* frame) => Fill(frame, ((UniformAttributes*)frame->Attributes)->Seed, ((UniformAttributes*)frame->Attributes)->Offset);

    public static void Normal(CallFrame* frame) => Fill(frame, ((NormalAttributes*)frame->Attributes)->Seed, ((NormalAttributes*)frame->Attributes)->Offset);

    private static void Fill(CallFrame* frame, long seed, long offset)
    {
        var stream = new PhiloxStream((ulong)seed);
        E* y = Memory.First<E>(frame->Outputs[0]);
        ulong counter = (ulong)offset;
        for (long i = 0; i < frame->Elements; counter++)
        {
            var (low, high) = stream.Words(counter);
            for (int place = 0; place < F.PerCounter && i < frame->Elements; place++) y[i++] = F.From(low, high, place);
        }
    }
}

/// <summary>y[i] = the bits of 1 where a word's fraction lies below p, else 0.</summary>
internal static unsafe class Bernoulli<B> where B : unmanaged
{
    public static void Run(CallFrame* frame, B one)
    {
        var attributes = (BernoulliAttributes*)frame->Attributes;
        var stream = new PhiloxStream((ulong)attributes->Seed);
        B* y = Memory.First<B>(frame->Outputs[0]);
        double limit = attributes->P * 4294967296.0;
        for (long i = 0; i < frame->Elements; i += 4)
        {
            var (low, high) = stream.Words((ulong)attributes->Offset + (ulong)i / 4);
            for (int place = 0; place < 4 && i + place < frame->Elements; place++) y[i + place] = Fractions.Word(low, high, place) < limit ? one : default;
        }
    }
}
