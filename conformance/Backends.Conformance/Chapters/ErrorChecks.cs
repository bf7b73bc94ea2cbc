namespace Backends.Conformance;

/// <summary>Mistakes of an app: the typed error with its culprit, why and remedy; nothing is changed, and the device goes on (KER-24, FAL-5, DIS-9).</summary>
internal static class ErrorChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("DIS-9", "unknown-option", UnknownOption),
        new("DIS-9", "no-such-device", NoSuchDevice),
        new("KER-24", "shape", t => Wrong(t, "BK2001", "add", (a, b) => a + b[.., 1..])),
        new("KER-24", "dtype", t => Wrong(t, "BK2003", "relu", (a, _) => a.To(DType.Bool).Relu())),
        new("KER-24", "device", Device),
        new("KER-24", "dim", t => Wrong(t, "BK2005", "sum", (a, _) => a.Sum(dim: 2))),
        new("KER-24", "inner-sizes", t => Wrong(t, "BK2001", "matmul", (a, b) => a.MatMul(b))),
        new("KER-24", "target", t => Wrong(t, "BK2002", "add", (a, b) => Ops.Add(a, b, into: b[.., 1..]))),
        new("KER-24", "disposed", Disposed),
        new("KER-24", "index", Index),
        new("KER-24", "element-type", ElementType),
        new("KER-24", "on-a-queue", OnAQueue) { Count = 20 },
    ];

    private static void UnknownOption(Trial t)
    {
        // The device is open, so an app is told that; opened afresh, by this very split of its options.
        string asked = $"{t.Device.Name}?frobnicate=1";
        t.Refused(null, asked, () => _ = t.Host[asked]);
        var error = t.Refused("BK1002", asked, () => DeviceString.Parse(asked).Split(t.Device.Info.Options));
        t.Must($"{error.What} {error.Why}".Contains("frobnicate", StringComparison.Ordinal), $"the error does not name the option: {error.What} {error.Why}");
        Sound(t);
    }

    private static void NoSuchDevice(Trial t)
    {
        string name = $"{t.Device.PluginInfo.Name}:997";
        var error = t.Refused("BK1101", name, () => _ = t.Host[name]);
        t.Must(error.What.Contains(name, StringComparison.Ordinal) && error.Why.Contains(t.Device.Name, StringComparison.Ordinal), $"the error does not name what was asked for and what is usable: {error.What} {error.Why}");
        Sound(t);
    }

    private static void Wrong(Trial t, string id, string op, Func<Tensor, Tensor, Tensor> call)
    {
        using var a = t.Device.Tensor([1f, 2, 3, 4, 5, 6], [2, 3]);
        using var b = t.Device.Tensor([6f, 5, 4, 3, 2, 1], [2, 3]);
        var error = t.Refused(id, op, () => call(a, b).Dispose());
        t.Must(error.Operator == op || error.What.Contains(op, StringComparison.Ordinal), $"the error names '{error.Operator}', not {op}: {error.What}");
        Unchanged(t, a, b);
        Sound(t);
    }

    private static void Device(Trial t)
    {
        using var a = t.Device.Tensor([1f, 2, 3, 4, 5, 6], [2, 3]);
        using var b = t.Device.Tensor([6f, 5, 4, 3, 2, 1], [2, 3]);
        using var elsewhere = b.To(t.Host[t.Device.PluginInfo.Name == "reference" ? "cpu" : "reference"]);
        t.Refused("BK2004", "a sum over two devices", () => (a + elsewhere).Dispose());
        t.Refused("BK2004", "a copy from another device", () => a.CopyFrom(elsewhere));
        Unchanged(t, a, b);
        Sound(t);
    }

    private static void Disposed(Trial t)
    {
        using var a = t.Device.Tensor([1f, 2, 3, 4, 5, 6], [2, 3]);
        using var b = t.Device.Tensor([6f, 5, 4, 3, 2, 1], [2, 3]);
        var gone = a + b;
        using var view = gone.Select(0, 0);
        gone.Dispose();
        gone.Dispose();
        t.Refused("BK2007", "a call with a disposed tensor", () => (a + gone).Dispose());
        t.Refused("BK2007", "a call of a disposed tensor", () => gone.Relu().Dispose());
        t.Refused("BK2007", "a call into a disposed tensor", () => Ops.Add(a, b, into: gone));
        t.Refused("BK2007", "a read of a disposed tensor", () => gone.ToArray<float>());
        t.Same([7, 7, 7], view.ToArray<float>(), "a view of what was disposed");
        Unchanged(t, a, b);
        Sound(t);
    }

    private static void Index(Trial t)
    {
        using var a = t.Device.Tensor([1f, 2, 3, 4, 5, 6], [2, 3]);
        using var b = t.Device.Tensor([6f, 5, 4, 3, 2, 1], [2, 3]);
        t.Refused(null, "row 2 of 2", () => a[2].Dispose());
        t.Refused(null, "row 5 from the end of 2", () => a[^5].Dispose());
        t.Refused(null, "three indices for rank 2", () => a[0, 0, 0].Dispose());
        t.Refused("BK2006", "a view beyond the storage", () => a.AsStrided([100_000, 3], [3, 1]).Dispose());
        Unchanged(t, a, b);
        Sound(t);
    }

    private static void ElementType(Trial t)
    {
        using var a = t.Device.Tensor([1f, 2, 3, 4, 5, 6], [2, 3]);
        using var b = t.Device.Tensor([6f, 5, 4, 3, 2, 1], [2, 3]);
        t.Refused("BK2003", "f32 read as i64", () => a.ToArray<long>());
        t.Refused("BK2006", "six elements read as one", () => a.ToScalar<float>());
        Unchanged(t, a, b);
        Sound(t);
    }

    // An error between calls that are under way: those before and after it are what they are without it.
    private static void OnAQueue(Trial t)
    {
        using var queue = t.Device.CreateQueue();
        using var total = t.Device.Zeros([2, 3]);
        using var one = t.Device.Full([2, 3], 1);
        using var other = t.Device.Full([2, 4], 1);
        using (queue.Use())
            for (int i = 0; i < t.Count; i++)
            {
                t.KeepBusy();
                Ops.Add(total, one, into: total);
                t.Refused("BK2001", "a sum of [2, 3] and [2, 4]", () => Ops.Add(total, other, into: total));
            }
        t.Same([.. Enumerable.Repeat((float)t.Count, 6)], total.ToArray<float>(), $"{t.Count} sums, each followed by an error");
    }

    private static void Unchanged(Trial t, Tensor a, Tensor b)
    {
        t.Same([1, 2, 3, 4, 5, 6], a.ToArray<float>(), "the first operand after the error");
        t.Same([6, 5, 4, 3, 2, 1], b.ToArray<float>(), "the second operand after the error");
    }

    private static void Sound(Trial t)
    {
        using var x = t.Device.Tensor(1f, 2);
        using var y = x + x;
        t.Same([2, 4], y.ToArray<float>(), "a sum after the error");
    }
}
