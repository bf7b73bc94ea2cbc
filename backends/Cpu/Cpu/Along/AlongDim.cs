using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// Walks the lines along one dimension of up to three tensors that agree in all others. A call is cut between lines, so that threads change no result.
/// </summary>
internal unsafe struct AlongDim
{
    private const long Grain = 32768;

    private Loop _loop;
    private long _place;

    /// <summary>Where the present line starts: of the output, then of the inputs.</summary>
    public readonly long OffsetY => _loop.OffsetY + _place * _loop.StrideY;

    public readonly long OffsetA => _loop.OffsetA + _place * _loop.StrideA;

    public readonly long OffsetB => _loop.OffsetB + _place * _loop.StrideB;

    /// <summary>Starts at a line, counted in row-major order.</summary>
    [SkipLocalsInit]
    public static void Start(out AlongDim lines, int dim, DLTensor* y, DLTensor* a, DLTensor* b, long line)
    {
        Unsafe.SkipInit(out lines);
        long* sizes = stackalloc long[3 * Shape.MaxRank];
        DLTensor heads = Heads(y, dim, sizes), first = Heads(a, dim, sizes + Shape.MaxRank), second = b == null ? default : Heads(b, dim, sizes + 2 * Shape.MaxRank);
        Loop.Start(out lines._loop, &heads, &first, b == null ? null : &second);
        lines._place = line == 0 ? 0 : lines._loop.Seek(line);
    }

    /// <summary>Goes to the next line, if there is one.</summary>
    public void Next()
    {
        if (++_place < _loop.Size) return;
        _place = 0;
        _loop.Next();
    }

    /// <summary>A dimension counted from the start.</summary>
    public static int Dimension(long dim, DLTensor* x) => (int)(dim < 0 ? dim + x->Rank : dim);

    /// <summary>Computes the lines of a call, in parts at the same time where they are long enough together.</summary>
    public static void Split(CallFrame* frame, DLTensor* shape, int dim, delegate*<CallFrame*, long, long, void> part)
    {
        long lines = 1, size = Math.Max(1, shape->Shape[dim]);
        for (int d = 0; d < shape->Rank; d++)
            if (d != dim) lines *= shape->Shape[d];
        Threads.Split(frame, lines, Math.Max(1, Grain / size), part);
    }

    // The tensor with a single place along dim.
    private static DLTensor Heads(DLTensor* tensor, int dim, long* sizes)
    {
        for (int d = 0; d < tensor->Rank; d++) sizes[d] = d == dim ? 1 : tensor->Shape[d];
        return *tensor with { Shape = sizes };
    }
}
