using System.Diagnostics;
using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>Runs one case of a chapter on a device. Whatever the device does wrong becomes a verdict that quotes the clause.</summary>
internal static class ChapterBench
{
    /// <summary>What can be taken wholly in a moment.</summary>
    public const ulong SmallMemory = 256UL << 20;

    public static CaseResult Run(BackendHost host, Device device, ChapterCase c)
    {
        long start = Stopwatch.GetTimestamp();
        var (verdict, reason) = Missing(device, c.Check.Needs) is { } missing ? (Verdict.Unsupported, missing) : Judge(host, device, c);
        return new CaseResult
        {
            Id = c.Id, Verdict = verdict, Reason = reason, Ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds,
            // What a device does after it broke a clause proves nothing about the next one.
            Damaged = verdict == Verdict.Fail,
        };
    }

    private static (Verdict, string?) Judge(BackendHost host, Device device, ChapterCase c)
    {
        try
        {
            using var trial = new Trial(host, device, c);
            trial.HasFailed = true;
            try
            {
                c.Check.Run(trial);
                trial.HasFailed = false;
            }
            catch (NotHere)
            {
                trial.HasFailed = false;
                throw;
            }
            return (Verdict.Pass, null);
        }
        catch (Finding seen)
        {
            return (Verdict.Fail, seen.Message);
        }
        catch (NotHere missing)
        {
            return (Verdict.Unsupported, missing.Message);
        }
        catch (BackendException error)
        {
            return (Verdict.Fail, $"{c.Check.Clause}: {error.Id} {error.What}{(error.Why == error.What ? "" : $" {error.Why}")}");
        }
#pragma warning disable CA1031 // whatever a device's code throws is a result
        catch (Exception error)
#pragma warning restore CA1031
        {
            return (Verdict.Fail, $"{c.Check.Clause}: threw {error.GetType().Name}: {error.Message}");
        }
        finally
        {
            device.Recorder = null;
            device.Fallback = FallbackPolicy.Allow;
            device.FallbackByOperator.Clear();
        }
    }

    private static string? Missing(Device device, Needs needs)
    {
        var traits = device.Info.Traits;
        bool synchronous = traits.HasFlag(DeviceTraits.Synchronous);
        if (needs.HasFlag(Needs.Timeline) && synchronous) return "the device is synchronous: its queue has no timeline (QUE-10)";
        if (needs.HasFlag(Needs.Queue) && synchronous && traits.HasFlag(DeviceTraits.HostAccessible)) return "the device's memory is the host's: the host copies, there is no queue (QUE-10)";
        if (needs.HasFlag(Needs.Synchronous) && !synchronous) return "the device is asynchronous";
        if (needs.HasFlag(Needs.SmallMemory) && device.Info.TotalMemory > SmallMemory) return "its memory is too large to be taken wholly";
        if (needs.HasFlag(Needs.MemoryLimit) && device.Memory.Limit > (long)SmallMemory) return $"it was opened with a memory-limit of {device.Memory.Limit:N0} bytes: too many to take in a moment";
        return null;
    }
}
