using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>Queues and timelines as the plugin makes them: order, signals, what is reached, and waits of the host (QUE-1, -2, -3, -5, -6, -8, -10, -16).</summary>
/// <remarks>Copies alone: they are what every queue has. Waits of one queue for another are in <see cref="WaitChecks"/>.</remarks>
internal static class QueueChecks
{
    private const int Bytes = 1024;

    public static IReadOnlyList<Check> All { get; } =
    [
        new("QUE-1", "zero", Zero) { Needs = Needs.Timeline },
        new("QUE-2", "order", Order) { Needs = Needs.Queue, Count = 10, IsRandom = true },
        new("QUE-2", "several-queues", SeveralQueues) { Needs = Needs.Timeline, Count = 10, IsRandom = true },
        new("QUE-3", "one-signal", OneSignal) { Needs = Needs.Timeline, Count = 100 },
        new("QUE-3", "without-signals", WithoutSignals) { Needs = Needs.Timeline, Count = 10_000 },
        new("QUE-5", "never-ahead", NeverAhead) { Needs = Needs.Timeline, Count = 200 },
        new("QUE-5", "flush", Flush) { Needs = Needs.Timeline, Count = 20 },
        new("QUE-6", "poll", Poll) { Needs = Needs.Timeline, Count = 40 },
        new("QUE-6", "never-early", NeverEarly) { Needs = Needs.Timeline, Count = 20 },
        new("QUE-6", "many-waiters", ManyWaiters) { Needs = Needs.Timeline, Count = 8 },
        new("QUE-8", "no-starving", NoStarving) { Needs = Needs.Timeline, Count = 1000 },
        new("QUE-10", "at-once", AtOnce) { Needs = Needs.Queue | Needs.Synchronous, Count = 40, IsRandom = true },
        new("QUE-16", "destroy", Destroy) { Needs = Needs.Timeline, Count = 40 },
    ];

    private static void Zero(Trial t)
    {
        var queue = t.Queue();
        t.Must(queue.Plugin.HostWait(0, TimeSpan.Zero) == WaitResult.Reached, $"on a fresh queue value 0 is {queue.Plugin.HostWait(0, TimeSpan.Zero)}");
        t.Must(queue.Plugin.Failure is null, $"a fresh queue has failed: {queue.Plugin.Failure?.Text}");
    }

    private static void Order(Trial t)
    {
        var queue = t.Queue();
        for (int i = 0; i < t.Count; i++)
        {
            var program = new CopyProgram(t, queue, Bytes);
            for (int k = 0; k < 40; k++) program.Step();
            program.Verify();
        }
    }

    // Each has buffers of its own: whatever the others do, it is as if it were alone.
    private static void SeveralQueues(Trial t)
    {
        CountedQueue[] queues = [t.Queue(), t.Queue(), t.Queue()];
        for (int i = 0; i < t.Count; i++)
        {
            CopyProgram[] programs = [.. queues.Select(q => new CopyProgram(t, q, Bytes))];
            for (int k = 0; k < 60; k++) programs[t.Next(programs.Length)].Step();
            foreach (var program in programs) program.Verify();
        }
    }

    private static void OneSignal(Trial t)
    {
        var stamps = new Stamps(t, t.Queue(), t.Count);
        for (int i = 1; i <= t.Count; i++) stamps.Write();
        stamps.Queue.Drain();
        ulong reached = stamps.Queue.Plugin.Reached();
        t.Must(reached >= (ulong)t.Count, $"value {t.Count} was waited for, and {reached} is reached");
        for (ulong v = 1; v <= (ulong)t.Count; v++) stamps.Must(v, $"after a wait for {t.Count}");
    }

    private static void WithoutSignals(Trial t)
    {
        var queue = t.Queue();
        nint buffer = t.Allocate(16);
        byte[] content = [1, 2, 3, 4, 5, 6, 7, 8];
        t.Put(buffer, 0, content);
        for (int i = 0; i < t.Count; i++) queue.Move(buffer, i % 2 * 8, buffer, (i + 1) % 2 * 8, 8);
        queue.Drain();
        t.Same(content, t.Get(buffer, 8, 8), $"8 bytes moved {t.Count:N0} times between two signals");
    }

    // Whoever sees a value sees the work before it; nobody ever sees a smaller one afterwards.
    private static void NeverAhead(Trial t)
    {
        var stamps = new Stamps(t, t.Queue(), t.Count);
        ulong signalled = 0;
        Trial.Together(3, thread =>
        {
            if (thread == 0)
            {
                for (int i = 1; i <= t.Count; i++)
                {
                    stamps.Queue.Delay(2);
                    ulong value = stamps.Write();
                    Volatile.Write(ref signalled, value);
                    stamps.Queue.Signal();
                    stamps.Queue.Plugin.Flush();
                    // The moment in which it is most likely not done.
                    if (stamps.Queue.Plugin.Reached() >= value) stamps.Must(value, "when it was said to be reached, right after its signal");
                }
                return;
            }
            var limit = new Limit();
            ulong last = 0, end = 3 * (ulong)t.Count;
            for (int polls = 0; (last < end || polls < 1000) && !limit.IsOver; polls++)
            {
                ulong reached = stamps.Queue.Plugin.Reached(), asked = Volatile.Read(ref signalled);
                if (reached < last) throw t.Fail($"{reached} is reached after {last} was");
                if (reached > asked) throw t.Fail($"{reached} is reached, and nothing above {asked} was signalled");
                for (ulong v = last + 1; v <= reached; v++) stamps.Must(v, $"when {reached} was reached");
                last = reached;
            }
        });
        stamps.Queue.Drain();
    }

