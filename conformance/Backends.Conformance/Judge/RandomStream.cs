using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>The reference stream (RND-2, RND-3; docs/random.md): which bits random operators give, from the suite's own Philox and own text of each formula.</summary>
internal static unsafe class RandomStream
{
    /// <summary>A fraction of 1.</summary>
    public static Answer Uniform(Operator op, void* attributes, DType dtype)
    {
        var a = (UniformAttributes*)attributes;
        var right = new BitsAnswer(dtype, Oracle.OutputShape(op, attributes, []), op.Name);
        ulong key = (ulong)a->Seed, offset = (ulong)a->Offset;
        var format = FloatFormat.Of(dtype);
        for (long i = 0; i < right.Shape.Elements; i++)
        {
            if (dtype == DType.F64)
            {
                var block = Philox.Block(key, offset + ((ulong)i >> 1));
                ulong pair = (i & 1) == 0 ? (ulong)block.W1 << 32 | block.W0 : (ulong)block.W3 << 32 | block.W2;
                right.Set(i, format.Encode((pair >> 11) * FloatFormat.Power(-53)));
                continue;
            }
            uint word = Philox.Word(key, offset * 4 + (ulong)i);
            right.Set(i, format.Encode((word >> (32 - format.Precision)) * FloatFormat.Power(-format.Precision)));
        }
        return right;
    }

    /// <summary>A normal number: sign, octave, and a polynomial in where it stands there, by fused multiply-adds.</summary>
    public static Answer Normal(Operator op, void* attributes, DType dtype)
    {
        var a = (NormalAttributes*)attributes;
        var right = new BitsAnswer(dtype, Oracle.OutputShape(op, attributes, []), op.Name);
        var format = FloatFormat.Of(dtype);
        for (long i = 0; i < right.Shape.Elements; i++)
        {
            ulong key = (ulong)a->Seed, offset = (ulong)a->Offset;
            double z = dtype == DType.F64
                ? Double(Philox.Word(key, offset * 4 + 2 * (ulong)i), Philox.Word(key, offset * 4 + 2 * (ulong)i + 1))
                : Single(Philox.Word(key, offset * 4 + (ulong)i));
            right.Set(i, format.Encode(format.Round(z)));
        }
        return right;
    }

    /// <summary>1 or 0.</summary>
    public static Answer Bernoulli(Operator op, void* attributes, DType dtype)
    {
        var a = (BernoulliAttributes*)attributes;
        var right = new BitsAnswer(dtype, Oracle.OutputShape(op, attributes, []), op.Name);
        ulong one = dtype == DType.Bool ? 1 : FloatFormat.Of(dtype).Encode(1);
        for (long i = 0; i < right.Shape.Elements; i++)
            right.Set(i, Philox.Word((ulong)a->Seed, (ulong)a->Offset * 4 + (ulong)i) < a->P * 4294967296.0 ? one : 0);
        return right;
    }

    private static double Single(uint word)
    {
        // p = (2m + 1) · 2^-33 = 2^-(2+e) · (1 + t), both exact in a double.
        double p = (2.0 * (word & 0x7FFFFFFF) + 1) * FloatFormat.Power(-33);
        int octave = -2 - Math.ILogB(p);
        // An f32 holds 24 bits of 1 + t: the rest is cut off.
        float t = (float)(Math.Floor((p * FloatFormat.Power(2 + octave) - 1) * FloatFormat.Power(23)) * FloatFormat.Power(-23)), z = 0;
        for (int i = NormalQuantile.Terms - 1; i >= 0; i--) z = MathF.FusedMultiplyAdd(z, t, NormalQuantile.Coefficients[octave * NormalQuantile.Terms + i]);
        return (word & 0x80000000) == 0 ? z : -z;
    }

    private static double Double(uint low, uint high)
    {
        UInt128 n = 2 * (UInt128)((ulong)(high & 0x7FFFFFFF) << 32 | low) + 1;
        int length = 64 - (int)UInt128.LeadingZeroCount(n) + 64, octave = 64 - length;
        double t = octave < NormalQuantile.Octaves ? (double)((n << octave & ulong.MaxValue >> 1) >> 11) * FloatFormat.Power(-52) : 0, z = 0;
        octave = Math.Min(octave, NormalQuantile.Octaves - 1);
        for (int i = NormalQuantile.Terms - 1; i >= 0; i--) z = Math.FusedMultiplyAdd(z, t, NormalQuantile.Coefficients[octave * NormalQuantile.Terms + i]);
        return (high & 0x80000000) == 0 ? z : -z;
    }
}
