namespace Backends.Conformance;

/// <summary>The end of memory as an app meets it (MEM-9, MEM-10): what can be had is given, the rest is a typed error, and everything stays usable.</summary>
internal static class LimitChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("MEM-9", "undisposed", Undisposed) { Needs = Needs.MemoryLimit, Count = 200 },
        new("MEM-9", "exhausted", Exhausted) { Needs = Needs.MemoryLimit, Count = 3 },
        new("MEM-9", "result-does-not-fit", ResultDoesNotFit) { Needs = Needs.MemoryLimit },
        new("MEM-10", "work-under-way", WorkUnderWay) { Needs = Needs.MemoryLimit, Count = 16 },
    ];

    // Sixty-four tensors of this many f32 fill the limit.
    private static int Part(Trial t) => (int)(t.Device.Memory.Limit / 64 / sizeof(float));

    // Several times what fits, and nobody disposes.
    private static void Undisposed(Trial t)
    {
        var x = t.Device.Full([Part(t)], 1);
        for (int i = 1; i <= t.Count; i++) x = x + 1f;
        Holds(t, x, t.Count + 1, $"{t.Count} sums without one Dispose");
        Bounded(t);
    }

    private static void Exhausted(Trial t)
    {
        int part = Part(t);
        for (int round = 0; round < t.Count; round++)
        {
            var held = new List<Tensor>();
            BackendException? error = null;
            while (error is null)
                try
                {
                    held.Add(t.Device.Full([part], held.Count));
                    if (held.Count * part * 4L > t.Device.Memory.Limit) throw t.Fail($"{held.Count} tensors of {part * 4:N0} bytes are more than the limit of {t.Device.Memory.Limit:N0}");
                }
                catch (BackendException full) when (full.Id == "BK4001")
                {
                    error = full;
                }
            t.Must(error.What.Contains(t.Device.Name, StringComparison.Ordinal) && error.Why.Length > 0 && error.Remedy.Length > 0, $"the error lacks device, why or remedy: {error.Message}");
            t.Must(held.Count * part * 4L * 2 > t.Device.Memory.Limit, $"{held.Count} tensors of {part * 4:N0} bytes fit into a limit of {t.Device.Memory.Limit:N0}");
            for (int i = 0; i < held.Count; i++) Holds(t, held[i], i, $"tensor {i} of {held.Count} that fill the device, after the error");
            for (int i = 0; i < 4; i++) held[i].Dispose();
            using (var sum = held[^1] + held[^2]) Holds(t, sum, 2 * held.Count - 3, "a sum, when some of the memory was given back");
            foreach (var tensor in held) tensor.Dispose();
            Bounded(t);
        }
    }

    private static void ResultDoesNotFit(Trial t)
    {
        int side = (int)Math.Sqrt(t.Device.Memory.Limit);
        using var row = t.Device.Full([1, side], 1);
        using var column = t.Device.Full([side, 1], 2);
        for (int i = 0; i < 3; i++)
        {
            t.Refused("BK4001", "a sum four times as large as the limit", () => (row + column).Dispose());
            Holds(t, row, 1, "an operand after the error");
            using var sum = row + 1f;
            Holds(t, sum, 2, "a sum after the error");
        }
    }

    // Room comes only when work is over: that is waited for, and no value of a tensor that is still read is lost.
    private static void WorkUnderWay(Trial t)
    {
        using Queue a = t.Device.CreateQueue(), b = t.Device.CreateQueue();
        using var x = t.Device.Full([4 * Part(t)], 1);
        for (int i = 0; i < t.Count; i++)
        {
            Tensor y;
            using ((i % 2 == 0 ? a : b).Use()) y = x + (float)i;
            Tensor z;
            using ((i % 3 == 0 ? a : b).Use()) z = y + 1f;
            y.Dispose();
            using (z) if (i % 8 == 0) Holds(t, z, i + 2, $"step {i} of {t.Count}, each of which takes a sixteenth of the device's memory");
        }
        Bounded(t);
    }

    private static void Bounded(Trial t)
    {
        var memory = t.Device.Memory;
        t.Must(memory.Live + memory.Cached <= memory.Limit, $"the host holds more than the limit: {memory}");
    }

    private static void Holds(Trial t, Tensor tensor, float value, string what)
    {
        float[] read = tensor.ToArray<float>();
        int wrong = read.AsSpan().IndexOfAnyExcept(value);
        if (wrong >= 0) throw t.Fail($"{what}: element {wrong} is {read[wrong]}, expected {value}");
    }
}
