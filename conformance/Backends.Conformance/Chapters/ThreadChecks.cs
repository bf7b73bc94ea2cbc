namespace Backends.Conformance;

/// <summary>Many threads of the host on one device: what a thread owns is right, whatever the others do (QUE-11, KER-22, MEM-4, OBJ-4).</summary>
internal static class ThreadChecks
{
    private const int Threads = 8;

    public static IReadOnlyList<Check> All { get; } =
    [
        new("QUE-11", "one-queue", t => Together(t, own: false)) { Count = 60 },
        new("QUE-11", "own-queues", t => Together(t, own: true)) { Count = 60 },
        new("QUE-11", "shared-tensor", SharedTensor) { Count = 100 },
        new("KER-22", "large-calls", LargeCalls) { Count = 2 },
        new("QUE-6", "readers", Readers) { Count = 20 },
        new("MEM-4", "disposed-elsewhere", DisposedElsewhere) { Count = 100 },
        new("OBJ-4", "dropped", Dropped) { Count = 300 },
    ];

    private static void Together(Trial t, bool own) => Trial.Together(Threads, thread =>
    {
        using var queue = own ? t.Device.CreateQueue() : null;
        using var scope = (queue ?? t.Device.Queue).Use();
        using var x = t.Device.Full([64], thread);
        using var y = t.Device.Zeros([64]);
        for (int i = 1; i <= t.Count; i++)
        {
            using var twice = x + x;
            Ops.Add(y, twice, into: y);
            if (i % 20 == 0) Holds(t, y, 2 * thread * i, $"thread {thread} of {Threads}, step {i}");
        }
        Holds(t, y, 2 * thread * t.Count, $"thread {thread} of {Threads}, at its end");
    });

    // Any values are right, a broken device is not.
    private static void SharedTensor(Trial t)
    {
        using var shared = t.Device.Full([64], 1);
        Trial.Together(4, thread =>
        {
            for (int i = 0; i < t.Count; i++)
                if (thread % 2 == 0) Ops.Add(shared, 1f, into: shared);
                else (shared + shared).Dispose();
        });
        using var fresh = t.Device.Full([64], 5);
        shared.CopyFrom(fresh);
        Holds(t, shared, 5, "a tensor that threads wrote without order, then overwritten");
    }

    private static void LargeCalls(Trial t) => Trial.Together(4, thread =>
    {
        using var x = t.Device.Full([65_537], thread + 1);
        for (int i = 0; i < t.Count; i++)
        {
            using var y = x + x;
            Holds(t, y, 2 * (thread + 1), $"65,537 elements on thread {thread} of 4");
        }
    });

    private static void Readers(Trial t)
    {
        using var x = t.Device.Full([500], 1);
        t.KeepBusy();
        using var y = x + 2f;
        Trial.Together(Threads, thread =>
        {
            for (int i = 0; i < t.Count; i++) Holds(t, y, 3, $"reader {thread} of {Threads}");
        });
    }

    // Whoever disposes is another thread than who computes; results that a thread still owns stay right.
    private static void DisposedElsewhere(Trial t)
    {
        var given = new System.Collections.Concurrent.BlockingCollection<Tensor>(64);
        int working = 3;
        Trial.Together(4, thread =>
        {
            if (thread == 3)
            {
                foreach (var tensor in given.GetConsumingEnumerable()) tensor.Dispose();
                return;
            }
            try
            {
                using var x = t.Device.Full([200], thread + 1);
                for (int i = 0; i < t.Count; i++)
                {
                    var y = x * 2f;
                    using var z = y + x;
                    given.Add(y);
                    if (i % 25 == 0) Holds(t, z, 3 * (thread + 1), $"thread {thread}, whose inputs another thread disposes");
                }
            }
            finally
            {
                if (Interlocked.Decrement(ref working) == 0) given.CompleteAdding();
            }
        });
    }

    // Nobody disposes: what is dropped comes back, while others work, and what is held stays.
    private static void Dropped(Trial t)
    {
        using var kept = t.Device.Full([1000], 7);
        Trial.Together(4, thread =>
        {
            for (int i = 0; i < t.Count; i++)
            {
                var dropped = t.Device.Full([400], i);
                if (i % 49 == 48) Holds(t, dropped, i, $"tensor {i} of {t.Count} that thread {thread} drops");
                if (thread == 0 && i % 100 == 0) GC.Collect();
            }
        });
        GC.Collect();
        GC.WaitForPendingFinalizers();
        for (int i = 0; i < 50; i++) t.Device.Full([1000], i).Dispose();
        Holds(t, kept, 7, $"a tensor kept beside {4 * t.Count:N0} that were dropped");
    }

    private static void Holds(Trial t, Tensor tensor, float value, string what)
    {
        float[] read = tensor.ToArray<float>();
        int wrong = read.AsSpan().IndexOfAnyExcept(value);
        if (wrong >= 0) throw t.Fail($"{what}: element {wrong} is {read[wrong]}, expected {value}");
    }
}
