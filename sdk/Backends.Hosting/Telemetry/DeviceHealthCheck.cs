using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Backends.Hosting;

/// <summary>How the devices are, from what the host knows anyway: no device is asked, none is opened.</summary>
internal sealed class DeviceHealthCheck(BackendHost host) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        var devices = host.OpenDevices;
        var choice = host.ChoiceMade;
        var data = devices.ToDictionary(d => d.Name, object (d) => d.Lost is { } lost ? $"lost: {lost.Why}" : $"{d.Calls} · {d.Memory}");
        if (choice is not null) data["default"] = choice.ToString();
        if (choice is { Device.Lost: { } gone }) return HealthCheckResult.Unhealthy($"{choice.Device.Name}, the default device, is lost: {gone.Why}", gone, data);
        string[] odd = [.. devices.Where(d => d.IsLost).Select(d => $"{d.Name} is lost: {d.Lost!.Why}"), .. Missed(choice)];
        return odd.Length > 0 ? HealthCheckResult.Degraded(string.Join("; ", odd), null, data)
            : HealthCheckResult.Healthy(choice is null ? "no device was asked for yet" : $"{choice.Device.Name} is the default device", data);
    }

    // An order of preference was written for a reason: what came before and was not had.
    private IEnumerable<string> Missed(DeviceChoice? choice) => choice is null || host.Settings.Preference.Count == 0 ? []
        : choice.Passed.Where(p => Place(p.Device) is var place && place >= 0 && place < Place(choice.Device.Name)).Select(p => $"{p.Device} comes before {choice.Device.Name} and was passed over: {p.Reason}");

    private int Place(string device) => host.Settings.Preference.ToList().IndexOf(device.Split(':')[0]);
}
