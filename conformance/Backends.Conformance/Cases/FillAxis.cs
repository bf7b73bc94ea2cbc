namespace Backends.Conformance;

/// <summary>Which fills prove something for which dtypes (accuracy.md, section 4). The fills themselves are in Fills/.</summary>
internal static class FillAxis
{
    public const string Integers = "integers", Precise = "integers-precise", Special = "special", Uniform = "uniform";

    /// <summary>The ordinary ones: exact integers first, they need no tolerance.</summary>
    public static readonly string[] Values = [Integers, Uniform, Precise];

    /// <summary>Whether it proves something of its own there: what is exact in a wider accumulator alone needs a float that is computed with.</summary>
    /// <remarks><c>uniform</c> gives integers every pattern, so that they overflow.</remarks>
    public static bool Fits(string fill, DType dtype) => fill != Precise || dtype is DType.F16 or DType.BF16 or DType.F32 or DType.F64;
}
