using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>A line of elements as a dense row of C: where it lies, if it is one, else in memory borrowed for as long as this lives.</summary>
internal readonly unsafe struct Rows<E, C> : IDisposable where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    private readonly Scratch? _scratch;
    private readonly C* _row;

    public Rows(CallFrame* frame, long count)
    {
        Count = count;
        _scratch = CpuDevice.Of(frame)?.Scratch;
        _row = (C*)Scratch.Rent(_scratch, Bytes);
    }

    /// <summary>Elements of a line.</summary>
    public long Count { get; }

    private nuint Bytes => (nuint)(Count * sizeof(C));

    /// <summary>A line's elements.</summary>
    public C* Read(E* from, long stride)
    {
        if (IsDense(stride)) return (C*)from;
        if (stride == 1) E.Widen(from, _row, Count);
        else for (long i = 0; i < Count; i++) _row[i] = E.Widen(from[i * stride]);
        return _row;
    }

    /// <summary>Where a line's results may be computed; what was read may lie there.</summary>
    public C* Target(E* to, long stride) => IsDense(stride) ? (C*)to : _row;

    /// <summary>Brings results to their line.</summary>
    public void Write(C* row, E* to, long stride)
    {
        if (IsDense(stride)) return;
        if (stride == 1) E.Narrow(row, to, Count);
        else for (long i = 0; i < Count; i++) to[i * stride] = E.Narrow(row[i]);
    }

    public void Dispose() => Scratch.Return(_scratch, _row, Bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDense(long stride) => typeof(E) == typeof(Plain<C>) && stride == 1;
}
