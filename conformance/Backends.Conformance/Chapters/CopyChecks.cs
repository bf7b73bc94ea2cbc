namespace Backends.Conformance;

/// <summary>Copies as the plugin makes them (MEM-11, MEM-12, MEM-13), and as the host asks for them (MEM-12, MEM-14, MEM-15).</summary>
internal static class CopyChecks
{
    private const int Bytes = 8192;

    public static IReadOnlyList<Check> All { get; } =
    [
        new("MEM-12", "host-to-device", HostToDevice) { Needs = Needs.Queue, Count = 60, IsRandom = true },
        new("MEM-12", "device-to-host", DeviceToHost) { Needs = Needs.Queue, Count = 60, IsRandom = true },
        new("MEM-12", "within-device", WithinDevice) { Needs = Needs.Queue, Count = 60, IsRandom = true },
        new("MEM-12", "within-buffer", WithinBuffer) { Needs = Needs.Queue, Count = 60, IsRandom = true },
        new("MEM-12", "tensors", Tensors) { Count = 40, IsRandom = true },
        new("MEM-13", "unstable-source", UnstableSource) { Needs = Needs.Queue, Count = 100, IsRandom = true },
        new("MEM-13", "stable-source", StableSource) { Needs = Needs.Queue, IsRandom = true },
        new("MEM-13", "host-target", HostTarget) { Needs = Needs.Queue, Count = 40, IsRandom = true },
        new("MEM-14", "overlap", Overlap) { Count = 60, IsRandom = true },
        new("MEM-15", "strided", Strided) { Count = 60, IsRandom = true },
        new("MEM-15", "counted", Counted),
    ];

    // Everything around the target is a guard (MEM-11), and what lies around the source must not come along.
    private static void HostToDevice(Trial t)
    {
        var queue = t.Queue();
        nint buffer = t.Allocate(Bytes);
        byte[] held = t.Bytes(Bytes);
        t.Put(buffer, 0, held);
        for (int i = 0; i < t.Count; i++)
        {
            var (from, to, length) = Region(t);
            var source = t.Block(t.Bytes(Bytes));
            queue.Upload(source, from, buffer, to, length);
            queue.Drain();
            source.Bytes.Slice(from, length).CopyTo(held.AsSpan(to));
            t.Same(held, t.Get(buffer, 0, Bytes), $"{length} bytes from host offset {from} to device offset {to}, guards around them");
        }
    }

    private static void DeviceToHost(Trial t)
    {
        var queue = t.Queue();
        nint buffer = t.Allocate(Bytes);
        byte[] held = t.Bytes(Bytes);
        t.Put(buffer, 0, held);
        for (int i = 0; i < t.Count; i++)
        {
            var (from, to, length) = Region(t);
            byte[] expected = t.Bytes(Bytes);
            var target = t.Block(expected);
            queue.Download(buffer, from, target, to, length);
            queue.Drain();
            held.AsSpan(from, length).CopyTo(expected.AsSpan(to));
            t.Same(expected, target.Bytes, $"{length} bytes from device offset {from} to host offset {to}, guards around them");
        }
        t.Same(held, t.Get(buffer, 0, Bytes), "the source of copies to the host");
    }

    private static void WithinDevice(Trial t)
    {
        var queue = t.Queue();
        nint source = t.Allocate(Bytes), target = t.Allocate(Bytes);
        byte[] read = t.Bytes(Bytes), written = t.Bytes(Bytes);
        t.Put(source, 0, read);
        t.Put(target, 0, written);
        for (int i = 0; i < t.Count; i++)
        {
            var (from, to, length) = Region(t);
            queue.Move(source, from, target, to, length);
            queue.Drain();
            read.AsSpan(from, length).CopyTo(written.AsSpan(to));
            t.Same(written, t.Get(target, 0, Bytes), $"{length} bytes from offset {from} to offset {to} of another buffer, guards around them");
        }
        t.Same(read, t.Get(source, 0, Bytes), "the source of copies within the device");
    }

