namespace Backends.Conformance;

/// <summary>Queues as an app has them: the host orders what touches one tensor (QUE-17), waits itself in few cases and counts each (QUE-18).</summary>
internal static class HazardChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("QUE-3", "many-calls", ManyCalls) { Count = 3000 },
        new("QUE-9", "other-backend", OtherBackend) { Count = 10, IsRandom = true },
        new("QUE-10", "trivial-queues", TrivialQueues) { Needs = Needs.Synchronous },
        new("QUE-16", "dispose", Dispose) { Count = 20, IsRandom = true },
        new("QUE-17", "write-then-read", WriteThenRead) { Count = 20, IsRandom = true },
        new("QUE-17", "read-then-overwrite", ReadThenOverwrite) { Count = 20, IsRandom = true },
        new("QUE-17", "programs", Programs) { Count = 10, IsRandom = true },
        new("QUE-18", "calls-never-wait", CallsNeverWait) { Count = 100 },
        new("QUE-18", "read", Read) { Count = 5 },
        new("QUE-18", "synchronize", Synchronize),
    ];

    // One number that every call adds to: lost, repeated or early ones show in it.
    private static void ManyCalls(Trial t)
    {
        using var total = t.Device.Zeros([3]);
        using var one = t.Device.Full([3], 1);
        for (int i = 0; i < t.Count; i++) Ops.Add(total, one, into: total);
        t.Same([t.Count, t.Count, t.Count], total.ToArray<float>(), $"1 added {t.Count:N0} times, read once");
    }

    private static void OtherBackend(Trial t)
    {
        var other = t.Host[t.Device.PluginInfo.Name == "reference" ? "cpu" : "reference"];
        for (int i = 0; i < t.Count; i++)
        {
            float[] content = t.Floats(t.Next(1, 500));
            using var x = t.Device.Tensor(content);
            t.KeepBusy();
            using var doubled = x + x;
            using var there = doubled.To(other);
            using var again = there + there;
            using var back = again.To(t.Device);
            using var y = back + x;
            t.Same([.. content.Select(v => 5 * v)], y.ToArray<float>(), $"numbers doubled on {t.Device.Name}, doubled on {other.Name}, added on {t.Device.Name}");
            t.Same(content, x.ToArray<float>(), "what they were made of");
        }
    }

    private static void TrivialQueues(Trial t)
    {
        using var queue = t.Device.CreateQueue();
        using var x = t.Device.Tensor(1f, 2, 3);
        Tensor y;
        using (queue.Use()) y = x + x;
        using (y)
        {
            queue.Synchronize();
            t.Device.Synchronize();
            t.Same([2, 4, 6], y.ToArray<float>(), "a sum on a queue of a synchronous device");
        }
        t.Must(t.Device.Waits.Values.All(n => n == 0), $"a synchronous device counts waits: {Trial.Words(t.Device.Waits)}");
    }

    private static void Dispose(Trial t)
    {
        for (int i = 0; i < t.Count; i++)
        {
            float[] content = t.Floats(400);
            using var x = t.Device.Tensor(content);
            Tensor y;
            using (var queue = t.Device.CreateQueue())
            using (queue.Use())
            {
                t.KeepBusy();
                y = x + x;
            }
            using (y) t.Same([.. content.Select(v => 2 * v)], y.ToArray<float>(), "the result of a queue that was disposed behind its work");
        }
    }

    private static void WriteThenRead(Trial t)
    {
        using Queue a = t.Device.CreateQueue(), b = t.Device.CreateQueue();
        using var x = t.Device.Zeros([300]);
        for (int i = 0; i < t.Count; i++)
        {
            float[] content = t.Floats(300);
            using var source = t.Device.Tensor(content);
            using (a.Use())
            {
                t.KeepBusy();
                Ops.Add(source, source, into: null).Dispose();
                x.CopyFrom(source);
            }
            Tensor y;
            using (b.Use()) y = x + 1f;
            using (y) t.Same([.. content.Select(v => v + 1)], y.ToArray<float>(), "a tensor written on one queue and read on another");
        }
    }

    private static void ReadThenOverwrite(Trial t)
    {
        using Queue a = t.Device.CreateQueue(), b = t.Device.CreateQueue();
        using var x = t.Device.Zeros([300]);
        for (int i = 0; i < t.Count; i++)
        {
            using var next = t.Device.Full([300], i + 1);
            Tensor y;
            using (a.Use())
            {
                t.KeepBusy();
                y = x + 0.5f;
            }
            using (b.Use()) x.CopyFrom(next);
            using (y) t.Same([.. Enumerable.Repeat(i + 0.5f, 300)], y.ToArray<float>(), "a tensor read on one queue and overwritten on another");
        }
        t.Same([.. Enumerable.Repeat((float)t.Count, 300)], x.ToArray<float>(), "what was overwritten last");
    }

    private static void Programs(Trial t)
    {
        for (int i = 0; i < t.Count; i++)
        {
            using var program = new TensorProgram(t, queues: 3);
            for (int k = 0; k < 30; k++) program.Step();
            program.Verify();
        }
    }

    private static void CallsNeverWait(Trial t)
    {
        t.NeedsKernel(CoreOperators.Add, DType.F32);
        using Queue a = t.Device.CreateQueue(), b = t.Device.CreateQueue();
        using var x = t.Device.Full([100], 1);
        using var y = t.Device.Full([100], 2);
        string waits = t.WaitsDuring(() =>
        {
            for (int i = 0; i < t.Count; i++)
                using ((i % 2 == 0 ? a : b).Use())
                    Ops.Add(x, y, into: y);
        });
        t.Must(waits.Length == 0, $"{t.Count} calls on two queues waited: {waits}");
        t.Same([.. Enumerable.Repeat(t.Count + 2f, 100)], y.ToArray<float>(), $"1 added {t.Count} times on two queues by turns");
    }

    // A read waits once at most, and for nothing else.
    private static void Read(Trial t)
    {
        using var x = t.Device.Full([1000], 3);
        for (int i = 0; i < t.Count; i++)
        {
            using var y = x.Reshape(10, 100);
            string waits = t.WaitsDuring(() => y.ToArray<float>());
            string wanted = t.IsTimed ? $"{WaitCause.Read} 1" : "";
            t.Must(waits == wanted, $"reading a tensor counts '{waits}', expected '{wanted}'");
        }
    }

    private static void Synchronize(Trial t)
    {
        using var queue = t.Device.CreateQueue();
        using var x = t.Device.Full([1000], 3);
        using (queue.Use()) (x + x).Dispose();
        string waits = t.WaitsDuring(queue.Synchronize);
        t.Must(waits is "" or $"{nameof(WaitCause.Synchronize)} 1", $"Synchronize counts '{waits}'");
        waits = t.WaitsDuring(t.Device.Synchronize);
        t.Must(waits.Split(", ").All(w => w.Length == 0 || w.StartsWith(nameof(WaitCause.Synchronize), StringComparison.Ordinal)), $"Synchronize of the device counts '{waits}'");
    }
}
