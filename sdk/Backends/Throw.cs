using System.Diagnostics.CodeAnalysis;

namespace Backends;

/// <summary>BK2006, BK2007: the tensor is not in a state for this.</summary>
public sealed class InvalidTensorException(string id, string what, string why, string remedy) : BackendException(id, what, why, remedy);

/// <summary>BK2004: the tensors of a call are on several devices.</summary>
public sealed class DeviceMismatchException(string what, string why, string remedy) : BackendException("BK2004", what, why, remedy);

/// <summary>BK2008: a call would fall back, and the policy forbids it.</summary>
public sealed class FallbackDeniedException(string what, string why, string remedy) : BackendException("BK2008", what, why, remedy);

/// <summary>BK1101: a device that was asked for cannot be used. BK1002: what was asked for is no device string.</summary>
public sealed class DeviceNotUsableException(string what, string why, string remedy, string id = "BK1101") : BackendException(id, what, why, remedy);

/// <summary>BK4001: the device has no room.</summary>
public sealed class OutOfDeviceMemoryException(string what, string why, string remedy) : BackendException("BK4001", what, why, remedy);

/// <summary>BK4002: a kernel or a device failed at a call.</summary>
public sealed class DeviceOperationException(string what, string why, string remedy, Exception? inner = null) : BackendException("BK4002", what, why, remedy, inner);

/// <summary>BK4003: the device is lost; what it held is gone, and it takes nothing more.</summary>
public sealed class DeviceLostException(string what, string why, string remedy) : BackendException("BK4003", what, why, remedy);

/// <summary>BK4004: an index led outside of its tensor (KER-25). It is thrown at the first read or wait after the call; the results stand.</summary>
public sealed class DataErrorException(string what, string why, string remedy)
    : BackendException("BK4004", what, why, remedy, new BackendException(BackendStatus.DataError, why));

/// <summary>The errors that several places throw, and what the fast path must not carry.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static Storage Disposed() => throw DisposedTensor();

    /// <summary>The same, out of a call that has begun.</summary>
    public static InvalidTensorException DisposedInCall(DeviceShare share)
    {
        share.Leave();
        return DisposedTensor();
    }

    private static InvalidTensorException DisposedTensor() =>
        new("BK2007", "A tensor was used after Dispose.", "it was disposed, or its scope has ended", "scope.Keep(x), or dispose it later");

    public static OperatorArgumentException Argument(string op, string what, string why, string remedy) => new($"{op}: {what}.", why, remedy);

    public static OutOfDeviceMemoryException OutOfMemory(Device device, long bytes) =>
        new($"{device.Name}: {Sizes.Text(bytes)} not available.", $"{device.Memory}; the cache was emptied, dropped tensors collected",
            "free tensors, smaller batch, TensorScope") { Device = device.Name };

    public static DeviceMismatchException Devices(Operator op, Device device, Tensor other) =>
        new($"{op.Name}: {(op.Schema.Tensors.Count > 0 ? op.Schema.Tensors[0].Name : "the call")} on {device.Name}, another on {other.Device.Name}.", "nothing moves unasked", "b.To(a.Device)")
        { Operator = op.Name };

    public static FallbackDeniedException Denied(Operator op, string dtypes, Device device, string reason) =>
        new($"{op.Name} {dtypes} would fall back.", $"{device.Name}: {reason}; Fallback is Deny", "allow it, or use another device")
        { Operator = op.Name, Device = device.Name };
}