    // The ranges never overlap: the host sees to that (MEM-14).
    private static void WithinBuffer(Trial t)
    {
        var queue = t.Queue();
        nint buffer = t.Allocate(Bytes);
        byte[] held = t.Bytes(Bytes);
        t.Put(buffer, 0, held);
        for (int i = 0; i < t.Count; i++)
        {
            int middle = t.Next(1, Bytes), length = t.Next(1, Math.Min(middle, Bytes - middle) + 1);
            int low = t.Next(middle - length + 1), high = middle + t.Next(Bytes - middle - length + 1);
            var (from, to) = i % 2 == 0 ? (low, high) : (high, low);
            queue.Move(buffer, from, buffer, to, length);
            queue.Drain();
            held.AsSpan(from, length).CopyTo(held.AsSpan(to));
            t.Same(held, t.Get(buffer, 0, Bytes), $"{length} bytes from offset {from} to offset {to} of the same buffer, guards around them");
        }
    }

    private static void Tensors(Trial t)
    {
        foreach (var dtype in DTypes.All.Where(d => t.Plugin.Info.StoredDTypes?.Contains(d) != false))
            for (int i = 0; i < Math.Max(1, t.Count / DTypes.All.Count); i++)
            {
                int elements = t.Next(1, 300), before = t.Next(0, 5), after = t.Next(0, 5);
                byte[] held = t.Bytes((before + elements + after) * dtype.Size), written = t.Bytes(elements * dtype.Size);
                using var whole = t.Device.Empty([before + elements + after], dtype);
                using var part = whole.AsStrided([elements], [1], before);
                whole.CopyBytesFrom(held);
                part.CopyBytesFrom(written);
                written.CopyTo(held, before * dtype.Size);
                byte[] read = new byte[held.Length];
                whole.CopyBytesTo(read);
                t.Same(held, read, $"{dtype.Name}[{elements}] at element {before}, read with its neighbours");
                part.CopyBytesTo(read);
                t.Same(written, read.AsSpan(0, written.Length), $"{dtype.Name}[{elements}] at element {before}");
            }
    }

    // One block for all, overwritten at once: a copy that is read late reads the next one's bytes.
    private static void UnstableSource(Trial t)
    {
        var queue = t.Queue();
        const int length = 777;
        nint buffer = t.Allocate((long)t.Count * length);
        var source = t.Block(length);
        byte[] expected = t.Bytes(t.Count * length);
        for (int i = 0; i < t.Count; i++)
        {
            if (i % 10 == 0) queue.Delay();
            expected.AsSpan(i * length, length).CopyTo(source.Bytes);
            queue.Upload(source, 0, buffer, (long)i * length, length, isStable: false);
            source.Bytes.Fill(0xEE);
        }
        queue.Drain();
        t.Same(expected, t.Get(buffer, 0, expected.Length), $"{t.Count} copies whose source changed when the call had returned");
    }

    private static void StableSource(Trial t)
    {
        var queue = t.Queue();
        nint buffer = t.Allocate(Bytes);
        byte[] content = t.Bytes(Bytes);
        var source = t.Block(content);
        queue.Upload(source, 0, buffer, 0, Bytes);
        queue.Drain();
        t.Same(content, source.Bytes, "a stable source after its point");
        t.Same(content, t.Get(buffer, 0, Bytes), "a copy of a stable source");
    }

    // After its point the host's memory is the host's alone again.
    private static void HostTarget(Trial t)
    {
        var queue = t.Queue();
        nint buffer = t.Allocate(Bytes);
        byte[] content = t.Bytes(Bytes), own = t.Bytes(Bytes);
        t.Put(buffer, 0, content);
        var targets = Enumerable.Range(0, t.Count).Select(_ => t.Block(Bytes)).ToArray();
        foreach (var target in targets)
        {
            queue.Download(buffer, 0, target, 0, Bytes);
            queue.Drain();
            t.Same(content, target.Bytes, "host memory after the point of its copy");
            own.CopyTo(target.Bytes);
        }
        foreach (var target in targets) t.Same(own, target.Bytes, "host memory that the host wrote after the point of its copy");
    }

