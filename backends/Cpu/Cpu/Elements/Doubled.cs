using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>f32, computed in f64 and rounded once: for functions in which an error of f32 would grow.</summary>
internal readonly unsafe struct Doubled(float value) : IElement<Doubled, double>
{
    private readonly float _value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Widen(Doubled x) => x._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubled Narrow(double x) => new((float)x);

    public static void Widen(Doubled* x, double* to, long count)
    {
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.Load((float*)x + i), out var low, out var high);
            low.Store(to + i);
            high.Store(to + i + Vector<double>.Count);
        }
        for (; i < count; i++) to[i] = x[i]._value;
    }

    public static void Narrow(double* x, Doubled* to, long count)
    {
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Narrow(Vector.Load(x + i), Vector.Load(x + i + Vector<double>.Count)).Store((float*)to + i);
        for (; i < count; i++) to[i] = new((float)x[i]);
    }
}
