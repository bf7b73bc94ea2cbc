using System.CommandLine;
using Backends.Conformance;
using Backends.Plugins.Trust;

namespace Backends.Cli.Verbs;

/// <summary>The verb <c>devices</c>: what can be used, what an app would get, and why the rest cannot.</summary>
internal static class DevicesVerb
{
    private const int MostDTypes = 4;

    public static Command Create() => VerbOptions.On(new Command("devices", "Lists every device, and says why others are not there."), (_, answer) => Run(answer));

    // 4: there is nothing that could be used.
    private static ExitCode Run(Answer answer)
    {
        var report = Report(answer);
        if (answer.IsJson) answer.Write(report);
        else Print(answer, report);
        return report.Devices.Count > 0 ? ExitCode.Yes : ExitCode.Unusable;
    }

    private static DevicesReport Report(Answer answer)
    {
        var host = answer.Host;
        var trust = TrustList.Read(TrustList.PathOf(answer.Options.Plugins.TrustFile));
        DeviceEntry[] devices = [.. host.Devices.Select(d => Entry(d, trust))];
        var chosen = Default(host);
        var rejected = host.Absences.Select(a => new RejectedEntry(a.Subject, Stage(a.Code), Enum.IsDefined(a.Code) ? a.Code.ToString() : $"{(int)a.Code}", a.Text, a.Remedy)).ToList();
        // A backend that the configuration names and nobody brings.
        rejected.AddRange(chosen.Passed.Where(p => !p.Id.Contains(':') && rejected.All(r => r.Id != p.Id) && devices.All(d => d.Backend != p.Id))
            .Select(p => new RejectedEntry(p.Id, "find", nameof(AbsenceCode.NoDevice), p.Why, "install the plugin, or name its folder: --plugins DIR")));
        return new DevicesReport(1, chosen, devices, rejected);
    }

    private static DefaultEntry Default(BackendHost host)
    {
        try
        {
            var choice = host.Choice;
            return new(choice.Device.Name, choice.Because, [.. choice.Passed.Select(p => new PassedEntry(p.Device, p.Reason))]);
        }
        catch (DeviceNotUsableException e)
        {
            return new(null, e.Why.Split('\n')[0], []);
        }
    }

    private static DeviceEntry Entry(OfferedDevice device, TrustList trust)
    {
        var (info, plugin) = (device.Info, device.Plugin);
        return new(device.Name, plugin.Name, info.Name, Capabilities.Memory(info), Names(info.ComputedDTypes ?? info.StoredDTypes ?? DTypes.All), [.. Capabilities.Features(info)],
            new(info.Ordinal, info.Kind.ToString().ToLowerInvariant(), info.VendorId, info.DeviceId, info.Uuid == Guid.Empty ? null : info.Uuid.ToString(), info.PciAddress.Length > 0 ? info.PciAddress : null,
                info.IsUnstable, info.DriverVersion, info.Alignment, info.LargestAllocation == ulong.MaxValue ? null : info.LargestAllocation,
                Names(info.StoredDTypes ?? DTypes.All), Names(info.FlushesSubnormals), info.Options, [.. device.SameHardware.Select(o => o.Name)]),
            new(plugin.Name, plugin.Info.Version, plugin.Manifest?.Contract.ToString(), plugin.Info.Door, plugin.Info.Sha256, plugin.Manifest is { } manifest && trust.Check(manifest) is null));
    }

    private static string Stage(AbsenceCode code) => code switch
    {
        AbsenceCode.Disabled or AbsenceCode.ManifestInvalid or AbsenceCode.Duplicate => "find",
        < AbsenceCode.Timeout => "load",
        _ => "discover",
    };

    private static void Print(Answer answer, DevicesReport report)
    {
        var output = answer.Text;
        int column = 2 + report.Devices.Select(d => d.Id).Concat(report.Rejected.Select(r => r.Id)).DefaultIfEmpty("").Max(i => i.Length);
        foreach (var device in report.Devices)
        {
            string[] facts = [device.Name, device.Memory is { } bytes ? Sizes.Text(bytes) : "memory unknown", Text(device.DTypes)];
            string chosen = device.Id == report.Default.Id ? $"(default: {answer.Options.Device})" : "";
            output.Columns(device.Id, column, string.Join(" · ", facts) + (chosen.Length > 0 ? $"  {chosen}" : ""));
            if (device.Facts.SameHardware.Count > 0) output.Columns("", column, $"the same hardware as {string.Join(", ", device.Facts.SameHardware)}");
        }
        foreach (var absent in report.Rejected)
        {
            output.Columns(absent.Id, column, $"not usable: {absent.Why}");
            if (absent.Remedy.Length > 0) output.Columns("", column, $"remedy: {absent.Remedy}");
        }
        if (report.Default.Id is null) output.Columns("", 0, $"no default: {report.Default.Because}");
    }

    private static string[] Names(IEnumerable<DType> types) => [.. types.Select(t => t.Name)];

    // What people look for first; the document has them all.
    private static string Text(IReadOnlyList<string> names)
    {
        if (names.Count == DTypes.All.Count) return "all dtypes";
        string[] first = [.. ((string[])["f32", "f64", "f16", "bf16", "i32", "i64"]).Where(names.Contains)];
        string[] order = [.. first, .. names.Except(first)];
        return string.Join(' ', order.Take(MostDTypes)) + (order.Length > MostDTypes ? " …" : "");
    }
}
