namespace Backends.Conformance;

/// <summary>
/// A tensor inside a larger storage whose every other byte is a guard: before it, after it, and between its elements where its layout leaves room.
/// A fresh output holds poison. Guards and poison are NaN in float dtypes (so that reading them shows) and improbable integers elsewhere (MEM-11, KER-13).
/// </summary>
internal sealed class GuardedTensor : IDisposable
{
    private const int GuardBytes = 256, OffsetBytes = 192;

    private readonly Tensor _storage;
    private readonly byte[] _written;
    private readonly int _size;

    private GuardedTensor(Device device, DType dtype, Shape shape, Layout layout)
    {
        Layout = layout;
        _size = dtype.Size;
        long[] strides = Strides(shape, layout);
        var (low, high) = Reach(shape, strides);
        int guard = GuardBytes / _size;
        long first = guard - low + layout switch { Layout.Offset => OffsetBytes / _size, Layout.Unaligned => 1, _ => 0 };
        Places = Walk(shape, strides, first);
        long elements = first + high + 1 + guard;
        _written = Pattern(dtype, elements, Guard(dtype));
        _storage = device.Empty([elements], dtype);
        Tensor = _storage.AsStrided(shape, strides, first);
    }

    /// <summary>What a call gets.</summary>
    public Tensor Tensor { get; }

    public Layout Layout { get; }

    /// <summary>Where the elements lie in the storage, in row-major order.</summary>
    private long[] Places { get; }

    /// <summary>A tensor that holds these elements (with stride 0, the last of those that share a place).</summary>
    public static GuardedTensor Of(Device device, DType dtype, Shape shape, Layout layout, byte[] elements)
    {
        var made = new GuardedTensor(device, dtype, shape, layout);
        for (int i = 0; i < made.Places.Length; i++)
            elements.AsSpan(i * made._size, made._size).CopyTo(made._written.AsSpan((int)made.Places[i] * made._size));
        made._storage.CopyBytesFrom(made._written);
        return made;
    }

    /// <summary>An output that nobody has written yet.</summary>
    public static GuardedTensor Poisoned(Device device, DType dtype, Shape shape, Layout layout)
    {
        byte[] poison = new byte[shape.Elements * dtype.Size];
        Poison.Fill(poison, dtype);
        return Of(device, dtype, shape, layout, poison);
    }

    /// <summary>The elements as they were before the call, in row-major order.</summary>
    public byte[] Before() => Gather(_written);

    /// <summary>Reads the storage back and says what has changed.</summary>
    public GuardReading Read()
    {
        byte[] now = new byte[_written.Length];
        _storage.CopyBytesTo(now);
        var own = new bool[_written.Length / _size];
        foreach (long place in Places) own[place] = true;
        string? outside = null;
        bool changed = false;
        for (int e = 0; e < own.Length; e++)
        {
            if (now.AsSpan(e * _size, _size).SequenceEqual(_written.AsSpan(e * _size, _size))) continue;
            if (own[e]) changed = true;
            else outside ??= Describe(e);
        }
        return new GuardReading(Gather(now), changed, outside);
    }

    public void Dispose()
    {
        Tensor.Dispose();
        _storage.Dispose();
    }

    // Another payload than poison's: a guard that was copied into a result is not taken for an element that was never written.
    private static ulong Guard(DType dtype) => dtype switch
    {
        DType.F16 => 0x7EC3, DType.BF16 => 0x7FC3, DType.F32 => 0x7FC3C3C3, DType.F64 => 0x7FF8C3C3C3C3C3C3, DType.F8E4M3 or DType.F8E5M2 => 0xFF,
        _ => 0xC3C3C3C3C3C3C3C3,
    };

    private static byte[] Pattern(DType dtype, long elements, ulong bits)
    {
        byte[] bytes = new byte[elements * dtype.Size];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(bits >> i % dtype.Size * 8);
        return bytes;
    }

    private static long[] Strides(Shape shape, Layout layout)
    {
        var strides = new long[shape.Rank];
        var order = Enumerable.Range(0, shape.Rank).ToArray();
        if (layout == Layout.Transposed) (order[^1], order[^2]) = (order[^2], order[^1]);
        long stride = layout == Layout.EveryOther ? 2 : 1;
        for (int i = shape.Rank - 1; i >= 0; i--)
        {
            strides[order[i]] = stride;
            stride *= Math.Max(1, shape[order[i]]);
            if (layout == Layout.Padded && i == shape.Rank - 1) stride += 3;
        }
        if (layout == Layout.Reversed) for (int d = 0; d < strides.Length; d++) strides[d] = -strides[d];
        if (layout == Layout.Expanded) strides[Enumerable.Range(0, shape.Rank).First(d => shape[d] > 1)] = 0;
        return strides;
    }

    private static (long Low, long High) Reach(Shape shape, long[] strides)
    {
        long low = 0, high = 0;
        if (shape.Elements == 0) return (0, -1);
        for (int d = 0; d < strides.Length; d++)
        {
            long end = (shape[d] - 1) * strides[d];
            low += Math.Min(0, end);
            high += Math.Max(0, end);
        }
        return (low, high);
    }

    private static long[] Walk(Shape shape, long[] strides, long first)
    {
        var places = new long[shape.Elements];
        var index = new long[shape.Rank];
        long at = first;
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = at;
            for (int d = index.Length - 1; d >= 0; d--)
            {
                at += strides[d];
                if (++index[d] < shape[d]) break;
                at -= index[d] * strides[d];
                index[d] = 0;
            }
        }
        return places;
    }

    private byte[] Gather(byte[] storage)
    {
        byte[] elements = new byte[Places.Length * _size];
        for (int i = 0; i < Places.Length; i++) storage.AsSpan((int)Places[i] * _size, _size).CopyTo(elements.AsSpan(i * _size));
        return elements;
    }

    private string Describe(int element)
    {
        if (Places.Length == 0) return "beside a tensor without elements";
        long low = Places.Min(), high = Places.Max();
        return element < low ? $"{(low - element) * _size} bytes before the first element"
            : element > high ? $"{(element - high) * _size} bytes after the start of the last element" : $"between the elements, {(element - low) * _size} bytes from the first";
    }
}

/// <summary>What a storage held after a call.</summary>
/// <param name="Elements">The tensor's elements, in row-major order.</param>
/// <param name="Changed">Whether an element has changed.</param>
/// <param name="Outside">Where a guard has changed, in words; null when none has.</param>
internal sealed record GuardReading(byte[] Elements, bool Changed, string? Outside);
