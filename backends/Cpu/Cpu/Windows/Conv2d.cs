using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// conv2d of contiguous tensors: for each image and group the weights, as rows, times the windows (<see cref="Patches{E, C}"/>). Pieces of the results are
/// dealt out to the threads. Where a weight is infinite or NaN and windows reach outside, each result is added up by itself: what lies outside must not
/// meet it.
/// </summary>
internal static unsafe class Conv2d<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame)
    {
        var plan = new Plan(frame);
        if (plan.MustStayInside) plan.Direct();
        else Threads.Split(frame, plan.Pieces, Math.Max(1, (1 << 20) / Math.Max(1, plan.RowStep * plan.ColumnStep * plan.Depth)), &Part);
    }

    private static void Part(CallFrame* frame, long from, long to)
    {
        var plan = new Plan(frame);
        var scratch = CpuDevice.Of(frame)?.Scratch;
        nuint bytes = (nuint)((Product<C, Strided<E, C>, Patches<E, C>>.PackedRows + plan.RowStep * plan.ColumnStep) * sizeof(C));
        C* memory = (C*)Scratch.Rent(scratch, bytes);
        try
        {
            for (long piece = from; piece < to; piece++) plan.Compute(piece, memory);
        }
        finally
        {
            Scratch.Return(scratch, memory, bytes);
        }
    }

    /// <summary>The sizes of a call, and how it is cut.</summary>
    private readonly struct Plan
    {
        private readonly E* _x, _weight, _bias, _y;
        private readonly long _channels, _height, _width, _kernelHeight, _kernelWidth, _groups, _rows, _outHeight, _outWidth, _across, _down, _images;
        private readonly Window _vertical, _horizontal;

        public Plan(CallFrame* frame)
        {
            DLTensor* x = frame->Inputs[0], weight = frame->Inputs[1], bias = frame->Inputs[2], y = frame->Outputs[0];
            var a = (Conv2dAttributes*)frame->Attributes;
            _x = Memory.First<E>(x);
            _weight = Memory.First<E>(weight);
            _bias = bias == null ? null : Memory.First<E>(bias);
            _y = Memory.First<E>(y);
            (_images, _height, _width, _groups) = (x->Shape[0], x->Shape[2], x->Shape[3], a->Groups);
            (_channels, _kernelHeight, _kernelWidth) = (weight->Shape[1], weight->Shape[2], weight->Shape[3]);
            (_rows, _outHeight, _outWidth) = (y->Shape[1] / _groups, y->Shape[2], y->Shape[3]);
            _vertical = new(a->Stride, a->Padding, a->Dilation, 0);
            _horizontal = new(a->Stride, a->Padding, a->Dilation, 1);
            Depth = _channels * _kernelHeight * _kernelWidth;
            RowStep = Math.Min(_rows, Product<C, Strided<E, C>, Patches<E, C>>.Rows);
            ColumnStep = Math.Min(Windows, Product<C, Strided<E, C>, Patches<E, C>>.Columns);
            (_down, _across) = ((_rows + RowStep - 1) / RowStep, (Windows + ColumnStep - 1) / ColumnStep);
            Pieces = _images * _groups * _down * _across;
        }

        public long Depth { get; }

        public long RowStep { get; }

        public long ColumnStep { get; }

        public long Pieces { get; }

        /// <summary>Whether zeros outside of the image could meet a weight that makes them NaN.</summary>
        public bool MustStayInside
        {
            get
            {
                if (_vertical.Padding == 0 && _horizontal.Padding == 0) return false;
                for (long i = 0; i < _groups * _rows * Depth; i++)
                    if (!C.IsFinite(E.Widen(_weight[i]))) return true;
                return false;
            }
        }

        private long Windows => _outHeight * _outWidth;

        public void Compute(long piece, C* memory)
        {
            (long rest, long across) = Math.DivRem(piece, _across);
            (rest, long down) = Math.DivRem(rest, _down);
            (long image, long group) = Math.DivRem(rest, _groups);
            long i = down * RowStep, j = across * ColumnStep;
            int rows = (int)Math.Min(RowStep, _rows - i), columns = (int)Math.Min(ColumnStep, Windows - j);
            var weights = new Strided<E, C>(_weight + group * _rows * Depth, Depth, 1);
            var patches = new Patches<E, C>(_x + (image * _groups + group) * _channels * _height * _width, _height, _width, _kernelHeight, _kernelWidth, _outWidth, _vertical, _horizontal);
            C* sums = memory + Product<C, Strided<E, C>, Patches<E, C>>.PackedRows;
            Product<C, Strided<E, C>, Patches<E, C>>.Piece(weights, patches, i, rows, j, columns, Depth, sums, columns, typeof(E) == typeof(Plain<C>) ? null : memory);
            for (int row = 0; row < rows; row++)
            {
                long result = group * _rows + i + row;
                C* line = sums + (long)row * columns;
                if (_bias != null) Row<C>.Map<Add>(line, E.Widen(_bias[result]), line, columns);
                E.Narrow(line, _y + (image * _groups * _rows + result) * Windows + j, columns);
            }
        }

        /// <summary>Every result by itself, over those elements of its window that there are.</summary>
        public void Direct()
        {
            for (long at = 0; at < _images * _groups * _rows * Windows; at++)
            {
                (long rest, long ow) = Math.DivRem(at, _outWidth);
                (rest, long oh) = Math.DivRem(rest, _outHeight);
                (long image, long result) = Math.DivRem(rest, _groups * _rows);
                E* channels = _x + (image * _groups + result / _rows) * _channels * _height * _width;
                C sum = _bias == null ? C.Zero : E.Widen(_bias[result]);
                for (long k = 0; k < Depth; k++)
                {
                    (long channel, long place) = Math.DivRem(k, _kernelHeight * _kernelWidth);
                    long h = _vertical.At(oh, place / _kernelWidth), w = _horizontal.At(ow, place % _kernelWidth);
                    if ((ulong)h < (ulong)_height && (ulong)w < (ulong)_width) sum += E.Widen(channels[(channel * _height + h) * _width + w]) * E.Widen(_weight[result * Depth + k]);
                }
                _y[at] = E.Narrow(sum);
            }
        }
    }
}
