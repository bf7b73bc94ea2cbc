using Backends.Plugins;

namespace Backends;

/// <summary>One access of a call: a storage, and for a write whether all of it is overwritten.</summary>
internal readonly unsafe record struct Access(Storage Storage, bool IsWrite, bool IsWhole)
{
    /// <summary>An input, found and admitted inside a call; its descriptor, if there is one, is told where it is.</summary>
    public static Access Reading(DeviceShare share, Tensor tensor, DLTensor* descriptor = null)
    {
        var storage = tensor.Held;
        Dispatcher.Admit(share, tensor, storage);
        if (descriptor != null) FrameBuilder.SetData(descriptor, tensor, storage);
        return new Access(storage, false, false);
    }

    /// <summary>An output.</summary>
    public static Access Writing(DeviceShare share, Tensor tensor, DLTensor* descriptor = null)
    {
        var storage = tensor.Held;
        Dispatcher.AdmitTarget(share, tensor, storage);
        if (descriptor != null) FrameBuilder.SetData(descriptor, tensor, storage);
        return new Access(storage, true, tensor.IsWhole);
    }
}
