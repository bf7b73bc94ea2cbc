namespace Backends.Conformance;

/// <summary>Calls of kernels: the frame is the call's own (KER-9), aliases are kept apart (KER-12), calls return at once (KER-21), two phases (KER-28).</summary>
internal static class KernelChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("KER-4", "layouts", Layouts) { Count = 60, IsRandom = true },
        new("KER-6", "never-declines", NeverDeclines),
        new("KER-9", "inputs-dropped", InputsDropped) { Count = 200 },
        new("KER-12", "partly-overlapping", PartlyOverlapping) { Count = 40, IsRandom = true },
        new("KER-12", "aliased-inputs", AliasedInputs),
        new("KER-21", "returns-at-once", ReturnsAtOnce) { Needs = Needs.Timeline, Count = 200 },
        new("KER-28", "two-phase", TwoPhase) { Count = 20, IsRandom = true },
        new("KER-28", "nothing-found", NothingFound),
        new("KER-28", "behind-work", BehindWork) { Count = 10, IsRandom = true },
    ];

    // Whatever a kernel takes, the call gives the same: the host brings operands into its form.
    private static void Layouts(Trial t)
    {
        for (int i = 0; i < t.Count; i++)
        {
            int rows = t.Next(1, 9), columns = t.Next(1, 9), step = t.Next(1, 3);
            float[] a = t.Floats(rows * columns), b = t.Floats(rows * columns * step);
            using var dense = t.Device.Tensor(a, [columns, rows]);
            using var turned = dense.Transpose();
            using var wide = t.Device.Tensor(b, [rows, columns * step]);
            using var every = wide.AsStrided([rows, columns], [columns * step, step]);
            using var sum = turned + every;
            var expected = new float[rows * columns];
            for (int k = 0; k < expected.Length; k++) expected[k] = a[k % columns * rows + k / columns] + b[k / columns * columns * step + k % columns * step];
            t.Same(expected, sum.ToArray<float>(), $"[{rows}, {columns}] transposed plus every {step}. element");
        }
    }

    private static void NeverDeclines(Trial t)
    {
        var asked = 0;
        foreach (var sample in Sample.All(t))
        {
            if (sample.Explain().Way != Way.Native) continue;
            asked++;
            long before = t.Device.Calls.DeclinedOf(sample.Operator);
            foreach (var result in sample.Call()) result.Dispose();
            t.Must(t.Device.Calls.DeclinedOf(sample.Operator) == before, $"{sample.Explain().Kernel} declines {sample}, which its record claims");
        }
        if (asked == 0) throw new NotHere("no call that was tried has a kernel");
    }

    // The frame, its descriptors and the inputs' handles are gone when the device comes to the work.
    private static void InputsDropped(Trial t)
    {
        t.KeepBusy();
        var results = new List<Tensor>();
        for (int i = 0; i < t.Count; i++)
        {
            using var x = t.Device.Full([1 + i % 7, 3], i);
            using var part = x.AsStrided([1 + i % 7, 2], [3, 1], 1);
            results.Add(part + 1f);
        }
        for (int i = 0; i < t.Count; i++)
            using (var result = results[i])
                t.Same([.. Enumerable.Repeat(i + 1f, 2 * (1 + i % 7))], result.ToArray<float>(), $"call {i} of {t.Count}, whose inputs were disposed when it returned");
    }

    private static void PartlyOverlapping(Trial t)
    {
        for (int i = 0; i < t.Count; i++)
        {
            int elements = t.Next(4, 60), length = t.Next(1, elements - 1), from = t.Next(elements - length + 1), to = t.Next(elements - length + 1);
            float[] held = t.Floats(elements);
            using var whole = t.Device.Tensor(held);
            using var source = whole.AsStrided([length], [1], from);
            using var target = whole.AsStrided([length], [1], to);
            Ops.Add(target, source, into: target);
            float[] expected = [.. held];
            for (int k = 0; k < length; k++) expected[to + k] = held[to + k] + held[from + k];
            t.Same(expected, whole.ToArray<float>(), $"{length} of {elements} elements from {from} added to those from {to}, in place");
        }
    }

    private static void AliasedInputs(Trial t)
    {
        using var x = t.Device.Tensor([1f, -2, 3, -4], [2, 2]);
        using var sum = x + x;
        t.Same([2, -4, 6, -8], sum.ToArray<float>(), "x + x");
        using var turned = x.Transpose();
        using var product = x * turned;
        t.Same([1, -6, -6, 16], product.ToArray<float>(), "x * x transposed");
        using var square = x.MatMul(x);
        t.Same([-5, 6, -9, 10], square.ToArray<float>(), "x matmul x");
        Ops.Add(x, x, into: x);
        t.Same([2, -4, 6, -8], x.ToArray<float>(), "x + x into x");
    }

    // No call waits for the device: the host's waits are the only ones there are.
    private static void ReturnsAtOnce(Trial t)
    {
        int asked = 0;
        foreach (var sample in Sample.All(t).Where(s => s.Operator.Schema.Phases == 1))
        {
            if (sample.Explain() is not { Way: Way.Native, Copies: false }) continue;
            asked++;
            string waits = t.WaitsDuring(() =>
            {
                for (int i = 0; i < t.Count / 20; i++)
                    foreach (var result in sample.Call()) result.Dispose();
            });
            t.Must(waits.Length == 0, $"{sample} waited: {waits}");
        }
        if (asked == 0) throw new NotHere("no call that was tried has a kernel");
    }

    private static void TwoPhase(Trial t)
    {
        for (int i = 0; i < t.Count; i++) Nonzero(t, busy: false);
    }

    private static void BehindWork(Trial t)
    {
        for (int i = 0; i < t.Count; i++) Nonzero(t, busy: true);
    }

    private static void NothingFound(Trial t)
    {
        using var zeros = t.Device.Zeros([3, 4]);
        using var found = zeros.Nonzero();
        t.Must(found.Shape == [0, 2], $"nonzero of zeros has shape {found.Shape}");
        using var none = t.Device.Empty([0, 4]);
        using var nothing = none.Nonzero();
        t.Must(nothing.Shape == [0, 2], $"nonzero of nothing has shape {nothing.Shape}");
    }

    private static void Nonzero(Trial t, bool busy)
    {
        int rows = t.Next(1, 9), columns = t.Next(1, 40);
        float[] content = [.. Enumerable.Range(0, rows * columns).Select(_ => t.Next(3) == 0 ? t.Next(1, 9) : 0f)];
        using var x = t.Device.Tensor(content, [rows, columns]);
        using var queue = t.Device.CreateQueue();
        Tensor found;
        if (busy)
        {
            // Written on another queue, and far from done when the size is asked for.
            Tensor doubled;
            using (queue.Use())
            {
                t.KeepBusy();
                doubled = x + x;
            }
            using (doubled) found = doubled.Nonzero();
        }
        else
        {
            found = x.Nonzero();
        }
        long[] expected = [.. Enumerable.Range(0, content.Length).Where(k => content[k] != 0).SelectMany(k => new long[] { k / columns, k % columns })];
        using (found)
        {
            t.Must(found.Shape == [expected.Length / 2, 2], $"nonzero of [{rows}, {columns}] has shape {found.Shape}, expected [{expected.Length / 2}, 2]");
            t.Must(found.ToArray<long>().AsSpan().SequenceEqual(expected), $"nonzero of [{rows}, {columns}] names other places than those that hold numbers");
        }
    }
}
