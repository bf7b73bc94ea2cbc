namespace Backends;

public sealed unsafe partial class Tensor
{
    /// <summary>The only element's value.</summary>
    /// <exception cref="InvalidTensorException">BK2006: there is not exactly one element.</exception>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not this dtype's type: reading never converts.</exception>
    public T ToScalar<T>() where T : unmanaged
    {
        if (Elements != 1) throw new InvalidTensorException("BK2006", $"ToScalar on {Shape}.", $"it has {Elements} elements", "index one element, or reduce first");
        T value = default;
        CopyTo(new Span<T>(ref value));
        return value;
    }

    /// <summary>Copies the elements out, in row-major order.</summary>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not this dtype's type: reading never converts.</exception>
    /// <exception cref="ArgumentException">The target is too short.</exception>
    public void CopyTo<T>(Span<T> target) where T : unmanaged
    {
        ElementTypes.Check<T>(DType);
        if (target.Length < Elements) throw new ArgumentException($"{target.Length} places for {Elements} elements.", nameof(target));
        fixed (T* p = target) Transfer.ToHost(this, (byte*)p);
        Device.ThrowFault();
    }

    /// <summary>Copies the elements' bytes out, in row-major order.</summary>
    public void CopyBytesTo(Span<byte> target)
    {
        if (target.Length < Elements * DType.Size) throw new ArgumentException($"{target.Length} bytes for {Elements * DType.Size}.", nameof(target));
        fixed (byte* p = target) Transfer.ToHost(this, p);
        Device.ThrowFault();
    }

    /// <summary>Overwrites the elements with bytes in row-major order.</summary>
    public void CopyBytesFrom(ReadOnlySpan<byte> source)
    {
        if (source.Length != Elements * DType.Size) throw new ArgumentException($"{source.Length} bytes for {Elements * DType.Size}.", nameof(source));
        fixed (byte* p = source) Transfer.FromHost(p, this);
    }

    /// <summary>The elements in row-major order.</summary>
    public T[] ToArray<T>() where T : unmanaged
    {
        var values = new T[Elements];
        CopyTo(values.AsSpan());
        return values;
    }

    /// <summary>The elements in row-major order, for code that awaits. As yet it waits for the device as <see cref="ToArray"/> does, on the caller's thread.</summary>
    public ValueTask<T[]> ToArrayAsync<T>(CancellationToken cancellation = default) where T : unmanaged
    {
        cancellation.ThrowIfCancellationRequested();
        return new ValueTask<T[]>(ToArray<T>());
    }

    /// <summary>Looks at the elements where they are: contiguous tensors in host memory alone.</summary>
    /// <exception cref="InvalidTensorException">BK2006: not contiguous, or not in host memory.</exception>
    public TensorReader<T> Read<T>() where T : unmanaged
    {
        ElementTypes.Check<T>(DType);
        Device.ThrowIfUnusable();
        Device.ThrowFault();
        string form = $"Read<{ElementTypes.NameFor(DType)}> on {Shape} of stride [{string.Join(", ", Strides.ToArray())}]";
        if (!IsContiguous) throw new InvalidTensorException("BK2006", $"{form}.", "a span needs contiguous host memory", "x.Contiguous(), or ToArrayAsync");
        if (!Device.IsHostAccessible) throw new InvalidTensorException("BK2006", $"{form} on {Device.Name}.", "the host cannot reach this device's memory", "ToArrayAsync, or x.To(host[\"cpu\"])");
        return new TensorReader<T>(View(Layout, 0));
    }
}

/// <summary>A look at a tensor's elements in place. It keeps the storage alive; the span must not be kept beyond it.</summary>
public readonly unsafe ref struct TensorReader<T> : IDisposable where T : unmanaged
{
    private readonly Tensor _tensor;

    internal TensorReader(Tensor tensor)
    {
        _tensor = tensor;
        var storage = tensor.Storage;
        Span = tensor.Elements == 0 ? default : new((byte*)storage.Address + storage.Offset + tensor.ByteOffset, checked((int)tensor.Elements));
    }

    /// <summary>The elements.</summary>
    public ReadOnlySpan<T> Span { get; }

    /// <summary>Ends the look.</summary>
    public void Dispose() => _tensor.Dispose();
}

/// <summary>Which C# type holds a dtype's elements.</summary>
internal static class ElementTypes
{
    public static DType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? DType.F32 : typeof(T) == typeof(double) ? DType.F64 : typeof(T) == typeof(long) ? DType.I64
        : typeof(T) == typeof(int) ? DType.I32 : typeof(T) == typeof(bool) ? DType.Bool : typeof(T) == typeof(Half) ? DType.F16
        : typeof(T) == typeof(BFloat16) ? DType.BF16 : typeof(T) == typeof(byte) ? DType.U8 : typeof(T) == typeof(sbyte) ? DType.I8
        : typeof(T) == typeof(ushort) ? DType.U16 : typeof(T) == typeof(short) ? DType.I16 : typeof(T) == typeof(uint) ? DType.U32
        : typeof(T) == typeof(ulong) ? DType.U64 : DType.None;

    public static string NameFor(DType dtype) => dtype switch
    {
        DType.F32 => "float", DType.F64 => "double", DType.I64 => "long", DType.I32 => "int", DType.Bool => "bool", DType.F16 => "Half",
        DType.U8 => "byte", DType.I8 => "sbyte", DType.U16 => "ushort", DType.I16 => "short", DType.U32 => "uint", DType.U64 => "ulong",
        DType.BF16 => "BFloat16", _ => "",
    };

    public static void Check<T>(DType dtype) where T : unmanaged
    {
        var given = Of<T>();
        if (given == dtype) return;
        string asked = given == DType.None ? typeof(T).Name : NameFor(given), right = NameFor(dtype);
        string remedy = right.Length == 0 ? $"C# has no type for {dtype.Name}: x.To(DType.F32) first, then read float"
            : given == DType.None ? $"read {right}" : $"read {right}, or x.To(DType.{given}) first";
        throw new DTypeException($"Reading {asked} from {dtype.Name}.", "reading never converts", remedy);
    }
}
