namespace Backends.Conformance;

/// <summary>Waits of one queue for a point of another, submitted without blocking (QUE-7). The queue that is waited for is always behind.</summary>
internal static class WaitChecks
{
    private const int Bytes = 4096;

    public static IReadOnlyList<Check> All { get; } =
    [
        new("QUE-7", "across", t => Spread(t, writers: 1, readers: 1)) { Needs = Needs.Timeline, Count = 20, IsRandom = true },
        new("QUE-7", "fan-out", t => Spread(t, writers: 1, readers: 4)) { Needs = Needs.Timeline, Count = 10, IsRandom = true },
        new("QUE-7", "fan-in", t => Spread(t, writers: 4, readers: 1)) { Needs = Needs.Timeline, Count = 10, IsRandom = true },
        new("QUE-7", "twice", Twice) { Needs = Needs.Timeline, Count = 10, IsRandom = true },
        new("QUE-7", "long-reached", LongReached) { Needs = Needs.Timeline, Count = 20, IsRandom = true },
        new("QUE-7", "own-queue", OwnQueue) { Needs = Needs.Timeline, Count = 20, IsRandom = true },
        new("QUE-7", "read-then-overwrite", ReadThenOverwrite) { Needs = Needs.Timeline, Count = 20, IsRandom = true },
        new("QUE-7", "chain", Chain) { Needs = Needs.Timeline, Count = 30, IsRandom = true },
    ];

    // Every writer is slow; every reader waits for all of them and reads what they wrote.
    private static void Spread(Trial t, int writers, int readers)
    {
        CountedQueue[] write = [.. Enumerable.Range(0, writers).Select(_ => t.Queue())], read = [.. Enumerable.Range(0, readers).Select(_ => t.Queue())];
        nint[] buffers = [.. write.Select(_ => t.Allocate(Bytes))];
        for (int i = 0; i < t.Count; i++)
        {
            byte[][] content = [.. write.Select(_ => t.Bytes(Bytes))];
            var points = new ulong[writers];
            for (int w = 0; w < writers; w++)
            {
                // Now this one is the slowest, now that one.
                write[w].Delay(4 + (w + i) % writers * 16);
                write[w].Upload(t.Block(content[w]), 0, buffers[w], 0, Bytes);
                points[w] = write[w].Signal();
                write[w].Plugin.Flush();
            }
            var seen = new List<(HostBlock Block, int Writer, int Reader)>();
            for (int r = 0; r < readers; r++)
            {
                for (int w = 0; w < writers; w++) read[r].WaitFor(write[w], points[w]);
                for (int w = 0; w < writers; w++)
                {
                    var block = t.Block(Bytes);
                    read[r].Download(buffers[w], 0, block, 0, Bytes);
                    seen.Add((block, w, r));
                }
            }
            foreach (var reader in read) reader.Drain();
            foreach (var (block, w, r) in seen) t.Same(content[w], block.Bytes, $"reading queue {r} of {readers} waited for value {points[w]} of writing queue {w} of {writers}, and read");
        }
    }

    private static void Twice(Trial t)
    {
        var (a, b) = (t.Queue(), t.Queue());
        nint buffer = t.Allocate(Bytes);
        for (int i = 0; i < t.Count; i++)
        {
            byte[] content = t.Bytes(Bytes);
            a.Delay();
            a.Upload(t.Block(content), 0, buffer, 0, Bytes);
            ulong point = a.Signal();
            a.Plugin.Flush();
            HostBlock first = t.Block(Bytes), second = t.Block(Bytes);
            b.WaitFor(a, point);
            b.WaitFor(a, point);
            b.Download(buffer, 0, first, 0, Bytes);
            b.WaitFor(a, point);
            b.Download(buffer, 0, second, 0, Bytes);
            b.Drain();
            t.Same(content, first.Bytes, "a queue that waited twice for one point read");
            t.Same(content, second.Bytes, "a queue that waited again for a point read");
        }
    }

    private static void LongReached(Trial t)
    {
        var (a, b) = (t.Queue(), t.Queue());
        nint buffer = t.Allocate(Bytes);
        byte[] content = t.Bytes(Bytes);
        a.Upload(t.Block(content), 0, buffer, 0, Bytes);
        ulong old = a.Signal();
        a.Drain();
        for (int i = 0; i < t.Count; i++)
        {
            a.Move(buffer, 0, buffer, Bytes / 2, 1);
            a.Drain();
            b.WaitFor(a, old);
            var block = t.Block(Bytes / 2);
            b.Download(buffer, 0, block, 0, Bytes / 2);
            b.Drain();
            t.Same(content.AsSpan(0, Bytes / 2), block.Bytes, $"a queue that waited for value {old}, when {a.Last} was reached, read");
        }
    }

    private static void OwnQueue(Trial t)
    {
        var queue = t.Queue();
        nint buffer = t.Allocate(Bytes);
        for (int i = 0; i < t.Count; i++)
        {
            byte[] content = t.Bytes(Bytes);
            queue.Upload(t.Block(content), 0, buffer, 0, Bytes);
            queue.WaitFor(queue, queue.Signal());
            var block = t.Block(Bytes);
            queue.Download(buffer, 0, block, 0, Bytes);
            queue.Drain();
            t.Same(content, block.Bytes, "a queue that waited for a point of its own read");
        }
    }

    // The reader is behind; who overwrites waits until it has read.
    private static void ReadThenOverwrite(Trial t)
    {
        var (reader, writer) = (t.Queue(), t.Queue());
        nint buffer = t.Allocate(Bytes);
        byte[] held = t.Bytes(Bytes);
        t.Put(buffer, 0, held);
        for (int i = 0; i < t.Count; i++)
        {
            var block = t.Block(Bytes);
            reader.Delay();
            reader.Download(buffer, 0, block, 0, Bytes);
            ulong point = reader.Signal();
            reader.Plugin.Flush();
            byte[] next = t.Bytes(Bytes);
            writer.WaitFor(reader, point);
            writer.Upload(t.Block(next), 0, buffer, 0, Bytes);
            writer.Drain();
            reader.Drain();
            t.Same(held, block.Bytes, $"a read before value {point}, for which the overwriting queue waited, read");
            held = next;
        }
    }

    // Three queues hand one buffer on, round and round, with no wait of the host.
    private static void Chain(Trial t)
    {
        CountedQueue[] queues = [t.Queue(), t.Queue(), t.Queue()];
        nint buffer = t.Allocate(Bytes);
        byte[] model = t.Bytes(Bytes);
        t.Put(buffer, 0, model);
        var reads = new List<(HostBlock Block, byte[] Expected)>();
        for (int i = 0; i < t.Count; i++)
        {
            var (before, queue) = (queues[i % 3], queues[(i + 1) % 3]);
            if (before.Last > 0)
            {
                queue.WaitFor(before, before.Signal());
                before.Plugin.Flush();
            }
            int at = t.Next(Bytes - 64), from = t.Next(at / 2 + 1);
            int length = Math.Min(64, at - from);
            if (length > 0)
            {
                queue.Move(buffer, from, buffer, at, length);
                model.AsSpan(from, length).CopyTo(model.AsSpan(at));
            }
            var block = t.Block(Bytes);
            queue.Download(buffer, 0, block, 0, Bytes);
            reads.Add((block, [.. model]));
        }
        foreach (var queue in queues) queue.Drain();
        for (int i = 0; i < reads.Count; i++) t.Same(reads[i].Expected, reads[i].Block.Bytes, $"link {i} of {t.Count} of a chain over three queues");
    }
}
