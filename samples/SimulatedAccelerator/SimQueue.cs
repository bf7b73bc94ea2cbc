using System.Buffers;
using System.Diagnostics;

namespace Sim;

/// <summary>A queue with a thread of its own. What is submitted is written into a ring and done later, in order (QUE-2), each after a delay that the
/// seed decides, so that queues overtake one another. One thread submits at a time (QUE-11); any number may wait.</summary>
internal sealed unsafe class SimQueue : BackendQueue
{
    private const int Capacity = 8192, MaxStaged = 16 << 20;
    private readonly SimDevice _device;
    private readonly int _number;
    private readonly Random _delays;
    private readonly Thread _worker;
    private readonly Work[] _ring = new Work[Capacity];
    private readonly object _gate = new();                    // rung when something has changed that others wait for
    private long _submitted, _done, _staged;                  // what lies between the first two is in the ring
    private ulong _executed, _reached;
    private volatile QueueFailure? _failure;
    private volatile bool _sleeps, _ends;

    public SimQueue(SimDevice device, int number)
    {
        SimDevice.Refuse(device.Loss);
        (_device, _number, _delays) = (device, number, new Random(device.Seed * 31 + number));
        _worker = new Thread(WorkOff) { IsBackground = true, Name = $"{device.Name} queue {number}" };
        _device.Lost += Ring;
        _worker.Start();
    }

    public nint Reach(nint address, long from, long length) => _device.Memory.Reach(address, from, length);

    // quote submit
    /// <summary>The next place in the ring, to be filled in. Waits for room alone, which the worker makes without further calls (QUE-8).</summary>
    public ref Work Place(ulong value, Run run)
    {
        SimDevice.Refuse(_failure ?? _device.Loss);
        while (_submitted - Volatile.Read(ref _done) == Capacity) Thread.Yield();
        ref var work = ref _ring[_submitted & (Capacity - 1)];
        (work.Value, work.Run, work.Depth) = (value, run, 0);
        return ref work;
    }

    /// <summary>Enqueues it; who throws before has enqueued nothing (QUE-12). The exchange is a fence: the worker sees the work, or we see it asleep.</summary>
    public void Submit()
    {
        Interlocked.Exchange(ref _submitted, _submitted + 1);
        if (_sleeps) Ring();
    }
    // end submit

    protected override void SignalCore(ulong value) => Enqueue(0, (ref _) => Publish(_executed = value, null));
    // A failure of the other queue ends the wait, too: the host carries it on (QUE-14).
    protected override void WaitCore(BackendQueue other, ulong value) => Enqueue(0, (ref _) => ((SimQueue)other).HostWaitCore(value, Timeout.InfiniteTimeSpan));

    protected override void CopyCore(in CopyRegion region)
    {
        int bytes = (int)Math.Min(region.Length, int.MaxValue);
        nint source = region.FromHost ? region.Source + (nint)region.SourceOffset : Reach(region.Source, (long)region.SourceOffset, bytes);
        nint target = region.ToHost ? region.Target + (nint)region.TargetOffset : Reach(region.Target, (long)region.TargetOffset, bytes);
        Enqueue(region.Value, region.FromHost && !region.IsStable ? Staged(source, target, bytes) : (ref _) => Buffer.MemoryCopy((void*)source, (void*)target, bytes, bytes));
    }

    // A host's source that may change after the call is read in it (MEM-13); of what is read so, a limited amount lies about.
    private Run Staged(nint source, nint target, int bytes)
    {
        while (_failure is null && Volatile.Read(ref _staged) is > 0 and var staged && staged + bytes > MaxStaged) Thread.Yield();
        Interlocked.Add(ref _staged, bytes);
        byte[] copy = ArrayPool<byte>.Shared.Rent(bytes);
        new Span<byte>((void*)source, bytes).CopyTo(copy);
        return (ref _) =>
        {
            copy.AsSpan(0, bytes).CopyTo(new Span<byte>((void*)target, bytes));
            ArrayPool<byte>.Shared.Return(copy);
            Interlocked.Add(ref _staged, -bytes);
        };
    }

    private void Enqueue(ulong value, Run run) { Place(value, run); Submit(); }

    private void WorkOff()
    {
        while (Next())
        {
            ref var work = ref _ring[_done % Capacity];
            long start = Stopwatch.GetTimestamp(), delay = _delays.NextInt64(_device.MaxDelay + 1);
            while (Stopwatch.GetTimestamp() - start < delay) Thread.SpinWait(8);
            if (!Fails(work.Value)) work.Run(ref work);
            if (_failure is null && work.Value != 0) _executed = work.Value;
            Volatile.Write(ref _done, _done + 1);
        }
    }

    // False at the queue's end, when nothing is left. Looks about before it sleeps: to be woken costs the submitter more than most work.
    private bool Next()
    {
        for (int look = 0; Volatile.Read(ref _submitted) == _done && look < 100; look++) Thread.SpinWait(20);
        if (_submitted != _done) return true;
        lock (_gate)
            for (; ; Monitor.Wait(_gate))
            {
                Fails(0);
                Interlocked.Exchange(ref _sleeps, true);      // a fence: we see the work, or its submitter sees us asleep
                if (Volatile.Read(ref _submitted) != _done || _ends) break;
            }
        _sleeps = false;
        return _submitted != _done;
    }

    // From a failure on nothing touches memory; what went before was done, whether anybody waited for it or not (QUE-13).
    private bool Fails(ulong value)
    {
        if (_failure is null && _device.Strikes(_number, value) is { } cause) Publish(_executed, cause with { Value = _executed + 1 });
        return _failure is not null;
    }

    // Published first, then all who wait are released (QUE-13).
    private void Publish(ulong reached, QueueFailure? failure)
    {
        Volatile.Write(ref _reached, reached);
        _failure = failure;
        Ring();
    }

    private void Ring() { lock (_gate) { _sleeps = false; Monitor.PulseAll(_gate); } }

    protected override ulong ReachedCore() => Volatile.Read(ref _reached);
    protected override QueueFailure? FailureCore() => _failure;
    protected override WaitResult HostWaitCore(ulong value, TimeSpan timeout)
    {
        long end = timeout < TimeSpan.Zero ? long.MaxValue : Environment.TickCount64 + (long)Math.Ceiling(timeout.TotalMilliseconds);
        lock (_gate)
            while (_reached < value && _failure is null && end - Environment.TickCount64 is > 0 and var left)
                Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue));
        var failure = _failure;                               // first: with it, what is reached is final
        return Volatile.Read(ref _reached) >= value ? WaitResult.Reached : failure is null ? WaitResult.TimedOut : WaitResult.Failed;
    }

    // What is left is worked off, or dropped if the queue has failed. It waits only for what was signalled before, so this ends (QUE-16).
    protected override void Dispose(bool disposing)
    {
        _ends = true;
        Ring();
        _worker.Join();
        _device.Lost -= Ring;
        base.Dispose(disposing);
    }
}
