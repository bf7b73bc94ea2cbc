using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>One input of a walk: gives stretches of its present row as dense C.</summary>
internal unsafe struct Operand<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    private readonly E* _start;
    private readonly C* _block;
    private E* _row;
    private long _stride;

    /// <summary>An input, or null, and a block of its own.</summary>
    public Operand(DLTensor* tensor, C* block)
    {
        _start = tensor == null ? null : Memory.First<E>(tensor);
        _block = block;
    }

    private readonly bool IsDirect => typeof(E) == typeof(Plain<C>) && _stride == 1;

    /// <summary>Goes to a row; true when it can be read in one stretch of any length.</summary>
    public bool Row(long offset, long stride)
    {
        _row = _start + offset;
        _stride = stride;
        // A repeated element is written once, as often as the widest type has lanes.
        if (stride == 0) new Span<C>(_block, 64 / sizeof(C)).Fill(E.Widen(*_row));
        return stride == 0 || IsDirect;
    }

    /// <summary>Elements of the row, from a place on; they lie <paramref name="step"/> apart: 1, or 0 where one stands for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly C* Read(long place, long count, out int step)
    {
        step = _stride == 0 ? 0 : 1;
        if (IsDirect) return (C*)(_row + place);
        if (_stride != 0) Gather(_row + place * _stride, count);
        return _block;
    }

    private readonly void Gather(E* from, long count)
    {
        if (_stride == 1) E.Widen(from, _block, count);
        else for (long i = 0; i < count; i++) _block[i] = E.Widen(from[i * _stride]);
    }
}
