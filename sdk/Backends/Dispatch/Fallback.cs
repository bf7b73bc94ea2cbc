using System.Diagnostics;
using Backends.Plugins;

namespace Backends;

/// <summary>What happens to a call that the device asked has neither kernel nor decomposition for.</summary>
public enum FallbackPolicy
{
    /// <summary>It runs on the fast CPU or the reference, with copies, and is counted.</summary>
    Allow,
    /// <summary>As Allow, and a warning once for each operator, dtype and device.</summary>
    Warn,
    /// <summary>BK2008, before any copy.</summary>
    Deny,
}

/// <summary>Runs calls elsewhere: on cpu where it is present, else on reference (FAL-1 to 6). It never moves a user's tensor.</summary>
internal static unsafe class Fallback
{
    /// <summary>The device to fall back to, or null. A strided copy is staged by the host instead (MEM-15).</summary>
    public static Device? TargetFor(Call call)
    {
        if (call.Operator == CoreOperators.Copy) return null;
        return TargetsOf(call.Device).FirstOrDefault(d => Repeats(d, call.Operator, call.Combination, call.Device.Determinism) || call.Operator.Kind == OperatorKind.Decomposed);
    }

    /// <summary>Whether a device has kernels for it, and each that it could choose repeats as far as it must (RND-5).</summary>
    public static bool Repeats(Device target, Operator op, int combination, Determinism demanded)
    {
        var first = target.Kernels.First(op, combination);
        for (var kernel = first; kernel is not null; kernel = kernel.Next)
            if (kernel.Record.Determinism < demanded) return false;
        return first is not null;
    }

    /// <summary>cpu falls back to reference, reference to nobody, all others to both: a call never comes back to where it was. What is lost takes nothing.</summary>
    public static IEnumerable<Device> TargetsOf(Device device)
    {
        var targets = device.Host.FallbackTargets;
        return (targets.Contains(device) ? targets.SkipWhile(d => d != device).Skip(1) : targets).Where(d => !d.IsLost);
    }

    public static bool HostCopies(Call call) => call.Operator == CoreOperators.Copy;

    public static Tensor[] Run(Call call, Choice choice)
    {
        Check(call, choice.Reason);
        using var activity = Activities.Start("fallback", call.Device.Name, call.Operator.Name);
        if (choice.Target is null) return CopyByHost(call, choice.Reason);
        call.Promote();
        // Aliased inputs are read once and stay aliased (FAL-3, FAL-4).
        var moved = new Dictionary<Tensor, Tensor>();
        long began = Stopwatch.GetTimestamp();
        foreach (var input in call.Given)
            if (!moved.ContainsKey(input)) moved.Add(input, call.Temporary(Transfer.To(input, choice.Target, WaitCause.Fallback)));
        var waited = call.Device.Submissions is null ? TimeSpan.Zero : Stopwatch.GetElapsedTime(began);
        Tensor[] elsewhere = InvokeOn(choice.Target, call, moved);
        var results = new Tensor[elsewhere.Length];
        for (int i = 0; i < results.Length; i++) results[i] = Transfer.To(call.Temporary(elsewhere[i]), call.Device);
        call.Device.Calls.CountFallback(call.Operator, choice.Reason, new FallbackCount(1, moved.Keys.Sum(Bytes), results.Sum(Bytes), waited));
        return call.Deliver(results);
    }

    // What the call reports is told on the device that was asked; what the other has to tell of calls of its own, there (KER-25).
    private static Tensor[] InvokeOn(Device target, Call call, Dictionary<Tensor, Tensor> moved)
    {
        bool hasOwn = target.Faults.Take(out var own);
        try
        {
            var results = Detour.InvokeAll(call.Operator, target, [.. call.Inputs.Select(t => t is null ? null : moved[t])], call.Attributes, default);
            if (target.Faults.Take(out var op)) call.Device.Faults.Carry(op ?? call.Operator);
            return results;
        }
        finally
        {
            if (hasOwn) target.Faults.Carry(own);
        }
    }

    private static Tensor[] CopyByHost(Call call, WayReason reason)
    {
        var source = call.Inputs[0]!;
        var target = call.TakeOutputs()[0];
        long bytes = Bytes(source), began = Stopwatch.GetTimestamp();
        Transfer.Stage(source, target, WaitCause.Fallback);
        var waited = call.Device.Submissions is null ? TimeSpan.Zero : Stopwatch.GetElapsedTime(began);
        call.Device.Calls.CountFallback(call.Operator, reason, new FallbackCount(1, bytes, bytes, waited));
        return [target];
    }

    private static void Check(Call call, WayReason reason)
    {
        var device = call.Device;
        var policy = device.PolicyFor(call.Operator);
        if (policy == FallbackPolicy.Deny) throw Throw.Denied(call.Operator, call.DTypeText, device, Explanation.Words(reason));
        if (policy == FallbackPolicy.Warn) device.WarnOnce(call.Operator, call.DTypeText, reason);
    }

    private static long Bytes(Tensor tensor) => tensor.Elements * tensor.DType.Size;
}
