namespace Backends.Conformance;

/// <summary>Says in a few words what is wrong with an output, from the pattern of its wrong elements.</summary>
internal static class Diagnosis
{
    /// <summary>The short reason of a failure.</summary>
    public static string Of(Answer right, Operand actual, List<long> bad, long worst)
    {
        long unwritten = bad.Count(i => actual.Bits(i) == Poison.Of(actual.DType));
        if (unwritten == bad.Count) return $"unwritten {Plural(unwritten, "element")} (poison){Place(right.Shape, bad)}";
        if (unwritten > 0) return $"{unwritten} of {bad.Count} wrong elements unwritten (poison)";
        return Kind(right, actual.Bits(worst), worst) + Place(right.Shape, bad);
    }

    private static string Kind(Answer right, ulong bits, long at)
    {
        if (!right.DType.IsFloat) return "wrong value";
        var format = FloatFormat.Of(right.DType);
        double expected = format.Decode(right.Bits(at)), found = format.Decode(bits);
        if (double.IsNaN(expected)) return double.IsNaN(found) ? "NaN's payload changed" : "NaN lost";
        if (double.IsNaN(found)) return "NaN where a number is due";
        if (double.IsInfinity(expected)) return found == -expected ? "wrong sign of infinity" : "infinity lost";
        if (double.IsInfinity(found)) return "infinity where a number is due";
        if (expected == 0 && found == 0) return "wrong sign of zero";
        if (found == 0 && Math.Abs(expected) < format.SmallestNormal) return "subnormal flushed to zero";
        return right.Bound(at).Kind is BoundKind.RunningError or BoundKind.Ulp && right.Bound(at).Value > 0 ? "outside its bound" : "wrong value";
    }

    // Where all wrong elements share a place that kernels forget.
    private static string Place(Shape shape, List<long> bad)
    {
        long elements = shape.Elements;
        if (bad.Count == elements && elements > 1) return ": every element";
        if (shape.Rank == 0 || elements <= 1) return "";
        long last = shape[^1];
        if (last > 1 && bad.All(i => i % last == last - 1)) return bad.Count == 1 && bad[0] == elements - 1 ? ": the last element" : ": the last element of a row";
        if (last > 1 && bad.All(i => i % last == 0)) return ": the first element of a row";
        if (last > 8 && bad.All(i => i % last >= last - last % 8)) return ": the tail of a row";
        return shape.Rank > 1 && elements > last && bad.All(i => i >= elements - last) ? ": the last row" : "";
    }

    private static string Plural(long count, string noun) => count == 1 ? noun : noun + "s";
}
