namespace Backends;

/// <summary>A device that was chosen, and why it was this one.</summary>
/// <param name="Asked">What was asked for: <c>auto</c>, a name of <see cref="BackendsOptions.Devices"/>, or a device string.</param>
/// <param name="Device">The device, open.</param>
/// <param name="Because">Why, for example <c>the first accelerator that fits</c>.</param>
/// <param name="Passed">What was passed over, each with its reason. Empty when a device was asked for by its own name.</param>
public sealed record DeviceChoice(string Asked, Device Device, string Because, IReadOnlyList<PassedDevice> Passed)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Device.Name} ({Because})";
}

/// <summary>A device, or a whole backend, that was not chosen.</summary>
/// <param name="Device">For example <c>opencl:0</c> or <c>cuda</c>.</param>
/// <param name="Reason">For example <c>4.0 GiB, 8.0 GiB required</c>.</param>
public sealed record PassedDevice(string Device, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Device}: {Reason}";
}
