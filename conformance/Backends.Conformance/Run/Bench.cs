using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>
/// Runs one case on a device: inputs and outputs between guards, the way asked beforehand and recorded during the call (CAP-3), everything read
/// back, compared with what was written, and judged. Whatever the device does wrong becomes a verdict.
/// </summary>
/// <param name="find">Finds the plugins of some folders; a test adds backends of its own.</param>
internal sealed class Bench(Func<IEnumerable<string>, BackendHost> find) : ICaseRunner
{
    private const string MemoryLimit = "memory-limit";

    private BackendHost? _host;
    private Device? _device;
    private (string Device, IReadOnlyList<string> Plugins) _opened;

    /// <summary>A bench for the plugins of the folders alone.</summary>
    public Bench() : this(folders => BackendHost.FromPlugins(folders)) { }

    public DeviceFacts Open(string device, IReadOnlyList<string> plugins)
    {
        _opened = (device, plugins);
        _host = find(plugins);
        _host.Log = _ => { };
        try
        {
            _device = _host[device];
        }
        catch (DeviceNotUsableException refusal)
        {
            throw Listed(refusal, _host);
        }
        _device.Fallback = FallbackPolicy.Allow;
        var plugin = _device.PluginInfo;
        return new DeviceFacts
        {
            Device = _device.OpenedAs, Name = _device.Info.Name, Driver = _device.Info.DriverVersion, Memory = _device.Info.TotalMemory,
            Plugin = plugin.Name, Version = plugin.Version, Sha256 = plugin.Sha256, Kind = plugin.Door,
            Notes = plugin.Name == "reference" ? ["the oracle shares this device's text: its passes are no evidence", .. _device.Notes] : _device.Notes,
        };
    }

    // After a device is lost nothing more can be asked of it here: the next case gets a worker, and a device, of its own.
    public CaseResult Run(Case c)
    {
        var result = c is ChapterCase chapter ? Run(chapter) : Run((CallCase)c);
        return _device!.IsLost ? result with { Damaged = true } : result;
    }

    private CaseResult Run(ChapterCase c)
    {
        var (device, plugins) = _opened;
        if (!c.Check.Needs.HasFlag(Needs.MemoryLimit) || device.Contains(MemoryLimit, StringComparison.Ordinal)) return ChapterBench.Run(_host!, _device!, c);
        try
        {
            Reopen($"{device}{(device.Contains('?') ? '&' : '?')}{MemoryLimit}=2MiB", plugins);
            var result = ChapterBench.Run(_host!, _device!, c);
            Reopen(device, plugins);
            return result;
        }
        catch (BackendException refusal)
        {
            return new CaseResult { Id = c.Id, Verdict = Conformance.Verdict.Fail, Reason = $"OBJ-1: the device does not open a second time: {refusal.Why}", Damaged = true };
        }
    }

    private void Reopen(string device, IReadOnlyList<string> plugins)
    {
        _host!.Dispose();
        Open(device, plugins);
    }

    private CaseResult Run(CallCase c)
    {
        try
        {
            using var call = new BenchCall(_host!, _device!, c);
            return c.Error is null ? RunCall(call) : ErrorCheck.Run(call);
        }
        catch (BackendException error) when (error.Id is "BK4001" or "BK4002" or "BK4003")
        {
            // Before the call or after it: while operands are written, or the result is read.
            return new CaseResult { Id = c.Id, Verdict = Conformance.Verdict.Fail, Reason = $"{error.Id} {error.What}\n{error.Why}", Damaged = true };
        }
    }

    public void Dispose() => _host?.Dispose();

    private CaseResult RunCall(BenchCall call)
    {
        var predicted = call.Explain();
        // Where a kernel is claimed nothing may stand in for it (FAL-2); copies that the host makes for it are another operator's.
        if (predicted.Way == Way.Native) _device!.FallbackByOperator[call.Case.Operator.Name] = FallbackPolicy.Deny;
        try
        {
            call.Invoke();
        }
        catch (FallbackDeniedException denied)
        {
            return Verdict(call, Conformance.Verdict.FellBack, $"{predicted.Kernel} is claimed for this call: {denied.Why}");
        }
        catch (BackendException error) when (error.Id == "BK2009")
        {
            return Verdict(call, Conformance.Verdict.Unsupported, error.Why);
        }
        catch (BackendException error)
        {
            return Verdict(call, Conformance.Verdict.Fail, $"{error.Id} {error.What}\n{error.Why}") with { Damaged = error.Id == "BK4002" };
        }
#pragma warning disable CA1031 // whatever a device's code throws is a result
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Verdict(call, Conformance.Verdict.Fail, $"threw {error.GetType().Name}: {error.Message}") with { Damaged = true };
        }
        finally
        {
            _device!.FallbackByOperator.Remove(call.Case.Operator.Name);
        }
        return Damage(call) ?? WrongWay(call, predicted) ?? Judging.Decide(call);
    }

    // What the call changed and had no right to (KER-13, MEM-11).
    private static CaseResult? Damage(BenchCall call)
    {
        foreach (var (name, reading, isTarget) in call.Readings())
        {
            if (reading.Outside is { } where) return Verdict(call, Conformance.Verdict.OutOfBounds, $"{name}: a guard was overwritten, {where}") with { Damaged = true };
            if (reading.Changed && !isTarget) return Verdict(call, Conformance.Verdict.InputChanged, $"{name} has changed, and is no target");
        }
        return null;
    }

    // The way predicted is the way taken, and a kernel never declines inside its record (CAP-3, KER-6).
    private static CaseResult? WrongWay(BenchCall call, Explanation predicted)
    {
        if (call.Record is not { } record) return Verdict(call, Conformance.Verdict.Fail, "the call left no record (OBS-5)");
        if (record.Reason == WayReason.Declined) return Verdict(call, Conformance.Verdict.FellBack, $"{predicted.Kernel} declined inside its record (KER-6)");
        if (record.Way == predicted.Way && (record.Way != Way.Native || record.Kernel == predicted.Kernel)) return null;
        return Verdict(call, predicted.Way == Way.Native ? Conformance.Verdict.FellBack : Conformance.Verdict.Fail, $"predicted {predicted}, taken {record.Way} {record.Kernel} (CAP-3)");
    }

    internal static CaseResult Verdict(BenchCall call, Verdict verdict, string? reason) => new()
    {
        Id = call.Case.Id, Verdict = verdict, Reason = reason, Ms = call.Elapsed.TotalMilliseconds,
        Ran = call.Record is { } record ? Route.Of(record) : null,
        Kernel = call.Record is { Way: Way.Native } native ? native.Kernel : null,
        Parts = call.Record is { } parts ? Route.Parts(parts) : null,
    };

    // What else is absent, for whoever reads exit code 4: the devices that are there, and this one's reason, it says already.
    private static DeviceNotUsableException Listed(DeviceNotUsableException refusal, BackendHost host)
    {
        var others = host.Absences.Where(a => !refusal.Why.Contains(a.Text, StringComparison.Ordinal)).Select(a => $"\n  absent   {a.Subject}: {a.Text}");
        return new DeviceNotUsableException(refusal.What, refusal.Why, refusal.Remedy + string.Concat(others), refusal.Id);
    }
}
