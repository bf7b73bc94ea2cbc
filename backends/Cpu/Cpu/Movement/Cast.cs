using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>y = x as another dtype.</summary>
internal static unsafe class Cast<From, To> where From : unmanaged, IElement<From> where To : unmanaged, IElement<To>
{
    [SkipLocalsInit]
    public static void Run(CallFrame* frame)
    {
        DLTensor* x = frame->Inputs[0], y = frame->Outputs[0];
        From* px = Memory.First<From>(x);
        To* py = Memory.First<To>(y);
        Loop.Start(out var loop, y, x, null);
        do
        {
            From* from = px + loop.OffsetA;
            To* to = py + loop.OffsetY;
            for (long i = 0; i < loop.Size; i++) to[i * loop.StrideY] = From.To<To>(from[i * loop.StrideA]);
        }
        while (loop.Next());
    }
}
