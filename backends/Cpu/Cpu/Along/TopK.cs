using System.Numerics;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>topk along one dimension: the first k of each line in falling order, or rising; in order whether that was asked for or not.</summary>
internal static unsafe class TopK<E, C> where E : unmanaged, IElement<E, C> where C : unmanaged, INumber<C>
{
    public static void Run(CallFrame* frame) => AlongDim.Split(frame, frame->Inputs[0], Dim(frame), &Part);

    private static int Dim(CallFrame* frame) => AlongDim.Dimension(((TopKAttributes*)frame->Attributes)->Dim, frame->Inputs[0]);

    private static void Part(CallFrame* frame, long from, long to) => Ranks<E, C>.Write(frame, Dim(frame), ((TopKAttributes*)frame->Attributes)->Largest, from, to);
}
