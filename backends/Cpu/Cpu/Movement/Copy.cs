using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>y = x, bit for bit: T is an unsigned integer of the element's width. Bound by memory.</summary>
internal static unsafe class Copy<T> where T : unmanaged
{
    [SkipLocalsInit]
    public static void Run(CallFrame* frame)
    {
        DLTensor* x = frame->Inputs[0], y = frame->Outputs[0];
        T* px = Memory.First<T>(x), py = Memory.First<T>(y);
        Loop.Start(out var loop, y, x, null);
        do
        {
            T* from = px + loop.OffsetA, to = py + loop.OffsetY;
            if (loop.StrideA == 1 && loop.StrideY == 1) Buffer.MemoryCopy(from, to, loop.Size * sizeof(T), loop.Size * sizeof(T));
            else for (long i = 0; i < loop.Size; i++) to[i * loop.StrideY] = from[i * loop.StrideA];
        }
        while (loop.Next());
    }
}
