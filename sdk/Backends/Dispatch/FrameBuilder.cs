using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends;

/// <summary>A call frame in native memory, for calls off the fast path. Data pointers are null until they are set: predicates get it so.</summary>
internal sealed unsafe class FrameBuilder : IDisposable
{
    private readonly byte* _memory;

    public FrameBuilder(Call call, Layout[] inputs, DType[] inputTypes, Layout[] outputs, IReadOnlyList<DType> outputTypes)
    {
        int tensors = inputs.Length + outputs.Length;
        int dims = inputs.Sum(l => l.Dims.Length) + outputs.Sum(l => l.Dims.Length);
        int list = call.Operator.Schema.ListParameter;
        int bytes = sizeof(CallFrame) + tensors * (sizeof(DLTensor*) + sizeof(DLTensor)) + (dims + 1) * sizeof(long);
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)bytes);
        Frame = (CallFrame*)_memory;
        var slots = (DLTensor**)(_memory + sizeof(CallFrame));
        var descriptors = (DLTensor*)(slots + tensors);
        var sizes = (long*)(descriptors + tensors);
        for (int i = 0; i < tensors; i++)
        {
            var layout = i < inputs.Length ? inputs[i] : outputs[i - inputs.Length];
            var dtype = i < inputs.Length ? inputTypes[i] : outputTypes[i - inputs.Length];
            // An absent tensor is a null entry, and its place is kept (KER-16).
            slots[i] = i < inputs.Length && call.Inputs[i] is null ? null : descriptors + i;
            layout.Dims.CopyTo(new Span<long>(sizes, layout.Dims.Length));
            descriptors[i] = new DLTensor { Rank = layout.Rank, Type = DLDataType.From(dtype), Shape = sizes, Strides = sizes + layout.Rank, Device = call.Device.DLDevice };
            sizes += layout.Dims.Length;
        }
        Dispatcher.Fill(Frame, call.Operator, call.Device, slots, inputs.Length, slots + inputs.Length, outputs.Length, call.Attributes, outputs[0].Elements);
        if (list < 0) return;
        Frame->ListLengths = (int*)sizes;
        Frame->ListLengths[0] = inputs.Length - call.Operator.Schema.Tensors.Count + 1;
    }

    public CallFrame* Frame { get; }

    /// <summary>Says where a tensor's elements are; without elements that is nowhere (MEM-1).</summary>
    public static void SetData(DLTensor* descriptor, Tensor tensor, Storage storage)
    {
        descriptor->Data = tensor.Elements == 0 ? null : (void*)storage.Address;
        descriptor->ByteOffset = tensor.Elements == 0 ? 0 : (ulong)(storage.Offset + tensor.ByteOffset);
    }

    public void Dispose() => NativeMemory.Free(_memory);
}
