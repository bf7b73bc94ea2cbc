using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backends.Cpu;

/// <summary>What kernels of whole lines do with dense rows in C: in the widest lanes, in an order that depends on the length alone.</summary>
internal static unsafe class Row<C> where C : unmanaged, INumber<C>
{
    /// <summary>Σ x, cut at <see cref="Reduce.Block"/>, so that no term passes more additions than accuracy.md allows.</summary>
    public static C Sum(C* x, long count)
    {
        C total = C.Zero;
        for (; count > 0; x += Reduce.Block, count -= Reduce.Block) total += SumOf<Plain<C>, C, C>.Run((Plain<C>*)x, 1, Math.Min(count, Reduce.Block));
        return total;
    }

    /// <summary>Σ f(x), by blocks that stay in the first-level cache.</summary>
    [SkipLocalsInit]
    public static C SumOfMapped<F>(C* x, long count) where F : IUnary
    {
        C* block = stackalloc C[Pointwise.Block];
        C total = C.Zero;
        for (; count > 0; x += Pointwise.Block, count -= Pointwise.Block)
        {
            long size = Math.Min(count, Pointwise.Block);
            Map<F>(x, block, size);
            total += Sum(block, size);
        }
        return total;
    }

    /// <summary>The largest of x; NaN wins.</summary>
    public static C Largest(C* x, long count) => LargestOf<Plain<C>, C>.Run((Plain<C>*)x, 1, count);

    /// <summary>y = f(x).</summary>
    public static void Map<F>(C* x, C* y, long count) where F : IUnary
    {
        int step = 1;
        UnaryRow<C, F>.Run(&x, &step, y, count);
    }

    /// <summary>y = f(x, b), b one number.</summary>
    public static void Map<F>(C* x, C b, C* y, long count) where F : IBinary
    {
        C* spread = stackalloc C[64 / sizeof(C)];
        new Span<C>(spread, 64 / sizeof(C)).Fill(b);
        C** inputs = stackalloc C*[] { x, spread };
        int* steps = stackalloc int[] { 1, 0 };
        BinaryRow<C, F>.Run(inputs, steps, y, count);
    }

    /// <summary>y = f(x, b).</summary>
    public static void Map<F>(C* x, C* b, C* y, long count) where F : IBinary
    {
        C** inputs = stackalloc C*[] { x, b };
        int* steps = stackalloc int[] { 1, 1 };
        BinaryRow<C, F>.Run(inputs, steps, y, count);
    }
}
