namespace Backends.Conformance;

/// <summary>How a set of right results is given (docs/accuracy.md, The admissible set).</summary>
internal enum BoundKind
{
    /// <summary>One answer; where the row says so, either zero.</summary>
    Exact,
    /// <summary>The value nearest to the oracle's, ties to even.</summary>
    CorrectlyRounded,
    /// <summary>Within n units in the last place of the oracle's value, and the nearest value in any case.</summary>
    Ulp,
    /// <summary>What the values within E of the oracle's are rounded to.</summary>
    RunningError,
    /// <summary>Anything: the contract leaves this element open.</summary>
    Unspecified,
}

/// <summary>
/// The right results of one floating-point element. A result is right when it lies in the set; nowhere is a difference compared with a tolerance.
/// Special answers come first: NaN is due exactly where the oracle has it, an infinite oracle wants its own sign.
/// </summary>
internal readonly struct AdmissibleSet
{
    private readonly FloatFormat _format;
    private readonly double _lowest, _highest, _nearest, _other;

    /// <param name="kind">How the set is given.</param>
    /// <param name="format">The output's format.</param>
    /// <param name="high">The oracle's value, leading part.</param>
    /// <param name="low">The oracle's value, the rest.</param>
    /// <param name="error">E, or n·ulp(r); 0 for exact kinds.</param>
    public AdmissibleSet(BoundKind kind, FloatFormat format, double high, double low, double error)
    {
        (Kind, _format, High, Low, Error) = (kind, format, high, low, error);
        _nearest = _other = format.Round(high, low);
        (_lowest, _highest) = kind == BoundKind.RunningError && double.IsFinite(high)
            ? (Shifted(format, high, low, -error), Shifted(format, high, low, error)) : (_nearest, _nearest);
    }

    private bool IsWhole { get; init; }

    private AdmissibleSet(AdmissibleSet from, double lowest, double highest, double other)
    {
        this = from;
        (_lowest, _highest, _other) = (lowest, highest, other);
    }

    public BoundKind Kind { get; }
    public double High { get; }
    public double Low { get; }
    public double Error { get; }
    /// <summary>The oracle's value in the output's format.</summary>
    public double Nearest => _nearest;
    /// <summary>Of ±0 either is right.</summary>
    public bool EitherZero { get; init; }
    /// <summary>A partial result may overflow in some order: what is not finite is right too.</summary>
    public bool MayOverflow { get; init; }

    /// <summary>Where NaN is due, a zero is right too.</summary>
    public bool OrZero { get; init; }

    /// <summary>The same with a second right value, where hardware has only two roundings in a row.</summary>
    public AdmissibleSet Or(double other) => new(this, _lowest, _highest, other);

    /// <summary>The integers that floor or truncation makes of the values within the bound.</summary>
    public AdmissibleSet Whole(Func<double, double> toInteger)
    {
        if (!double.IsFinite(High)) return this;
        double lowest = _format.Round(toInteger(High + (Low - Error))), highest = _format.Round(toInteger(High + (Low + Error)));
        double nearest = _format.Round(toInteger(High));
        return new(new AdmissibleSet(BoundKind.RunningError, _format, nearest, 0, Error) { EitherZero = true, IsWhole = true }, lowest, highest, nearest);
    }

    /// <summary>Whether a result is right.</summary>
    public bool Admits(double g)
    {
        if (Kind == BoundKind.Unspecified || MayOverflow && !double.IsFinite(g) || OrZero && g == 0) return true;
        if (double.IsNaN(High) || double.IsNaN(g)) return double.IsNaN(High) && double.IsNaN(g);
        if (Same(g, _nearest) || Same(g, _other)) return true;
        if (double.IsInfinity(High) || Error == 0 && Kind != BoundKind.RunningError) return false;
        if (Kind == BoundKind.Ulp) return Distance(g) <= Error;
        return Kind == BoundKind.RunningError && g >= _lowest && g <= _highest && (g != 0 || _lowest != _highest || EitherZero || Error >= Math.Abs(High)) && (!IsWhole || g == Math.Floor(g));
    }

    /// <summary>
    /// The result's error over the bound: at most 1 for right results, above for wrong ones, infinite where nothing but the answer is right.
    /// The half ulp of a last rounding to a narrower output, which every right kernel has, does not count.
    /// </summary>
    public double Margin(double g)
    {
        bool admitted = Admits(g);
        if (admitted && !double.IsFinite(g)) return 0;
        if (Error == 0 || !double.IsFinite(High) || double.IsNaN(g)) return admitted ? 0 : double.PositiveInfinity;
        double half = Kind == BoundKind.RunningError && _format.Precision < 24 ? _format.Ulp(High) / 2 : 0;
        double margin = Math.Max(0, Distance(g) - half) / Error;
        return admitted ? Math.Min(margin, 1) : Math.Max(margin, Math.BitIncrement(1));
    }

    /// <summary>The distance in units in the last place of the output, NaN when there is none.</summary>
    public double Ulps(double g) => double.IsFinite(High) && !double.IsNaN(g) ? Distance(g) / _format.Ulp(High) : double.NaN;

    // An infinite result is measured as the number after the largest.
    private double Distance(double g) =>
        Math.Abs((double.IsInfinity(g) ? Math.CopySign(FloatFormat.Power(Math.Min(_format.EMax + 1, 1023)), g) : g) - High - Low);

    private bool Same(double g, double value) => g == value && (g != 0 || EitherZero || double.IsNegative(g) == double.IsNegative(value));

    private static double Shifted(FloatFormat format, double high, double low, double by)
    {
        double sum = high + by, back = sum - high, rest = high - (sum - back) + (by - back) + low;
        return double.IsFinite(sum) ? format.Round(sum + rest, rest - (sum + rest - sum)) : sum;
    }
}
