namespace Backends.Conformance;

/// <summary>Calls that the device has no kernel for: by policy and counted (FAL-1, FAL-2), with the meaning of a kernel (FAL-3, FAL-4), and never unasked (FAL-5, FAL-6).</summary>
/// <remarks>Tried with an elementwise operator and dtype that the device leaves out; where it leaves none out, there is nothing to try.</remarks>
internal static class FallbackChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("FAL-1", "deny", Deny),
        new("FAL-1", "warn", Warn),
        new("FAL-1", "operator-before-device", OperatorBeforeDevice),
        new("FAL-2", "counted", Counted),
        new("FAL-3", "once", Once),
        new("FAL-3", "behind-work", BehindWork) { Count = 10 },
        new("FAL-4", "in-place", InPlace) { Count = 20, IsRandom = true },
        new("FAL-4", "partly-overlapping", PartlyOverlapping) { Count = 20, IsRandom = true },
        new("FAL-5", "several-devices", SeveralDevices),
        new("FAL-6", "never", Never),
    ];

    private static readonly Operator[] s_operators = [CoreOperators.Sub, CoreOperators.Mul, CoreOperators.Add, CoreOperators.Div];
    private static readonly DType[] s_dtypes = [DType.F32, DType.F64, DType.I32, DType.I64, DType.I8, DType.U8, DType.F16];

    /// <summary>A call of two operands that falls back, or the check has nothing to try.</summary>
    private static Falling Find(Trial t)
    {
        var stored = t.Plugin.Info.StoredDTypes;
        foreach (var dtype in s_dtypes.Where(d => stored is null || stored.Contains(d)))
            foreach (var op in s_operators)
                if (t.Device.Explain(op, dtype).Way == Way.Fallback) return new Falling(t, op, dtype);
        throw new NotHere("every operator and dtype that was tried has a kernel: nothing falls back");
    }

    private static void Deny(Trial t)
    {
        var falling = Find(t);
        using var a = falling.Make([6, 4, 9]);
        using var b = falling.Make([3, 2, 1]);
        t.Device.Fallback = FallbackPolicy.Deny;
        int buffers = t.Device.Memory.Buffers;
        long calls = t.Device.Calls.Total(Way.Fallback);
        string waits = t.WaitsDuring(() =>
        {
            var error = t.Refused("BK2008", $"{falling} under Deny", () => falling.Call(a, b));
            t.Must(error.Operator == falling.Operator.Name && error.Device == t.Device.Name, $"the error names operator '{error.Operator}' and device '{error.Device}'");
            t.Must(error.Why.Length > 0 && error.Remedy.Length > 0, "the error has no reason, or no remedy");
        });
        t.Must(waits.Length == 0 && t.Device.Memory.Buffers == buffers && t.Device.Calls.Total(Way.Fallback) == calls, $"a denied call copied first: waits '{waits}', {t.Device.Memory.Buffers - buffers} buffers");
        t.Device.Fallback = FallbackPolicy.Allow;
        falling.Holds(falling.Call(a, b), a, b, "the same call, when it is allowed");
    }

    private static void Warn(Trial t)
    {
        var falling = Find(t);
        var lines = new List<string>();
        var log = t.Host.Log;
        t.Host.Log = line => { lock (lines) lines.Add(line); };
        t.Device.Fallback = FallbackPolicy.Warn;
        try
        {
            using var a = falling.Make([1, 2]);
            for (int i = 0; i < 3; i++) falling.Holds(falling.Call(a, a), a, a, "a call that is warned of");
        }
        finally
        {
            t.Host.Log = log;
        }
        // Another case may have been warned already: once means at most once.
        string[] about = [.. lines.Where(l => l.Contains(falling.Operator.Name, StringComparison.Ordinal))];
        t.Must(about.Length <= 1, $"three calls gave {about.Length} warnings: {string.Join(" | ", about)}");
    }

    private static void OperatorBeforeDevice(Trial t)
    {
        var falling = Find(t);
        using var a = falling.Make([1, 2]);
        t.Device.Fallback = FallbackPolicy.Deny;
        t.Device.FallbackByOperator[falling.Operator.Name] = FallbackPolicy.Allow;
        falling.Holds(falling.Call(a, a), a, a, "allowed for the operator, denied for the device");
        t.Device.Fallback = FallbackPolicy.Allow;
        t.Device.FallbackByOperator[falling.Operator.Name] = FallbackPolicy.Deny;
        t.Refused("BK2008", "denied for the operator, allowed for the device", () => falling.Call(a, a));
    }

    private static void Counted(Trial t)
    {
        var falling = Find(t);
        using var a = falling.Make([1, 2, 3]);
        using var b = falling.Make([4, 5, 6]);
        var before = falling.Count();
        falling.Call(a, b).Dispose();
        var after = falling.Count();
        long size = 3L * a.DType.Size;
        t.Must((after.Calls - before.Calls, after.BytesDown - before.BytesDown, after.BytesUp - before.BytesUp) == (1, 2 * size, size),
            $"one call of two operands and one result of {size} bytes each counts {after.Calls - before.Calls} calls, {after.BytesDown - before.BytesDown} bytes down, {after.BytesUp - before.BytesUp} up");
    }

    // An input that is given twice is read once, and stays one in meaning.
    private static void Once(Trial t)
    {
        var falling = Find(t);
        using var a = falling.Make([1, 2, 3]);
        var before = falling.Count();
        falling.Holds(falling.Call(a, a), a, a, "a call that is given one tensor twice");
        long down = falling.Count().BytesDown - before.BytesDown;
        t.Must(down == 3L * a.DType.Size, $"one input of {3 * a.DType.Size} bytes, given twice: {down} bytes are read");
    }

    private static void BehindWork(Trial t)
    {
        var falling = Find(t);
        using Queue first = t.Device.CreateQueue(), second = t.Device.CreateQueue();
        for (int i = 0; i < t.Count; i++)
        {
            using var source = falling.Make([i + 1, 2, 3]);
            using var a = falling.Make([0, 0, 0]);
            using (first.Use())
            {
                t.KeepBusy();
                a.CopyFrom(source);
            }
            Tensor y;
            using (second.Use()) y = falling.Call(a, source);
            // The target is written again at once, on a third queue: the call read it before.
            using var later = falling.Make([9, 9, 9]);
            a.CopyFrom(later);
            falling.Holds(y, source, source, "a call behind work of another queue");
        }
    }

    private static void InPlace(Trial t)
    {
        var falling = Find(t);
        for (int i = 0; i < t.Count; i++)
        {
            int elements = t.Next(8, 40), step = t.Next(1, 3), length = t.Next(1, elements / step - 1), from = t.Next(elements - length * step);
            int[] held = [.. Enumerable.Range(0, elements).Select(k => k % 5 + 1)];
            using var whole = falling.Make(held);
            using var view = whole.AsStrided([length], [step], from);
            using var other = falling.Make([.. Enumerable.Repeat(1, length)]);
            falling.Call(view, other, into: view);
            for (int k = 0; k < length; k++) held[from + k * step] = falling.Of(held[from + k * step], 1);
            falling.Equal(held, whole, $"{length} elements from {from} in steps of {step}, in place, with their neighbours");
        }
    }

    private static void PartlyOverlapping(Trial t)
    {
        var falling = Find(t);
        for (int i = 0; i < t.Count; i++)
        {
            int elements = t.Next(4, 40), length = t.Next(1, elements - 1), from = t.Next(elements - length + 1), to = t.Next(elements - length + 1);
            int[] held = [.. Enumerable.Range(0, elements).Select(k => k % 3 + 1)];
            using var whole = falling.Make(held);
            using var source = whole.AsStrided([length], [1], from);
            using var target = whole.AsStrided([length], [1], to);
            falling.Call(target, source, into: target);
            int[] expected = [.. held];
            for (int k = 0; k < length; k++) expected[to + k] = falling.Of(held[to + k], held[from + k]);
            falling.Equal(expected, whole, $"{length} elements from {from} onto {to} of one tensor, in place");
        }
    }

    // Under every policy: no tensor of the user's moves unasked.
    private static void SeveralDevices(Trial t)
    {
        var other = t.Host[t.Device.PluginInfo.Name == "reference" ? "cpu" : "reference"];
        using var here = t.Device.Tensor(1f, 2);
        using var there = other.Tensor(3f, 4);
        foreach (var policy in Enum.GetValues<FallbackPolicy>())
        {
            t.Device.Fallback = policy;
            var error = t.Refused("BK2004", $"tensors of {t.Device.Name} and {other.Name} under {policy}", () => (here + there).Dispose());
            t.Must(error.What.Contains(other.Name, StringComparison.Ordinal) && error.What.Contains(t.Device.Name, StringComparison.Ordinal), $"the error does not name both devices: {error.What}");
        }
        t.Same([1, 2], here.ToArray<float>(), "the tensor here, after the errors");
        t.Same([3, 4], there.ToArray<float>(), "the tensor there, after the errors");
    }

    private static void Never(Trial t)
    {
        t.Device.Fallback = FallbackPolicy.Deny;
        long before = t.Device.Calls.Total(Way.Fallback);
        using var x = t.Device.Tensor([1f, 2, 3, 4, 5, 6], [2, 3]);
        using var empty = t.Device.Empty([2, 3]);
        empty.CopyFrom(x);
        using var copy = Ops.Copy(x);
        using var turned = x.Transpose();
        using var part = x.Slice(1, 1);
        using var row = x.Select(0, 1);
        t.Same([2, 3, 5, 6], part.ToArray<float>(), "a part");
        t.Same([1, 4, 2, 5, 3, 6], turned.ToArray<float>(), "a transposed view, read");
        t.Same([4, 5, 6], row.ToArray<float>(), "a row");
        t.Same([1, 2, 3, 4, 5, 6], copy.ToArray<float>(), "a copy");
        t.Must(t.Device.Calls.Total(Way.Fallback) == before, "allocation, contiguous copies, views or reads were counted as fallback");
    }

    /// <summary>An operator of two operands with a dtype that the device has no kernel for; its numbers are small and whole.</summary>
    private sealed class Falling(Trial t, Operator op, DType dtype)
    {
        public Operator Operator => op;

        public Tensor Make(int[] values)
        {
            using var here = t.Host["reference"].Tensor(values);
            using var typed = here.To(dtype);
            return typed.To(t.Device);
        }

        public Tensor Call(Tensor a, Tensor b, Tensor? into = null) => Ops.Invoke(op, t.Device, [a, b], null, into is null ? [] : [into])[0];

        public FallbackCount Count()
        {
            var all = t.Device.Calls.Fallbacks.Where(f => f.Key.Operator == op.Name).Select(f => f.Value).ToArray();
            return new FallbackCount(all.Sum(f => f.Calls), all.Sum(f => f.BytesDown), all.Sum(f => f.BytesUp), TimeSpan.Zero);
        }

        public int Of(int a, int b) => op == CoreOperators.Sub ? a - b : op == CoreOperators.Mul ? a * b : op == CoreOperators.Div ? a / b : a + b;

        public void Holds(Tensor y, Tensor a, Tensor b, string what)
        {
            using (y)
            {
                int[] x = Read(a), z = Read(b);
                Equal([.. x.Zip(z).Select(p => Of(p.First, p.Second))], y, what);
            }
        }

        public void Equal(int[] expected, Tensor actual, string what)
        {
            int[] read = Read(actual);
            int at = expected.AsSpan().CommonPrefixLength(read);
            if (at < expected.Length) throw t.Fail($"{this}: {what}: element {at} is {read[at]}, expected {expected[at]}");
        }

        public override string ToString() => $"{op.Name} {dtype.Name}";

        private int[] Read(Tensor tensor)
        {
            using var there = tensor.To(t.Host["reference"]);
            using var whole = there.To(DType.I32);
            return whole.ToArray<int>();
        }
    }
}
