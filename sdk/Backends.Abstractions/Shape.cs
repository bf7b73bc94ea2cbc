using System.Collections;
using System.Runtime.CompilerServices;

namespace Backends;

/// <summary>The sizes of a tensor's dimensions, as a value: it may outlive the tensor that it came from.</summary>
/// <remarks>Written as a collection, <c>[2, 3]</c>; matched by a list pattern, <c>shape is [var rows, 3]</c>.</remarks>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<long>
{
    /// <summary>The most dimensions that a tensor may have (KER-10).</summary>
    public const int MaxRank = 16;

    // Whoever multiplies by an element's bytes need not fear the sign.
    private const long MaxElements = long.MaxValue / 16;

    private readonly long[]? _sizes;

    private Shape(long[] sizes) => _sizes = sizes;

    /// <summary>The shape of a single number: rank 0, one element.</summary>
    public static Shape Scalar => default;

    /// <summary>How many dimensions there are.</summary>
    public int Rank => _sizes?.Length ?? 0;

    /// <inheritdoc/>
    public int Count => Rank;

    /// <summary>The number of elements: the product of the sizes, 1 for rank 0.</summary>
    /// <exception cref="ShapeException">There are so many that their bytes would not fit 63 bits.</exception>
    public long Elements
    {
        get
        {
            long elements = 1;
            bool tooMany = false;
            foreach (long size in AsSpan())
            {
                if (size == 0) return 0;
                tooMany |= elements > MaxElements / size;
                elements = unchecked(elements * size);
            }
            return tooMany ? throw TooMany() : elements;
        }
    }

    /// <summary>The size of one dimension.</summary>
    public long this[int dimension] => AsSpan()[dimension];

    /// <summary>The sizes, readable as long as anybody holds the span: they are never changed.</summary>
    public ReadOnlySpan<long> AsSpan() => _sizes;

    /// <summary>Makes a shape; collection expressions call this.</summary>
    /// <exception cref="ShapeException">More than <see cref="MaxRank"/> dimensions, or a negative size.</exception>
    public static Shape Create(ReadOnlySpan<long> sizes)
    {
        if (sizes.Length > MaxRank)
            throw new ShapeException($"A shape of {sizes.Length} dimensions.", $"tensors have at most {MaxRank}", "reshape to fewer dimensions");
        foreach (long size in sizes)
            if (size < 0) throw new ShapeException($"A dimension of size {size}.", "sizes are zero or more", "correct the shape");
        return new Shape(sizes.ToArray());
    }

    private ShapeException TooMany() => new($"A shape {this} of too many elements.", $"no memory holds more than {MaxElements}", "correct the shape");

    /// <inheritdoc/>
    public bool Equals(Shape other) => AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (long size in AsSpan()) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>For example <c>[2, 3]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", this)}]";

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)(_sizes ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both have the same sizes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether the sizes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);
}

/// <summary>A few dimensions, as an argument: <c>dim: 0</c>, <c>dim: [0, -1]</c>. Negative ones count from the end.</summary>
[CollectionBuilder(typeof(Dims), nameof(Create))]
public readonly struct Dims : IEquatable<Dims>, IEnumerable<long>
{
    private readonly long[]? _values;

    private Dims(long[] values) => _values = values;

    /// <summary>The values as given.</summary>
    public ReadOnlySpan<long> AsSpan() => _values;

    /// <summary>Makes a list; collection expressions call this.</summary>
    public static Dims Create(ReadOnlySpan<long> values) => new(values.ToArray());

    /// <summary>What a decomposition hands on of a list that it was given.</summary>
    public static implicit operator Dims(ReadOnlySpan<long> values) => Create(values);

    /// <summary>These, or others where there are none.</summary>
    public Dims Or(params ReadOnlySpan<long> others) => _values is { Length: > 0 } ? this : Create(others);

    /// <summary>A shape's sizes.</summary>
    public static implicit operator Dims(Shape shape) => Create(shape.AsSpan());

    /// <summary>A list of one.</summary>
    public static implicit operator Dims(int value) => new([value]);

    /// <summary>A list of one.</summary>
    public static implicit operator Dims(long value) => new([value]);

    /// <inheritdoc/>
    public bool Equals(Dims other) => AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dims other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(ToString(), StringComparison.Ordinal);

    /// <summary>For example <c>[0, -1]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", this)}]";

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)(_values ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both list the same dimensions.</summary>
    public static bool operator ==(Dims left, Dims right) => left.Equals(right);

    /// <summary>Whether the lists differ.</summary>
    public static bool operator !=(Dims left, Dims right) => !left.Equals(right);
}
