namespace Backends.Conformance;

/// <summary>
/// Decides whether a call's results are right, and says what is wrong with them. It knows no operator and no tolerance: the oracle gives each
/// element its set of right results. It also tells when a pass proves nothing, because answers that no kernel had to compute would pass too.
/// </summary>
internal static unsafe class Judge
{
    /// <summary>Judges the results of one call.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="attributes">Its attribute struct, or null.</param>
    /// <param name="inputs">What went in; null for what was absent.</param>
    /// <param name="actual">What came out.</param>
    /// <param name="fill">The fill that made the inputs, without version.</param>
    /// <param name="previous">What the outputs held before, where a stale answer is to be told from a right one.</param>
    public static JudgeResult Decide(Operator op, void* attributes, IReadOnlyList<Operand?> inputs, IReadOnlyList<Operand> actual, string fill, Operand? previous = null)
    {
        var right = Oracle.Expect(op, attributes, inputs, fill, actual);
        JudgeResult? worst = null;
        for (int i = 0; i < right.Length; i++)
        {
            var found = Compare(right[i], inputs, actual[i], i == 0 ? previous : null) with { Output = i };
            if (worst is null || worst.Passed && (!found.Passed || found.Margin > worst.Margin)) worst = found with { Vacuous = worst?.Vacuous ?? (i == 0 ? found.Vacuous : null) };
        }
        return worst!;
    }

    /// <summary>Compares one output with what is right for it.</summary>
    public static JudgeResult Compare(Answer right, IReadOnlyList<Operand?> inputs, Operand actual, Operand? previous = null)
    {
        if (actual.DType != right.DType) return Wrong("dtype differs", right.DType.Name, actual.DType.Name);
        if (actual.Shape != right.Shape) return Wrong("shape differs", right.Shape.ToString(), actual.Shape.ToString());
        long elements = actual.Elements, worst = elements > 0 ? 0 : -1;
        ulong poison = Poison.Of(actual.DType);
        double margin = -1, ulps = double.NaN;
        var bad = new List<long>();
        for (long i = 0; i < elements; i++)
        {
            ulong bits = actual.Bits(i);
            // Nobody computes the poison's payload: where NaN is due, it still tells that nothing was written.
            bool unwritten = !right.MovesData && actual.DType.IsFloat && actual.DType.Size > 1 && bits == poison;
            double m = unwritten ? double.PositiveInfinity : right.Margin(i, bits);
            if (unwritten || !right.Admits(i, bits)) bad.Add(i);
            if (m > margin) (margin, worst) = (m, i);
            double distance = right.Ulps(i, bits);
            if (!(distance <= ulps)) ulps = double.IsNaN(distance) ? ulps : distance;
        }
        var result = new JudgeResult { Passed = bad.Count == 0, Elements = elements, Bad = bad.Count, Margin = Math.Max(0, margin), Ulps = ulps };
        if (worst < 0) return result;
        ulong expected = right.Bits(worst), found = actual.Bits(worst);
        return result with
        {
            At = IndexOf(worst, right.Shape),
            Expected = right.Text(expected),
            ExpectedBits = Numbers.Hex(right.DType, expected),
            Actual = right.Text(found),
            ActualBits = Numbers.Hex(right.DType, found),
            Bound = right.Bound(worst),
            Reason = bad.Count == 0 ? "" : Diagnosis.Of(right, actual, bad, worst),
            Vacuous = bad.Count == 0 ? Vacuity.Of(right, inputs, previous) : null,
        };
    }

    /// <summary>The index of an element from its place in row-major order.</summary>
    public static long[] IndexOf(long element, Shape shape)
    {
        var index = new long[shape.Rank];
        for (int d = shape.Rank - 1; d >= 0; d--) (element, index[d]) = Math.DivRem(element, shape[d]);
        return index;
    }

    private static JudgeResult Wrong(string reason, string expected, string actual) =>
        new() { Passed = false, Reason = reason, Expected = expected, Actual = actual, Margin = double.PositiveInfinity };
}
