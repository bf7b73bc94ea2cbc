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

    /// <summary>Writes what never changes.</summary>
    /// <param name="device">The device of all its calls.</param>
    /// <param name="self">Where this lies, for good.</param>
    public void Fill(Device device, PlainCall* self)
    {
        _a = &self->A;
        _b = &self->B;
        _y = &self->Y;
        A.Device = B.Device = Y.Device = device.DLDevice;
        Dispatcher.Fill(&self->Frame, CoreOperators.All[0], device, &self->_a, 0, &self->_y, 1, null, 0);
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
        Call->Fill(device, Call);
    }

    public readonly PlainCall* Call;
}
