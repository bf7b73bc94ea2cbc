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

/// <summary>An element type that is computed in C: itself, or f32 for the 16-bit floats (accuracy.md 1.1).</summary>
internal interface IElement<E, C> : IElement<E> where E : unmanaged, IElement<E, C> where C : unmanaged
{
    /// <summary>Exact.</summary>
    static abstract C Widen(E x);

    /// <summary>Rounded to nearest, ties to even.</summary>
    static abstract E Narrow(C x);
}
