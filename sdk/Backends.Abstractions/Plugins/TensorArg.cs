using System.Runtime.InteropServices;

namespace Backends.Plugins;

/// <summary>One input or output of a call, as a kernel sees it. It must not be kept beyond the call (KER-9).</summary>
public readonly unsafe ref struct TensorArg
{
    private readonly DLTensor* _tensor;

    /// <summary>Wraps a frame's descriptor; null stands for an absent optional tensor.</summary>
    public TensorArg(DLTensor* tensor) => _tensor = tensor;

    /// <summary>Whether the tensor was given.</summary>
    public bool IsPresent => _tensor != null;

    /// <summary>The descriptor itself.</summary>
    public DLTensor* Descriptor => _tensor;

    /// <summary>Element type.</summary>
    public DType DType => _tensor->Type.DType;

    /// <summary>Number of dimensions.</summary>
    public int Rank => _tensor->Rank;

    /// <summary>Sizes.</summary>
    public ReadOnlySpan<long> Shape => new(_tensor->Shape, _tensor->Rank);

    /// <summary>Strides, in elements.</summary>
    public ReadOnlySpan<long> Strides => new(_tensor->Strides, _tensor->Rank);

    /// <summary>The number of elements.</summary>
    public long Elements
    {
        get
        {
            long elements = 1;
            for (int i = 0; i < _tensor->Rank; i++) elements *= _tensor->Shape[i];
            return elements;
        }
    }

    /// <summary>The logically first element, on a device with linear addresses; aligned to its own size and to nothing more (KER-11).</summary>
    public void* Data => (byte*)_tensor->Data + _tensor->ByteOffset;

    /// <summary>The elements of a contiguous tensor in host memory.</summary>
    public ReadOnlySpan<T> AsReadOnlySpan<T>() where T : unmanaged => AsSpan<T>();

    /// <summary>The elements of a contiguous tensor in host memory, to write.</summary>
    public Span<T> AsSpan<T>() where T : unmanaged => new(Data, checked((int)Elements));
}

/// <summary>A list of inputs of a call, as a kernel sees it: one or more tensors (KER-16).</summary>
public readonly unsafe ref struct TensorListArg
{
    private readonly DLTensor** _tensors;

    /// <summary>Wraps a part of a frame's inputs.</summary>
    public TensorListArg(DLTensor** tensors, int count)
    {
        _tensors = tensors;
        Count = count;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>One of them.</summary>
    public TensorArg this[int index] => (uint)index < (uint)Count ? new(_tensors[index]) : throw new ArgumentOutOfRangeException(nameof(index));
}
