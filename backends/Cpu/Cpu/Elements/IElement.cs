namespace Backends.Cpu;

/// <summary>An element type as it lies in memory, and its conversions (accuracy.md 2.3): any pair is one <see cref="To{T}"/> and one From.</summary>
internal interface IElement<E> where E : unmanaged, IElement<E>
{
    /// <summary>Integers wrap, floats round once, bool is x ≠ 0.</summary>
    static abstract E FromInt64(long x);

    /// <summary>As <see cref="FromInt64"/>.</summary>
    static abstract E FromUInt64(ulong x);

    /// <summary>Integers truncate and saturate, NaN gives 0; floats round; bool is x ≠ 0.</summary>
    static abstract E FromDouble(double x);

    /// <summary>x as another element type.</summary>
    static abstract T To<T>(E x) where T : unmanaged, IElement<T>;
}

/// <summary>An element type that is computed in C: itself, f32 for the 16-bit floats (accuracy.md 1.1), f64 where f32 asks for more bits.</summary>
internal unsafe interface IElement<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged
{
    /// <summary>Exact.</summary>
    static abstract C Widen(E x);

    /// <summary>Rounded to nearest, ties to even.</summary>
    static abstract E Narrow(C x);

    /// <summary>A dense row of them.</summary>
    static virtual void Widen(E* x, C* to, long count)
    {
        for (long i = 0; i < count; i++) to[i] = E.Widen(x[i]);
    }

    /// <summary>A dense row of them.</summary>
    static virtual void Narrow(C* x, E* to, long count)
    {
        for (long i = 0; i < count; i++) to[i] = E.Narrow(x[i]);
    }
}