    private static void Overlap(Trial t)
    {
        for (int i = 0; i < t.Count; i++)
        {
            int elements = t.Next(2, 200), length = t.Next(1, elements), from = t.Next(elements - length + 1), to = t.Next(elements - length + 1);
            int[] held = [.. Enumerable.Range(1, elements)];
            using var whole = t.Device.Tensor(held, [elements]);
            // Backwards now and then: no order of elements is right by itself.
            int step = t.Next(3) == 0 ? -1 : 1;
            using var source = whole.AsStrided([length], [step], step > 0 ? from : from + length - 1);
            using var target = whole.AsStrided([length], [1], to);
            target.CopyFrom(source);
            int[] read = held[from..(from + length)];
            if (step < 0) Array.Reverse(read);
            read.CopyTo(held, to);
            int at = held.AsSpan().CommonPrefixLength(whole.ToArray<int>());
            if (at < elements) throw t.Fail($"{length} elements from {from}{(step < 0 ? " backwards" : "")} onto {to} of the same tensor: element {at} is {whole.ToArray<int>()[at]}, expected {held[at]}");
        }
    }

    // Whatever lies between and around the elements of a strided target stays (MEM-11).
    private static void Strided(Trial t)
    {
        for (int i = 0; i < t.Count; i++)
        {
            int rows = t.Next(1, 9), columns = t.Next(1, 9), across = t.Next(1, 4), down = columns * across + t.Next(4), first = t.Next(5);
            bool turned = t.Next(2) == 0, backwards = t.Next(2) == 0;
            int elements = first + rows * down + 5;
            int[] held = [.. Enumerable.Range(1000, elements)];
            using var whole = t.Device.Tensor(held, [elements]);
            long[] strides = backwards ? [-down, across] : [down, across];
            using var view = whole.AsStrided([rows, columns], strides, first + (backwards ? (rows - 1) * down : 0));
            int[] content = [.. Enumerable.Range(1, rows * columns)];
            using var dense = t.Device.Tensor(content, turned ? [columns, rows] : [rows, columns]);
            using var source = turned ? dense.Transpose() : dense.Reshape(rows, columns);
            view.CopyFrom(source);
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++)
                    held[first + (backwards ? rows - 1 - r : r) * down + c * across] = turned ? content[c * rows + r] : content[r * columns + c];
            int at = held.AsSpan().CommonPrefixLength(whole.ToArray<int>());
            if (at < elements) throw t.Fail($"[{rows}, {columns}] into strides [{strides[0]}, {strides[1]}]: element {at} of the storage is {whole.ToArray<int>()[at]}, expected {held[at]}");
        }
    }

    // The operator copy, by a kernel or through the host; contiguous ones are neither (FAL-6).
    private static void Counted(Trial t)
    {
        using var x = t.Device.Tensor([1f, 2, 3, 4, 5, 6], [2, 3]);
        using var turned = x.Transpose();
        var predicted = t.Device.Explain(CoreOperators.Copy, [turned]);
        var (native, fallback) = (t.Device.Calls.Of(CoreOperators.Copy, Way.Native), t.Device.Calls.Of(CoreOperators.Copy, Way.Fallback));
        using var copy = turned.Contiguous();
        t.Same([1, 4, 2, 5, 3, 6], copy.ToArray<float>(), "a transposed copy");
        var (by, through) = (t.Device.Calls.Of(CoreOperators.Copy, Way.Native) - native, t.Device.Calls.Of(CoreOperators.Copy, Way.Fallback) - fallback);
        t.Must((by, through) == (predicted.Way == Way.Native ? (1, 0) : (0, 1)), $"predicted {predicted}; counted {by} native, {through} fallback");
    }

    private static (int From, int To, int Length) Region(Trial t)
    {
        // Short and odd ones too often to be chance.
        int length = t.Next(3) == 0 ? t.Next(1, 9) : t.Next(1, Bytes);
        return (t.Next(Bytes - length + 1), t.Next(Bytes - length + 1), length);
    }
}
