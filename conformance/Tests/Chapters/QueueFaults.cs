using Backends.Plugins;
using Backends.Tests.Queues;

namespace Backends.Conformance.Tests.Chapters;

/// <summary>What may be wrong with queues and timelines.</summary>
/// <remarks>A wait that returns early is tried on a check's own memory alone: behind a tensor's back it writes into what the collector has moved.</remarks>
internal static class QueueFaults
{
    public static IEnumerable<ChapterFault> All =>
    [
        Queue("value 0 is not reached", "queues/QUE-1/zero", q => new FaultyQueue(q) { HostWaits = (v, _, wait) => v == 0 ? WaitResult.TimedOut : wait() }),
        Queue("an upload overtakes what was submitted before", "queues/QUE-2/order", Reordering),
        Queue("an upload overtakes what was submitted before", "queues/QUE-2/several-queues", Reordering),
        Queue("nothing above 50 is ever said to be reached", "queues/QUE-3/one-signal", q => new FaultyQueue(q) { Answers = reached => Math.Min(50, reached()) }),
        Queue("4,096 submissions without a signal are too many", "queues/QUE-3/without-signals", Counting),
        Queue("a value is reached when it is signalled", "queues/QUE-5/never-ahead", q => Ahead(q)),
        Queue("what is reached falls now and then", "queues/QUE-5/never-ahead", Falling),
        Queue("what is reached is found by waits alone", "queues/QUE-5/flush", Forgetful),
        Queue("a look always says Reached", "queues/QUE-6/poll", q => new FaultyQueue(q) { HostWaits = (_, timeout, wait) => timeout == TimeSpan.Zero ? WaitResult.Reached : wait() }),
        Queue("a wait returns early", "queues/QUE-6/never-early", Early),
        Queue("a second thread may not wait", "queues/QUE-6/many-waiters", Lonely),
        Queue("waits are ignored", "queues/QUE-7/across", Ignoring),
        Queue("waits are ignored", "queues/QUE-7/read-then-overwrite", Ignoring),
        Queue("waits are ignored", "queues/QUE-7/chain", Ignoring),
        Queue("waits are ignored", "queues/QUE-7/twice", Ignoring),
        new("one waiter of a point is released, the others never wait", "queues/QUE-7/fan-out", () => new Faulty { Queue = Single([]) }),
        Queue("of waits in a row the last one counts", "queues/QUE-7/fan-in", LastWait),
        new("a point can be waited for once", "queues/QUE-7/twice", () => new Faulty { Queue = Once([]) }),
        Queue("a wait for an old value is refused", "queues/QUE-7/long-reached", Young),
        Queue("a wait for the own queue is refused", "queues/QUE-7/own-queue", q => Own(q)),
        Queue("ending a queue throws", "queues/QUE-16/destroy", q => new FaultyQueue(q) { Ends = end => { end(); throw new InvalidOperationException("still in use"); } }),
        new("copies are made at the next one", "queues/QUE-10/at-once", () => new Late()),
        Queue("waits are ignored", "queues/QUE-17/write-then-read", Ignoring),
        Queue("waits are ignored", "queues/QUE-17/read-then-overwrite", Ignoring),
        Queue("waits are ignored", "queues/QUE-17/programs", Ignoring),
        Queue("waits are ignored", "fallback/FAL-3/behind-work", Ignoring),
        Queue("waits are ignored", "kernels/KER-28/behind-work", Ignoring),
    ];

    private static ChapterFault Queue(string name, string found, Func<BackendQueue, QueueAround> queue) => new(name, found, () => new Faulty { Queue = queue });

    private static FaultyQueue Ignoring(BackendQueue q) => new(q) { Waits = (_, _, _) => { } };

    private static FaultyQueue Early(BackendQueue q) => new(q) { HostWaits = (_, timeout, wait) => timeout == Timeout.InfiniteTimeSpan || timeout > TimeSpan.Zero ? WaitResult.Reached : wait() };

