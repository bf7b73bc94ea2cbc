using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends;

/// <summary>
/// The frame of a plain call with its descriptors, made once for each thread and device: what never changes is filled in, a call writes the rest.
/// </summary>
internal unsafe struct PlainCall
{
    public CallFrame Frame;
    public DLTensor A, B, Y;
    private DLTensor* _a, _b, _y;

    /// <summary>Writes what never changes, into memory that never moves.</summary>
    public static void Fill(PlainCall* call, Device device)
    {
        call->_a = &call->A;
        call->_b = &call->B;
        call->_y = &call->Y;
        call->A.Device = call->B.Device = call->Y.Device = device.DLDevice;
        Dispatcher.Fill(&call->Frame, CoreOperators.All[0], device, &call->_a, 0, &call->_y, 1, null, 0);
    }

    /// <summary>Says where an operand is. Rank and type are stored as one, <paramref name="kind"/>.</summary>
    public static void Describe(DLTensor* tensor, Storage storage, long byteOffset, ulong kind, long* shape, long* strides)
    {
        tensor->Data = (void*)storage.Address;
        *(ulong*)&tensor->Rank = kind;
        tensor->Shape = shape;
        tensor->Strides = strides;
        tensor->ByteOffset = (ulong)(storage.Offset + byteOffset);
    }
}

/// <summary>Holds a <see cref="PlainCall"/> where its inner pointers stay true.</summary>
internal sealed unsafe class PlainFrame
{
    private readonly byte[] _memory = GC.AllocateArray<byte>(sizeof(PlainCall), pinned: true);

    public PlainFrame(Device device)
    {
        Call = (PlainCall*)Unsafe.AsPointer(ref _memory[0]);
        PlainCall.Fill(Call, device);
    }

    public readonly PlainCall* Call;
}
