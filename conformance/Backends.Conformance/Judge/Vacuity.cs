namespace Backends.Conformance;

/// <summary>
/// When a pass proves nothing: the bound is no smaller than the answer for more than half of the elements, hardly anything but zeros is due,
/// or an answer that nobody had to compute would pass too: all zeros, the first input, what the output held before.
/// </summary>
internal static class Vacuity
{
    /// <summary>The reason, or null.</summary>
    public static string? Of(Answer right, IReadOnlyList<Operand?> inputs, Operand? previous)
    {
        long elements = right.Shape.Elements, weak = 0, zeros = 0;
        bool allZeros = true;
        for (long i = 0; i < elements; i++)
        {
            if (right.IsWeak(i)) weak++;
            if (!right.Admits(i, 0)) allZeros = false;
            else zeros++;
        }
        if (allZeros) return "all zeros would pass";
        if (2 * weak > elements) return "the bound is no smaller than the answer for more than half of the elements";
        if (16 * zeros > 15 * elements) return "nearly all of the answer is zero";
        if (!right.MovesData && inputs is [{ } first, ..] && Passes(right, first)) return "the first input would pass";
        return previous is not null && Passes(right, previous) ? "what the output held before would pass" : null;
    }

    private static bool Passes(Answer right, Operand answer)
    {
        if (answer.DType != right.DType || answer.Elements != right.Shape.Elements) return false;
        for (long i = 0; i < answer.Elements; i++)
            if (!right.Admits(i, answer.Bits(i))) return false;
        return true;
    }
}