    private static void Flush(Trial t)
    {
        var stamps = new Stamps(t, t.Queue(), t.Count);
        for (int i = 1; i <= t.Count; i++)
        {
            stamps.Write();
            ulong value = stamps.Queue.Signal();
            for (int k = 0; k < i % 3 + 1; k++) stamps.Queue.Plugin.Flush();
            var limit = new Limit();
            while (stamps.Queue.Plugin.Reached() < value)
                if (limit.IsOver) throw t.Fail($"value {value} was signalled and flushed, and is not reached after {Trial.Patience.TotalSeconds:0} s");
            stamps.Must(value, "when it was reached");
        }
    }

    private static void Poll(Trial t)
    {
        var stamps = new Stamps(t, t.Queue(), t.Count);
        for (int i = 1; i <= t.Count; i++)
        {
            stamps.Queue.Delay();
            stamps.Write();
            ulong value = stamps.Queue.Signal();
            var result = stamps.Queue.Plugin.HostWait(value, TimeSpan.Zero);
            if (result is not (WaitResult.Reached or WaitResult.TimedOut)) throw t.Fail($"a look at value {value} of a sound queue gives {result}");
            if (result == WaitResult.Reached) stamps.Must(value, "when a look said Reached");
            stamps.Queue.Plugin.Flush();
            if (i % 4 != 0) continue;
            stamps.Queue.Drain();
            t.Must(stamps.Queue.Plugin.HostWait(value, TimeSpan.Zero) == WaitResult.Reached, $"value {value} was waited for, and a look says it is not reached");
        }
    }

    private static void NeverEarly(Trial t)
    {
        var stamps = new Stamps(t, t.Queue(), t.Count);
        for (int i = 1; i <= t.Count; i++)
        {
            stamps.Queue.Delay();
            stamps.Write();
            ulong value = stamps.Queue.Signal();
            stamps.Queue.Plugin.Flush();
            var result = stamps.Queue.Plugin.HostWait(value, i % 2 == 0 ? Trial.Patience : TimeSpan.FromMilliseconds(1));
            if (result == WaitResult.Failed) throw t.Fail($"a wait for value {value} of a sound queue gives {result}");
            if (result == WaitResult.Reached) stamps.Must(value, "when a wait for it said Reached");
            else t.Must(i % 2 != 0, $"value {value} is not reached after {Trial.Patience.TotalSeconds:0} s");
        }
    }

    // One submits; the others wait for each value as soon as it is signalled, so that most wait at once and for the same one.
    private static void ManyWaiters(Trial t)
    {
        const int values = 40;
        var stamps = new Stamps(t, t.Queue(), values);
        var signalled = new ulong[values];
        Trial.Together(t.Count + 1, thread =>
        {
            var limit = new Limit();
            for (int i = 0; i < values; i++)
            {
                if (thread == 0)
                {
                    stamps.Queue.Delay();
                    stamps.Write();
                    ulong value = stamps.Queue.Signal();
                    stamps.Queue.Plugin.Flush();
                    Volatile.Write(ref signalled[i], value);
                    continue;
                }
                ulong mine;
                while ((mine = Volatile.Read(ref signalled[i])) == 0)
                    if (limit.IsOver) return;
                var result = stamps.Queue.Plugin.HostWait(mine, Trial.Patience);
                if (result != WaitResult.Reached) throw t.Fail($"one of {t.Count} that wait at once gets {result} for value {mine}");
                stamps.Must(mine, $"when one of {t.Count} waiters was released");
            }
        });
    }

    private static void NoStarving(Trial t)
    {
        var (busy, other) = (t.Queue(), new Stamps(t, t.Queue(), 1));
        nint buffer = t.Allocate(2 * Bytes);
        t.Put(buffer, 0, t.Bytes(2 * Bytes));
        for (int i = 0; i < t.Count; i++) busy.Move(buffer, i % 2 * Bytes, buffer, (i + 1) % 2 * Bytes, Bytes);
        busy.Signal();
        busy.Plugin.Flush();
        other.Write();
        other.Queue.Drain();
        other.Must(1, $"beside a queue with {t.Count:N0} submissions");
        busy.Drain();
    }

    private static void AtOnce(Trial t)
    {
        var queue = t.Queue();
        nint buffer = t.Allocate(Bytes);
        for (int i = 0; i < t.Count; i++)
        {
            byte[] content = t.Bytes(Bytes);
            HostBlock source = t.Block(content), target = t.Block(Bytes);
            queue.Upload(source, 0, buffer, 0, Bytes);
            queue.Download(buffer, 0, target, 0, Bytes);
            t.Same(content, target.Bytes, "a copy to the host, when its call had returned");
        }
    }

    private static void Destroy(Trial t)
    {
        var kept = new Stamps(t, t.Queue(), t.Count);
        for (int i = 0; i < t.Count; i++)
        {
            var brief = t.Queue();
            if (i % 2 == 0) new Stamps(t, brief, 1).Write();
            brief.Drain();
            t.End(brief);
            kept.Write();
        }
        kept.Queue.Drain();
        for (ulong v = 1; v <= (ulong)t.Count; v++) kept.Must(v, $"beside {t.Count} queues that were destroyed");
    }
}