    // A download goes out behind what is submitted next.
    private static FaultyQueue Reordering(BackendQueue inner)
    {
        CopyRegion? held = null;
        int copies = 0;
        return new FaultyQueue(inner)
        {
            Copies = (r, copy) =>
            {
                if (held is null && r.FromHost && ++copies % 3 == 0)
                {
                    held = r;
                    return;
                }
                copy(r);
                if (held is { } late) copy(late);
                held = null;
            },
            Signals = (_, signal) =>
            {
                if (held is { } late) inner.Copy(late);
                held = null;
                signal();
            },
        };
    }

    private static FaultyQueue Counting(BackendQueue q)
    {
        int unsignalled = 0;
        return new FaultyQueue(q)
        {
            Copies = (r, copy) => { if (++unsignalled > 4096) throw new BackendException(BackendStatus.OutOfMemory, "no event is left"); copy(r); },
            Signals = (_, signal) => { unsignalled = 0; signal(); },
        };
    }

    private static FaultyQueue Ahead(BackendQueue q)
    {
        ulong signalled = 0;
        return new FaultyQueue(q) { Signals = (v, signal) => { signal(); Volatile.Write(ref signalled, v); }, Answers = _ => Volatile.Read(ref signalled) };
    }

    private static FaultyQueue Falling(BackendQueue q)
    {
        int asked = 0;
        return new FaultyQueue(q) { Answers = reached => reached() is > 1 and var v && Interlocked.Increment(ref asked) % 7 == 0 ? v - 1 : reached() };
    }

    private static FaultyQueue Forgetful(BackendQueue q)
    {
        ulong waited = 0;
        return new FaultyQueue(q) { Answers = _ => Volatile.Read(ref waited), HostWaits = (v, _, wait) => { var result = wait(); if (result == WaitResult.Reached) Volatile.Write(ref waited, v); return result; } };
    }

    private static FaultyQueue Lonely(BackendQueue q)
    {
        int first = 0;
        return new FaultyQueue(q)
        {
            HostWaits = (_, _, wait) =>
            {
                int mine = Environment.CurrentManagedThreadId, known = Interlocked.CompareExchange(ref first, mine, 0);
                return known == 0 || known == mine ? wait() : WaitResult.TimedOut;
            },
        };
    }

    private static Func<BackendQueue, QueueAround> Single(HashSet<(BackendQueue, ulong)> waited) => q => new FaultyQueue(q) { Waits = (other, v, wait) => { if (waited.Add((other, v))) wait(); } };

    private static Func<BackendQueue, QueueAround> Once(HashSet<(BackendQueue, ulong)> waited) =>
        q => new FaultyQueue(q) { Waits = (other, v, wait) => { if (!waited.Add((other, v))) throw new BackendException(BackendStatus.InvalidArgument, "this event was used"); wait(); } };

    // Each wait takes the place of the one before; the next submission makes it real.
    private static FaultyQueue LastWait(BackendQueue q)
    {
        Action? last = null;
        return new FaultyQueue(q)
        {
            Waits = (_, _, wait) => last = wait,
            Copies = (r, copy) =>
            {
                last?.Invoke();
                last = null;
                copy(r);
            },
        };
    }

    private static FaultyQueue Young(BackendQueue q) => new(q)
    {
        Waits = (other, v, wait) => { if (v < other.Reached()) throw new BackendException(BackendStatus.InvalidArgument, "this event is gone"); wait(); },
    };

    private static FaultyQueue Own(BackendQueue q)
    {
        FaultyQueue? self = null;
        return self = new FaultyQueue(q) { Waits = (other, _, wait) => { if (ReferenceEquals(other, self)) throw new BackendException(BackendStatus.InvalidArgument, "a queue cannot wait for itself"); wait(); } };
    }

    /// <summary>Says that it is synchronous, and is not.</summary>
    private sealed class Late() : DeviceAround(new Backends.Tests.Host.TokenDevice { Limit = 64 << 20 })
    {
        protected override QueueAround Around(BackendQueue queue)
        {
            CopyRegion? held = null;
            return new FaultyQueue(queue)
            {
                Copies = (r, copy) =>
                {
                    if (held is { } late) copy(late);
                    held = null;
                    if (r.ToHost) held = r;
                    else copy(r);
                },
            };
        }
    }
}
