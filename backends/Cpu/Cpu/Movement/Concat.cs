using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>concat, bit for bit: each member is copied into its part of the result. T is an unsigned integer of the element's width.</summary>
internal static unsafe class Concat<T> where T : unmanaged
{
    [SkipLocalsInit]
    public static void Run(CallFrame* frame)
    {
        DLTensor* y = frame->Outputs[0];
        int dim = AlongDim.Dimension(((ConcatAttributes*)frame->Attributes)->Dim, y);
        ulong start = y->ByteOffset;
        for (int i = 0; i < frame->InputCount; i++)
        {
            DLTensor* member = frame->Inputs[i];
            DLTensor part = *y with { Shape = member->Shape, ByteOffset = start };
            DLTensor* target = &part;
            CallFrame copy = *frame;
            copy.Inputs = frame->Inputs + i;
            copy.Outputs = &target;
            Copy<T>.Run(&copy);
            start += (ulong)(member->Shape[dim] * y->Strides[dim] * sizeof(T));
        }
    }
}
