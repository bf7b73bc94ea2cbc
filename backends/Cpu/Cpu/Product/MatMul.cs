using System.Numerics;
using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// y = a · b over any strides and broadcast batches, in C: f32 for the 16-bit floats, integers modulo 2^w. Pieces of y (<see cref="Product{C, A, B}"/>)
/// are dealt out to the threads; operands lie where they are, transposed or not.
/// </summary>
internal static unsafe class MatMul<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame)
    {
        var plan = new Plan(frame);
        // A piece of work is worth another thread from a million multiply-adds on.
        long grain = Math.Max(1, (1 << 20) / Math.Max(1, plan.RowStep * plan.ColumnStep * plan.Depth));
        Threads.Split(frame, plan.Pieces, grain, &Part);
    }

    [SkipLocalsInit]
    private static void Part(CallFrame* frame, long from, long to)
    {
        var plan = new Plan(frame);
        DLTensor* a = frame->Inputs[0], b = frame->Inputs[1], y = frame->Outputs[0];
        Loop.Start(out var batch, y, a, b, spare: 2);
        var scratch = CpuDevice.Of(frame)?.Scratch;
        nuint bytes = plan.InPlace && !plan.Packs ? 0 : (nuint)((Product<C, Strided<E, C>, Strided<E, C>>.PackedRows + plan.RowStep * plan.ColumnStep) * sizeof(C));
        C* memory = bytes == 0 ? null : (C*)Scratch.Rent(scratch, bytes);
        try
        {
            long product = from / plan.PiecesEach, place = batch.Seek(product);
            for (long piece = from; piece < to; piece++)
            {
                for (; product < piece / plan.PiecesEach; product++)
                    if (++place == batch.Size)
                    {
                        batch.Next();
                        place = 0;
                    }
                plan.Compute(piece % plan.PiecesEach, batch.OffsetA + place * batch.StrideA, batch.OffsetB + place * batch.StrideB, batch.OffsetY + place * batch.StrideY, memory);
            }
        }
        finally
        {
            if (bytes != 0) Scratch.Return(scratch, memory, bytes);
        }
    }

    /// <summary>The sizes of a call, and how it is cut.</summary>
    private readonly struct Plan
    {
        private readonly DLTensor* _a, _b, _y;
        private readonly long _rows, _columns;

        public Plan(CallFrame* frame)
        {
            _a = frame->Inputs[0];
            _b = frame->Inputs[1];
            _y = frame->Outputs[0];
            (_rows, _columns, Depth) = (_y->Shape[_y->Rank - 2], _y->Shape[_y->Rank - 1], _a->Shape[_a->Rank - 1]);
            RowStep = Math.Min(_rows, Product<C, Strided<E, C>, Strided<E, C>>.Rows);
            ColumnStep = Math.Min(_columns, Product<C, Strided<E, C>, Strided<E, C>>.Columns);
            // Threads without work take smaller pieces, down to where packing b for each of them would cost too much.
            long products = frame->Elements / (_rows * _columns), wanted = CpuDevice.Of(frame)?.Threads is { Count: > 1 } threads ? 2 * threads.Count : 1;
            while (RowStep > 48 && products * Across * ((_rows + RowStep - 1) / RowStep) < wanted) RowStep = (RowStep / 2 + 5) / 6 * 6;
            PiecesEach = Across * ((_rows + RowStep - 1) / RowStep);
            Pieces = PiecesEach * products;
        }

        public long Depth { get; }

        public long RowStep { get; }

        public long ColumnStep { get; }

        /// <summary>Pieces of one product, and of all.</summary>
        public long PiecesEach { get; }

        public long Pieces { get; }

        /// <summary>Whether a's rows are packed.</summary>
        public bool Packs => Product<C, Strided<E, C>, Strided<E, C>>.WorthPacking(Left(0), _rows, _columns);

        /// <summary>Whether results can be added up where they belong.</summary>
        public bool InPlace => typeof(E) == typeof(Plain<C>) && _y->Strides[_y->Rank - 1] == 1;

        private long Across => (_columns + ColumnStep - 1) / ColumnStep;

        public void Compute(long piece, long offsetA, long offsetB, long offsetY, C* memory)
        {
            (long down, long across) = Math.DivRem(piece, Across);
            long i = down * RowStep, j = across * ColumnStep;
            int rows = (int)Math.Min(RowStep, _rows - i), columns = (int)Math.Min(ColumnStep, _columns - j);
            var a = Left(offsetA);
            var b = new Strided<E, C>(Memory.First<E>(_b) + offsetB, _b->Strides[_b->Rank - 1], _b->Strides[_b->Rank - 2]);
            long rowY = _y->Strides[_y->Rank - 2], columnY = _y->Strides[_y->Rank - 1];
            E* y = Memory.First<E>(_y) + offsetY + i * rowY + j * columnY;
            C* sums = InPlace ? (C*)y : memory + Product<C, Strided<E, C>, Strided<E, C>>.PackedRows;
            Product<C, Strided<E, C>, Strided<E, C>>.Piece(a, b, i, rows, j, columns, Depth, sums, InPlace ? rowY : columns, Packs ? memory : null);
            if (InPlace) return;
            for (int row = 0; row < rows; row++)
                if (columnY == 1) E.Narrow(sums + row * columns, y + row * rowY, columns);
                else for (int c = 0; c < columns; c++) y[row * rowY + c * columnY] = E.Narrow(sums[row * columns + c]);
        }

        private Strided<E, C> Left(long offset) => new(Memory.First<E>(_a) + offset, _a->Strides[_a->Rank - 2], _a->Strides[_a->Rank - 1]);
    }
}
