using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Backends.Cpu;

/// <summary>What becomes of a walk's lanes in memory: elements of type R.</summary>
internal unsafe interface IResult<R, C> where R : unmanaged where C : unmanaged, INumber<C>
{
    /// <summary>Whether lanes are elements as they are.</summary>
    static abstract bool IsPlain { get; }

    /// <summary>One lane.</summary>
    static abstract R From(C lane);

    /// <summary>Writes dense lanes.</summary>
    static abstract void Write(C* from, R* to, long stride, long count);
}

/// <summary>Elements E, rounded from C.</summary>
internal readonly unsafe struct As<E, C> : IResult<As<E, C>, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    private readonly E _element;

    public As(E element) => _element = element;

    public static bool IsPlain => typeof(E) == typeof(Plain<C>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static As<E, C> From(C lane) => new(E.Narrow(lane));

    public static void Write(C* from, As<E, C>* to, long stride, long count)
    {
        if (stride == 1) E.Narrow(from, (E*)to, count);
        else for (long i = 0; i < count; i++) to[i * stride] = new(E.Narrow(from[i]));
    }
}

/// <summary>bool: lanes are masks, of which one bit is kept.</summary>
internal readonly unsafe struct Verdict<C>(byte value) : IResult<Verdict<C>, C> where C : unmanaged, INumber<C>
{
    private readonly byte _value = value;

    public static bool IsPlain => false;

    // A mask's lowest byte comes first (KER-18: 0 or 1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Verdict<C> From(C lane) => new((byte)(*(byte*)&lane & 1));

    public static void Write(C* from, Verdict<C>* to, long stride, long count)
    {
        long i = 0;
        if (sizeof(C) == 4 && stride == 1) i = Narrow((uint*)from, (byte*)to, count);
        for (; i < count; i++) to[i * stride] = From(from[i]);
    }

    private static long Narrow(uint* from, byte* to, long count)
    {
        long i = 0;
        for (; i <= count - 16; i += 16)
        {
            var low = Vector128.Narrow(Vector128.Load(from + i), Vector128.Load(from + i + 4));
            var high = Vector128.Narrow(Vector128.Load(from + i + 8), Vector128.Load(from + i + 12));
            (Vector128.Narrow(low, high) & Vector128<byte>.One).Store(to + i);
        }
        return i;
    }
}
