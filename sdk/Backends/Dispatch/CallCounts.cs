using System.Collections.Concurrent;

namespace Backends;

/// <summary>How many calls a device got by each way, by operator. Native calls are counted by each thread for itself and added up when asked.</summary>
public sealed class CallCounts
{
    private readonly List<(WeakReference<DeviceShare> Share, long[] Native)> _threads = [];
    private readonly long[] _ended = new long[CoreOperators.All.Max(op => op.Number) + 1];
    private readonly ConcurrentDictionary<Operator, long> _declined = new();
    private readonly ConcurrentDictionary<(Operator Op, Way Way), long> _others = new();
    private readonly ConcurrentDictionary<(string Op, WayReason Reason), FallbackCount> _fallbacks = new();

    internal CallCounts() { }

    /// <summary>Calls of an operator that went one way.</summary>
    public long Of(Operator op, Way way)
    {
        if (way != Way.Native) return _others.GetValueOrDefault((op, way));
        if (op.Number >= _ended.Length) return 0;
        lock (_threads) return _ended[op.Number] + _threads.Sum(t => t.Native[op.Number]);
    }

    /// <summary>How often a kernel of an operator declined a call inside its record, and the next way was taken (KER-6).</summary>
    public long DeclinedOf(Operator op) => _declined.GetValueOrDefault(op);

    /// <summary>All calls that went one way.</summary>
    public long Total(Way way) => CoreOperators.All.Sum(op => Of(op, way));

    /// <summary>Fallbacks by operator and reason: calls, bytes read and written back, time waited (FAL-2).</summary>
    public IReadOnlyDictionary<(string Operator, WayReason Reason), FallbackCount> Fallbacks => _fallbacks;

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{Total(Way.Native)} native · {Total(Way.Decomposed)} decomposed · {Total(Way.Fallback)} fallback";

    internal void Add(DeviceShare share)
    {
        lock (_threads)
        {
            ForgetEnded();
            _threads.Add((new WeakReference<DeviceShare>(share), share.Native));
        }
    }

    /// <summary>What an ended thread counted is kept; the memory that it kept for itself is not, even where a tensor of its still lives.</summary>
    internal void ForgetEnded()
    {
        lock (_threads)
            for (int i = _threads.Count - 1; i >= 0; i--)
            {
                if (_threads[i].Share.TryGetTarget(out var share))
                {
                    if (share.Thread.IsAlive) continue;
                    share.Empty();
                }
                for (int op = 0; op < _ended.Length; op++) _ended[op] += _threads[i].Native[op];
                _threads.RemoveAt(i);
            }
    }

    /// <summary>The shares of all threads that use the device.</summary>
    internal List<DeviceShare> Shares()
    {
        var shares = new List<DeviceShare>();
        lock (_threads)
            foreach (var thread in _threads)
                if (thread.Share.TryGetTarget(out var share)) shares.Add(share);
        return shares;
    }

    /// <summary>Room for a thread's counts of native calls, by operator number.</summary>
    internal long[] NewCounts() => new long[_ended.Length];

    internal void CountDeclined(Operator op) => _declined.AddOrUpdate(op, 1, static (_, n) => n + 1);

    internal void Count(Operator op, Way way) => _others.AddOrUpdate((op, way), 1, static (_, n) => n + 1);

    internal void CountFallback(Operator op, WayReason reason, FallbackCount one)
    {
        Count(op, Way.Fallback);
        _fallbacks.AddOrUpdate((op.Name, reason), one, (_, c) => new FallbackCount(c.Calls + 1, c.BytesDown + one.BytesDown, c.BytesUp + one.BytesUp, c.Waited + one.Waited));
    }
}

/// <summary>What fallbacks of one operator cost.</summary>
/// <param name="Calls">How many.</param>
/// <param name="BytesDown">Bytes read from the device.</param>
/// <param name="BytesUp">Bytes written back to it.</param>
/// <param name="Waited">How long the host waited for the inputs; zero on a synchronous device.</param>
public sealed record FallbackCount(long Calls, long BytesDown, long BytesUp, TimeSpan Waited);
