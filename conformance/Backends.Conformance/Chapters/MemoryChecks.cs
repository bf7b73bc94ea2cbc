using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>Memory as the plugin gives it (MEM-2, MEM-3, MEM-4, MEM-8), and as the host hands it on (MEM-1, MEM-4, MEM-9, MEM-10).</summary>
internal static class MemoryChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("MEM-1", "empty", Empty),
        new("MEM-2", "alignment", Alignment),
        new("MEM-2", "sizes", Sizes) { Count = 40, IsRandom = true },
        new("MEM-3", "distinct", Distinct) { Count = 64, IsRandom = true },
        new("MEM-4", "free-elsewhere", FreeElsewhere) { Count = 500 },
        new("MEM-4", "dispose-while-running", DisposeWhileRunning) { Count = 300 },
        new("MEM-8", "too-large", TooLarge),
        new("MEM-8", "exhaustion", Exhaustion) { Needs = Needs.SmallMemory },
        new("MEM-9", "typed-error", TypedError),
        new("MEM-10", "reuse", Reuse) { Count = 400, IsRandom = true },
    ];

    // The odd ones are where a rounded size shows; random ones follow them.
    private static readonly int[] s_sizes = [1, 2, 3, 7, 255, 256, 257, 4095, 4096, 4097, 65_535, 65_537, 1 << 20, (1 << 20) + 1];

    private static void Empty(Trial t)
    {
        using var none = t.Device.Empty([0, 3]);
        using var other = t.Device.Tensor<float>([], [3, 0]);
        t.Must(none.ToArray<float>().Length == 0 && other.ToArray<float>().Length == 0, "a tensor without elements gives elements");
        using var sum = none + none;
        t.Must(sum.Shape == [0, 3], $"[0, 3] + [0, 3] has shape {sum.Shape}");
        none.CopyFrom(sum);
        using var total = other.Sum();
        t.Must(total.ToScalar<float>() == 0, $"the sum of nothing is {total.ToScalar<float>()}");
    }

    private static void Alignment(Trial t)
    {
        uint alignment = t.Plugin.Info.Alignment;
        t.Must(alignment >= 256 && (alignment & (alignment - 1)) == 0, $"the device says alignment {alignment}: no power of two from 256");
    }

    // All of them live until the last is taken: what they hold then is what was written.
    private static void Sizes(Trial t)
    {
        long left = t.Budget;
        var taken = new List<(nint Address, byte[] Head, byte[] Tail, long Size)>();
        for (int i = 0; i < t.Count; i++)
        {
            int size = i < s_sizes.Length ? s_sizes[i] : t.Next(1, 100_000);
            if (size > left) continue;
            left -= size;
            nint address = t.Allocate(size);
            bool aligned = !t.Plugin.Info.Traits.HasFlag(DeviceTraits.LinearAddresses) || address % (nint)t.Plugin.Info.Alignment == 0;   // a token may be any number (MEM-3)
            if (!aligned) throw t.Fail($"{size:N0} bytes lie at 0x{address:x}, which is not aligned to {t.Plugin.Info.Alignment}");
            byte[] head = t.Bytes(Math.Min(size, 64)), tail = t.Bytes(Math.Min(size, 64));
            t.Put(address, 0, head);
            t.Put(address, size - tail.Length, tail);
            taken.Add((address, head, tail, size));
        }
        foreach (var (address, head, tail, size) in taken)
        {
            t.Same(tail, t.Get(address, size - tail.Length, tail.Length), $"the end of {size:N0} bytes");
            // A short buffer's end was written over its start.
            if (size >= 128) t.Same(head, t.Get(address, 0, head.Length), $"the start of {size:N0} bytes");
        }
    }

    private static void Distinct(Trial t)
    {
        var taken = new List<(nint Address, byte[] Content)>();
        for (int i = 0; i < t.Count; i++)
        {
            byte[] content = t.Bytes(t.Next(1, 2000));
            nint address = t.Allocate(content.Length);
            t.Put(address, 0, content);
            taken.Add((address, content));
        }
        if (t.Plugin.Info.Traits.HasFlag(DeviceTraits.LinearAddresses))
            foreach (var (low, high) in taken.OrderBy(b => b.Address).Zip(taken.OrderBy(b => b.Address).Skip(1)))
                if (low.Address + low.Content.Length > high.Address) throw t.Fail($"{low.Content.Length} bytes at 0x{low.Address:x} reach into the buffer at 0x{high.Address:x}");
        foreach (var (address, content) in taken) t.Same(content, t.Get(address, 0, content.Length), $"a buffer of {content.Length} bytes among {t.Count}");
    }

    // Each thread frees what its neighbour took.
    private static void FreeElsewhere(Trial t)
    {
        var passed = new System.Collections.Concurrent.BlockingCollection<nint>[] { [], [] };
        Trial.Together(2, thread =>
        {
            for (int i = 0; i < t.Count; i++)
            {
                nint address = t.Plugin.Allocate((nuint)(1 + i % 5000));
                if (address == 0) throw t.Fail($"allocation {i} of {t.Count} does not fit, with at most {2 * t.Count} small buffers alive");
                passed[1 - thread].Add(address);
                if (passed[thread].TryTake(out nint other)) t.Plugin.Free(other);
            }
        });
        foreach (var rest in passed)
            while (rest.TryTake(out nint address)) t.Plugin.Free(address);
    }

    private static void TooLarge(Trial t)
    {
        var info = t.Plugin.Info;
        ulong most = Math.Min(info.TotalMemory, info.LargestAllocation);
        ulong size = most < 1UL << 60 ? most + 1 : 1UL << 60;
        for (int i = 0; i < 3; i++)
        {
            nint none = t.Plugin.Allocate((nuint)size);
            t.Must(none == 0, $"{size:N0} bytes of {most:N0} are given at 0x{none:x}");
            byte[] content = t.Bytes(1000);
            nint address = t.TryAllocate(content.Length);
            t.Must(address != 0, "after a request that did not fit, one of 1,000 bytes does not either");
            t.Put(address, 0, content);
            t.Same(content, t.Get(address, 0, content.Length), "1,000 bytes taken after a request that did not fit");
        }
    }

    private static void Exhaustion(Trial t)
    {
        int chunk = (int)Math.Min(Math.Max(t.Plugin.Info.TotalMemory / 16, 4096), t.Plugin.Info.LargestAllocation);
        var taken = new List<(nint Address, int Size)>();
        for (; chunk >= 4096; chunk /= 2)
            while (t.TryAllocate(chunk) is not 0 and var address)
            {
                taken.Add((address, chunk));
                if (taken.Sum(b => (long)b.Size) > (long)t.Plugin.Info.TotalMemory) throw t.Fail($"more than the stated {t.Plugin.Info.TotalMemory:N0} bytes are given");
            }
        // Both ends and the middle of each: enough to see what is not there, or is somebody else's.
        byte[] content = new byte[Math.Min(taken[0].Size, 16 << 10)];
        for (int i = 0; i < taken.Count; i++)
            foreach (int at in Windows(taken[i].Size, content.Length)) t.Put(taken[i].Address, at, Filled(content, taken[i].Size - at, i));
        for (int i = 0; i < taken.Count; i++)
            foreach (int at in Windows(taken[i].Size, content.Length))
            {
                var expected = Filled(content, taken[i].Size - at, i);
                t.Same(expected, t.Get(taken[i].Address, at, expected.Length), $"buffer {i} of {taken.Count}, which fill the device, from byte {at:N0}");
            }
        foreach (var (address, size) in taken.Take(4))
        {
            t.Free(address);
            t.Must(t.TryAllocate(size) != 0, $"{size:N0} bytes were freed on a full device and cannot be taken again");
        }
    }

    private static int[] Windows(int size, int window) => [0, size / 2, Math.Max(0, size - window)];

    private static ReadOnlySpan<byte> Filled(byte[] content, int room, int number)
    {
        var window = content.AsSpan(0, Math.Min(content.Length, room));
        window.Fill((byte)(1 + number % 251));
        return window;
    }

    private static void TypedError(Trial t)
    {
        using var kept = t.Device.Tensor(1f, 2, 3);
        for (int i = 0; i < 3; i++)
        {
            var error = t.Refused("BK4001", "a tensor of 2^58 bytes", () => t.Device.Empty([1L << 56]).Dispose());
            t.Must(error.What.Contains(t.Device.Name, StringComparison.Ordinal), $"the error does not name the device: {error.What}");
            using var sum = kept + kept;
            t.Same([2, 4, 6], sum.ToArray<float>(), "a sum after the error");
        }
    }

    // Values that another tensor holds never appear in one that is alive: each holds one number throughout.
    private static void Reuse(Trial t)
    {
        var alive = new List<(Tensor Tensor, float Value)>();
        for (int i = 0; i < t.Count; i++)
        {
            int at = alive.Count == 0 ? -1 : t.Next(alive.Count);
            switch (t.Next(4))
            {
                case 0 when at >= 0:
                    alive[at].Tensor.Dispose();
                    alive.RemoveAt(at);
                    break;
                case 1 when at >= 0 && alive.Count < 16:
                    alive.Add((alive[at].Tensor + 1f, alive[at].Value + 1));
                    break;
                case 2 when at >= 0:
                    // A result that nobody keeps: its memory is the next one's.
                    (alive[at].Tensor * 3f).Dispose();
                    break;
                case var _ when alive.Count < 16:
                    alive.Add((t.Device.Full([t.Next(2) == 0 ? t.Next(1, 64) : t.Next(1, 4000)], i), i));
                    break;
            }
            if (i % 8 == 0 && alive.Count > 0) Holds(t, alive[t.Next(alive.Count)], i);
        }
        foreach (var one in alive) Holds(t, one, t.Count);
        foreach (var (tensor, _) in alive) tensor.Dispose();
    }

    private static void Holds(Trial t, (Tensor Tensor, float Value) one, int step)
    {
        int wrong = one.Tensor.ToArray<float>().AsSpan().IndexOfAnyExcept(one.Value);
        if (wrong >= 0) throw t.Fail($"after {step} steps element {wrong} of {one.Tensor.Shape} is {one.Tensor.ToArray<float>()[wrong]}; all were {one.Value}");
    }

    // A tensor that another thread disposes is used to its end, or refused; never is its memory somebody else's meanwhile.
    private static void DisposeWhileRunning(Trial t)
    {
        var shared = new Tensor?[1];
        bool over = false;
        Trial.Together(2, thread =>
        {
            if (thread == 1)
            {
                while (!Volatile.Read(ref over)) Interlocked.Exchange(ref shared[0], null)?.Dispose();
                return;
            }
            try
            {
                for (int i = 0; i < t.Count; i++)
                {
                    var tensor = t.Device.Full([257], i);
                    Volatile.Write(ref shared[0], tensor);
                    try
                    {
                        using var sum = tensor + tensor;
                        Holds(t, (sum, 2 * i), i);
                    }
                    catch (BackendException error) when (error.Id == "BK2007")
                    {
                        // Disposed before the call began: the typed error is the right answer.
                    }
                }
            }
            finally
            {
                Volatile.Write(ref over, true);
            }
        });
        shared[0]?.Dispose();
    }
}
