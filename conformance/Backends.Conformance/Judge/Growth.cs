namespace Backends.Conformance;

/// <summary>How fast rounding errors may grow over n terms (docs/accuracy.md#summation).</summary>
internal static class Growth
{
    /// <summary>The longest chain of additions that any order can have: right for sums and dot products whatever their order.</summary>
    public static double AnyOrder(long terms) => Math.Max(0, terms - 1);

    /// <summary>The chain that sums inside other operators are held to: in blocks, or in 16 parts and more.</summary>
    public static double Blocked(long terms) => Math.Min(AnyOrder(terms), Math.Max(1024, Math.Ceiling(terms / 16.0)));

    /// <summary>
    /// κ: the depth itself, a theorem; on fills of independent elements 6·√depth where that is less, which a right kernel exceeds
    /// with a probability of at most 2·e^-18.
    /// </summary>
    public static double Factor(double depth, string fill) => Fill.IsIndependent(fill) ? Math.Min(depth, 6 * Math.Sqrt(depth)) : depth;
}
