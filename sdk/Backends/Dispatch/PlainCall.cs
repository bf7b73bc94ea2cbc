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

    /// <summary>Lays one into pinned memory, where its inner pointers stay true.</summary>
    public static PlainCall* In(byte[] pinned, Device device)
    {
        fixed (byte* memory = pinned)
        {
            var call = (PlainCall*)memory;
            *call = default;
            call->_a = &call->A;
            call->_b = &call->B;
            call->_y = &call->Y;
            call->A.Device = call->B.Device = call->Y.Device = device.DLDevice;
            Dispatcher.Fill(&call->Frame, CoreOperators.All[0], device, &call->_a, 0, &call->_y, 1, null, 0);
            return call;
        }
    }

    // Field by field, in the widths in which they are read: a wider read would wait for the stores.
    public static void Describe(DLTensor* tensor, Storage storage, long byteOffset, ulong kind, long* shape, long* strides)
    {
        tensor->Data = (void*)storage.Address;
        *(ulong*)&tensor->Rank = kind;
        tensor->Shape = shape;
        tensor->Strides = strides;
        tensor->ByteOffset = (ulong)(storage.Offset + byteOffset);
    }
}
