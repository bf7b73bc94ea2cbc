namespace Backends.Conformance;

/// <summary>The bound of a case in words and numbers: what the report prints beside a failure.</summary>
/// <param name="Kind">How right results are given.</param>
/// <param name="Value">The bound at the element in question, as a distance; 0 for exact kinds.</param>
/// <param name="Derivation">Where it comes from, with the element's own numbers: <c>n·u·Σ|x| = 4096 · 2^-24 · 2051.7</c>.</param>
/// <param name="Anchor">Where it is explained: <c>docs/accuracy.md#sum</c>.</param>
internal sealed record Bound(BoundKind Kind, double Value, string Derivation, string Anchor);

/// <summary>What is right for one output of a case, element by element.</summary>
internal abstract class Answer(DType dtype, Shape shape, string anchor)
{
    public DType DType { get; } = dtype;
    public Shape Shape { get; } = shape;
    public string Anchor { get; } = $"docs/accuracy.md#{anchor}";

    /// <summary>Whether the right answer is the first input by definition, as for a copy: then giving it proves something.</summary>
    public bool MovesData { get; init; }

    /// <summary>Whether an element's bits are right.</summary>
    public abstract bool Admits(long index, ulong bits);

    /// <summary>Error over bound: at most 1 when right.</summary>
    public abstract double Margin(long index, ulong bits);

    /// <summary>Distance in units in the last place; NaN when that means nothing.</summary>
    public abstract double Ulps(long index, ulong bits);

    /// <summary>The bits of the plain right answer.</summary>
    public abstract ulong Bits(long index);

    /// <summary>The bound as it is for one element.</summary>
    public abstract Bound Bound(long index);

    /// <summary>Whether so much is right here that hardly anything is wrong: the bound is no smaller than the answer.</summary>
    public virtual bool IsWeak(long index) => false;

    /// <summary>An element's value for people.</summary>
    public string Text(ulong bits) => Numbers.Text(DType, bits);
}

/// <summary>An output whose elements have one right pattern of bits, or two: moved data, integers, positions, random words, casts.</summary>
internal sealed class BitsAnswer(DType dtype, Shape shape, string anchor) : Answer(dtype, shape, anchor)
{
    private readonly ulong[] _bits = new ulong[shape.Elements];
    private Dictionary<long, ulong>? _others;
    private bool[]? _open;

    /// <summary>Whether one NaN is as good as another.</summary>
    public bool AnyNaN { get; init; }

    /// <summary>Of ±0 either is right.</summary>
    public bool EitherZero { get; init; }

    /// <summary>How right results are given: by name alone, the check is the same.</summary>
    public BoundKind Kind { get; init; } = BoundKind.Exact;

    public void Set(long index, ulong bits) => _bits[index] = bits;

    /// <summary>Two patterns are right.</summary>
    public void Set(long index, ulong bits, ulong other)
    {
        _bits[index] = bits;
        if (bits != other) (_others ??= [])[index] = other;
    }

    /// <summary>Any pattern is right: the contract leaves the element open.</summary>
    public void SetOpen(long index) => (_open ??= new bool[_bits.Length])[index] = true;

    public override bool Admits(long index, ulong bits)
    {
        if (bits == _bits[index] || _open is not null && _open[index]) return true;
        if (_others is not null && _others.TryGetValue(index, out ulong other) && bits == other) return true;
        if (!DType.IsFloat) return false;
        var format = FloatFormat.Of(DType);
        if (AnyNaN && format.IsNaN(bits) && format.IsNaN(_bits[index])) return true;
        return EitherZero && format.Decode(bits) == 0 && format.Decode(_bits[index]) == 0;
    }

    public override double Margin(long index, ulong bits) => Admits(index, bits) ? 0 : double.PositiveInfinity;

    public override double Ulps(long index, ulong bits)
    {
        if (!DType.IsFloat) return double.NaN;
        var format = FloatFormat.Of(DType);
        double right = format.Decode(_bits[index]), g = format.Decode(bits);
        return double.IsFinite(right) && double.IsFinite(g) ? Math.Abs(g - right) / format.Ulp(right) : double.NaN;
    }

    public override ulong Bits(long index) => _bits[index];

    public override Bound Bound(long index) => new(_open is not null && _open[index] ? BoundKind.Unspecified : Kind, 0, "", Anchor);
}

/// <summary>A floating-point output with a set of right results for each element.</summary>
internal sealed class RealAnswer(DType dtype, Shape shape, string anchor, AdmissibleSet[] sets, Func<long, string> derivation) : Answer(dtype, shape, anchor)
{
    private readonly FloatFormat _format = FloatFormat.Of(dtype);

    public override bool Admits(long index, ulong bits) => sets[index].Admits(_format.Decode(bits));

    public override double Margin(long index, ulong bits) => sets[index].Margin(_format.Decode(bits));

    public override double Ulps(long index, ulong bits) => sets[index].Ulps(_format.Decode(bits));

    public override ulong Bits(long index) => _format.Encode(sets[index].Nearest);

    public override Bound Bound(long index) => new(sets[index].Kind, sets[index].Error, derivation(index), Anchor);

    public override bool IsWeak(long index) => sets[index] is var s && (s.MayOverflow || s.Kind == BoundKind.Unspecified || s.Error > 0 && s.Error >= Math.Abs(s.High));
}
