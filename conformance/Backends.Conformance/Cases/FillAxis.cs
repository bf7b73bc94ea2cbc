namespace Backends.Conformance;

/// <summary>Which fills prove something for which dtypes (accuracy.md, section 4). The fills themselves are in Fills/.</summary>
internal static class FillAxis
{
    public const string Integers = "integers", Precise = "integers-precise", Special = "special", Uniform = "uniform";

    /// <summary>The ordinary ones: exact integers first, they need no tolerance.</summary>
    public static readonly string[] Values = [Integers, Uniform, Precise];

    /// <summary>Whether a case of this dtype can hold it: what is exact in a wider accumulator, and reals, need a float that is computed with.</summary>
    public static bool Fits(string fill, DType dtype) => fill switch
    {
        Precise => dtype is DType.F16 or DType.BF16 or DType.F32 or DType.F64,
        Uniform => dtype.IsFloat,
        _ => true,
    };
}
