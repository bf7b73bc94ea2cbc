namespace Backends.Conformance;

/// <summary>
/// The data of a case (docs/accuracy.md, Fills). A fill's name, version, seed, dtype, shape and place give the same bytes on every machine,
/// for ever: all randomness is <see cref="Philox"/>, all arithmetic exact or IEEE double without library functions. Whoever changes one
/// bit of a fill gives it a new version; tests hold the hashes.
/// </summary>
internal static class Fill
{
    /// <summary>Every fill, with the newest version of each.</summary>
    public static IReadOnlyDictionary<string, int> Versions { get; } = new Dictionary<string, int>
    {
        ["integers"] = 1, ["integers-precise"] = 1, ["special"] = 1, ["uniform"] = 1, ["normal"] = 1, ["drift"] = 1, ["ones"] = 1,
    };

    /// <summary>Makes the elements of one input, in row-major order without gaps.</summary>
    /// <exception cref="ArgumentException">There is no such fill, or no such version of it.</exception>
    public static byte[] Make(string fill, int version, DType dtype, Shape shape, long seed, FillContext context)
    {
        if (!Versions.TryGetValue(fill, out int newest) || version != newest)
            throw new ArgumentException($"there is no fill '{fill}@{version}'; there are: {string.Join(", ", Versions.Select(v => $"{v.Key}@{v.Value}"))}", nameof(fill));
        var data = Operand.Zeros(dtype, shape);
        switch (context.Positions is null ? fill : "positions")
        {
            case "positions": PositionFill.Name(data, seed, context, beyond: fill == "special"); break;
            case "integers": IntegerFills.Structure(data, seed, context); break;
            case "integers-precise": IntegerFills.Precise(data, seed, context); break;
            case "special": SpecialFill.Plant(data, seed, context); break;
            case "uniform": RealFills.Uniform(data, seed, context); break;
            case "normal": RealFills.Normal(data, seed, context); break;
            case "drift": RealFills.Constant(data, 1 / (3.0 + (seed & 7)), context); break;
            default: RealFills.Constant(data, 1, context); break;
        }
        context.Cases.Arrange(data, fill, seed, context);
        return data.Data;
    }

    /// <summary>Whether premise and meaning of a fill are those of exact arithmetic: every partial sum in every order is exact.</summary>
    public static bool IsExact(string fill) => fill is "integers" or "integers-precise" or "ones";

    /// <summary>Whether a fill's elements are independent and of a few octaves: then rounding errors have mean zero and the statistical growth holds.</summary>
    public static bool IsIndependent(string fill) => fill is "uniform" or "normal";

    /// <summary>The random words of one input of a case.</summary>
    internal static uint[] Words(long seed, int input, long count) => Philox.Words((ulong)seed, checked((int)count), (ulong)input + 1);

    /// <summary>Bool and integers of any width: every pattern, but what the operator asks to avoid.</summary>
    internal static void AllPatterns(Operand data, long seed, FillContext context)
    {
        uint[] words = Words(seed, context.Input, data.Elements * 2);
        for (long i = 0; i < data.Elements; i++)
        {
            ulong bits = words[2 * i] | (ulong)words[2 * i + 1] << 32;
            data.SetBits(i, context.Cases.Pattern(data.DType, context.Input, data.DType != DType.Bool ? bits : i == 0 ? 1 : bits & 1));
        }
    }
}
