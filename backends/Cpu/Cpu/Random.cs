using System.Runtime.CompilerServices;
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

    private static uint Word(ulong low, ulong high, int place) => (uint)((place < 2 ? low : high) >> (place % 2 * 32));
}

/// <summary>y = uniform in [0, 1), to a contiguous output.</summary>
internal static unsafe class Uniform<E, F> where E : unmanaged where F : IFraction<E>
{
    public static void Run(CallFrame* frame)
    {
        var attributes = (UniformAttributes*)frame->Attributes;
        var stream = new PhiloxStream((ulong)attributes->Seed);
        E* y = Memory.First<E>(frame->Outputs[0]);
        ulong counter = (ulong)attributes->Offset;
        for (long i = 0; i < frame->Elements; counter++)
        {
            var (low, high) = stream.Words(counter);
            for (int place = 0; place < F.PerCounter && i < frame->Elements; place++) y[i++] = F.From(low, high, place);
        }
    }
}
