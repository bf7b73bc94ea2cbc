using System.Collections.Concurrent;

namespace Backends;

/// <summary>How many calls a device got by each way, by operator. Native calls are counted by each thread for itself and added up when asked.</summary>
public sealed class CallCounts
{
    private readonly List<DeviceShare> _shares = [];
    private readonly ConcurrentDictionary<(Operator Op, Way Way), long> _others = new();
    private readonly ConcurrentDictionary<(string Op, WayReason Reason), FallbackCount> _fallbacks = new();

    /// <summary>Calls of an operator that went one way.</summary>
    public long Of(Operator op, Way way)
    {
        if (way != Way.Native) return _others.GetValueOrDefault((op, way));
        lock (_shares) return _shares.Sum(s => op.Number < s.Native.Length ? s.Native[op.Number] : 0);
    }

    /// <summary>All calls that went one way.</summary>
    public long Total(Way way) => CoreOperators.All.Sum(op => Of(op, way));

    /// <summary>Fallbacks by operator and reason: calls, bytes read and bytes written back (FAL-2).</summary>
    public IReadOnlyDictionary<(string Operator, WayReason Reason), FallbackCount> Fallbacks => _fallbacks;

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{Total(Way.Native)} native · {Total(Way.Decomposed)} decomposed · {Total(Way.Fallback)} fallback";

    internal void Add(DeviceShare share)
    {
        lock (_shares) _shares.Add(share);
    }

    internal void Count(Operator op, Way way) => _others.AddOrUpdate((op, way), 1, static (_, n) => n + 1);

    internal void CountFallback(Operator op, WayReason reason, long down, long up)
    {
        Count(op, Way.Fallback);
        _fallbacks.AddOrUpdate((op.Name, reason), new FallbackCount(1, down, up), (_, c) => new FallbackCount(c.Calls + 1, c.BytesDown + down, c.BytesUp + up));
    }
}

/// <summary>What fallbacks of one operator cost.</summary>
/// <param name="Calls">How many.</param>
/// <param name="BytesDown">Bytes read from the device.</param>
/// <param name="BytesUp">Bytes written back to it.</param>
public sealed record FallbackCount(long Calls, long BytesDown, long BytesUp);
