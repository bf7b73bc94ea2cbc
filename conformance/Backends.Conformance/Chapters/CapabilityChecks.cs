using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>What the host says of a call is what the call does (CAP-1, CAP-3), and asking does nothing to the device.</summary>
internal static class CapabilityChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("CAP-1", "records", Records),
        new("CAP-1", "asking-does-nothing", AskingDoesNothing) { Count = 50 },
        new("CAP-3", "predicted-is-taken", PredictedIsTaken),
        new("CAP-3", "counted", Counted),
        new("CAP-3", "denied", Denied),
    ];

    // A native answer names a record of the device that claims these dtypes.
    private static void Records(Trial t)
    {
        foreach (var op in CoreOperators.All)
            foreach (var types in new Axes(op).Types)
            {
                var said = t.Device.Explain(op, types);
                if (said.Way == Way.Unsupported) throw t.Fail($"{op.Name} {Text(types)}: {said}, and the reference is there");
                if (said.Way == Way.Fallback && said.Kernel is not ("cpu:0" or "reference:0")) throw t.Fail($"{op.Name} {Text(types)}: {said} names no device to fall back to");
                if (said.Way == Way.Native && said.Kernel.Length == 0) throw t.Fail($"{op.Name} {Text(types)}: native, and no kernel is named");
                if ((said.Reason == WayReason.None) != (said.Way is Way.Native or Way.Host)) throw t.Fail($"{op.Name} {Text(types)}: {said}: way and reason disagree");
            }
    }

    private static void AskingDoesNothing(Trial t)
    {
        Sample[] samples = [.. Sample.All(t)];
        var (native, fallback, buffers) = (t.Device.Calls.Total(Way.Native), t.Device.Calls.Total(Way.Fallback), t.Device.Memory.Buffers);
        string waits = t.WaitsDuring(() =>
        {
            for (int i = 0; i < t.Count; i++) samples[i % samples.Length].Explain();
        });
        t.Must(waits.Length == 0, $"asking waited: {waits}");
        t.Must((native, fallback) == (t.Device.Calls.Total(Way.Native), t.Device.Calls.Total(Way.Fallback)), "asking was counted as a call");
        t.Must(t.Device.Memory.Buffers <= buffers, $"asking took {t.Device.Memory.Buffers - buffers} buffers");
    }

    private static void PredictedIsTaken(Trial t)
    {
        foreach (var sample in Sample.All(t))
        {
            var said = sample.Explain();
            CallRecord? record = null;
            t.Device.Recorder = r => record = r;
            foreach (var result in sample.Call()) result.Dispose();
            t.Device.Recorder = null;
            if (record is null) throw t.Fail($"{sample} leaves no record");
            if (record.Way != said.Way || (said.Way == Way.Native && record.Kernel != said.Kernel) || record.Reason != said.Reason)
                throw t.Fail($"{sample}: predicted {said}; taken {record.Way} {record.Kernel} ({record.Reason})");
            if (record.Device != t.Device.Name) throw t.Fail($"{sample}: the record names {record.Device}");
        }
    }

    private static void Counted(Trial t)
    {
        foreach (var sample in Sample.All(t))
        {
            var said = sample.Explain();
            if (said.Way is not (Way.Native or Way.Decomposed or Way.Fallback)) continue;
            long before = t.Device.Calls.Of(sample.Operator, said.Way);
            foreach (var result in sample.Call()) result.Dispose();
            long counted = t.Device.Calls.Of(sample.Operator, said.Way) - before;
            t.Must(counted == 1, $"{sample}: predicted {said}, and {counted} such calls of {sample.Operator.Name} were counted");
        }
    }

    // Where a kernel is predicted, nothing is denied; where a fallback is, that is all that happens.
    private static void Denied(Trial t)
    {
        t.Device.Fallback = FallbackPolicy.Deny;
        foreach (var sample in Sample.All(t))
        {
            var said = sample.Explain();
            if (said.Way == Way.Native && !said.Copies)
                foreach (var result in sample.Call()) result.Dispose();
            else if (said.Way == Way.Fallback) t.Refused("BK2008", $"{sample}, predicted {said}, under Deny", () => sample.Call());
        }
    }

    private static string Text(IEnumerable<DType> types) => string.Join(',', types.Select(d => d.Name));
}
