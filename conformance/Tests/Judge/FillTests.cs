using System.Security.Cryptography;
using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>What fills promise: the same bytes for ever, and data for which their bounds hold.</summary>
public unsafe class FillTests
{
    private static readonly DType[] s_floats = [DType.F16, DType.BF16, DType.F32, DType.F64];

    public static TheoryData<string> Names() => new(Fill.Versions.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fill_gives_the_bytes_that_it_always_gave(string fill) => Assert.Equal(s_hashes[fill], Hash(fill));

    [Fact]
    public void Only_versions_that_exist_are_made()
    {
        Assert.Throws<ArgumentException>(() => Fill.Make("integers", 2, DType.F32, [1], 1, default));
        Assert.Throws<ArgumentException>(() => Fill.Make("noise", 1, DType.F32, [1], 1, default));
    }

    [Theory]
    [InlineData("integers")]
    [InlineData("integers-precise")]
    public void Sums_of_integer_fills_stay_exact_in_every_order(string fill)
    {
        foreach (var dtype in s_floats)
            foreach (long seed in (long[])[6, 7])
                foreach (long n in (long[])[1, 33, 4097])
                {
                    using var sum = new Trial(CoreOperators.Sum, dtype, [[3, n]], fill, seed, ("dim", "1"));
                    using var product = new Trial(CoreOperators.MatMul, dtype, [[3, n], [n, 5]], fill, seed);
                    double limit = FloatFormat.Power(fill == "integers" ? FloatFormat.Of(dtype).Precision : FloatFormat.Accumulator(dtype).Precision);
                    for (int row = 0; row < 3; row++)
                    {
                        Assert.InRange(Enumerable.Range(0, (int)n).Sum(k => Math.Abs(sum.Inputs[0].Real(row * n + k))), 1, limit);
                        for (int column = 0; column < 5; column++)
                            Assert.InRange(Enumerable.Range(0, (int)n).Sum(k => Math.Abs(product.Inputs[0].Real(row * n + k) * product.Inputs[1].Real(k * 5 + column))), 1, limit);
                    }
                }
    }

    [Fact]
    public void Every_term_counts_in_some_output_where_there_are_enough_outputs()
    {
        using var trial = new Trial(CoreOperators.MatMul, DType.F16, [[40, 4099], [4099, 2]], "integers");
        for (long k = 0; k < 4099; k++)
            Assert.Contains(Enumerable.Range(0, 40), row => trial.Inputs[0].Real(row * 4099 + k) != 0);
    }

    [Fact]
    public void The_last_term_counts_in_the_last_output()
    {
        foreach (var dtype in s_floats)
            foreach (long seed in (long[])[6, 7])
            {
                using var trial = new Trial(CoreOperators.Sum, dtype, [[3, 4097]], "integers", seed, ("dim", "1"));
                Assert.NotEqual(0, trial.Inputs[0].Real(3 * 4097 - 1));
            }
    }

    [Fact]
    public void Uniform_numbers_of_sums_are_positive_and_far_from_underflow()
    {
        foreach (var dtype in s_floats)
        {
            using var trial = new Trial(CoreOperators.Sum, dtype, [[999]], "uniform");
            for (int i = 0; i < 999; i++) Assert.InRange(trial.Inputs[0].Real(i), 0.5, 2);
        }
    }

    [Fact]
    public void A_NaN_stands_alone_at_the_head_in_the_middle_and_at_the_tail_of_some_output()
    {
        foreach (long seed in (long[])[6, 7, 8])
        {
            using var trial = new Trial(CoreOperators.AMax, DType.F32, [[31, 9, 7]], "special", seed, ("dim", "0"));
            var alone = Enumerable.Range(0, 63).Select(o => Enumerable.Range(0, 31).Where(t => double.IsNaN(trial.Inputs[0].Real(t * 63 + o))).ToArray()).Where(t => t.Length == 1).Select(t => t[0]);
            Assert.Superset(new HashSet<int> { 0, 15, 30 }, alone.ToHashSet());
        }
    }

    [Fact]
    public void Each_special_value_of_one_operand_meets_each_of_the_other()
    {
        using var trial = new Trial(CoreOperators.Mul, DType.F32, [[2047], [2047]], "special");
        var specials = Enumerable.Range(0, 64).Select(i => trial.Inputs[0].Bits(i)).Distinct().ToArray();
        var pairs = Enumerable.Range(0, 2047).Select(i => (trial.Inputs[0].Bits(i), trial.Inputs[1].Bits(i))).ToHashSet();
        Assert.All(from a in specials from b in specials select (a, b), p => Assert.Contains(p, pairs));
    }

    [Fact]
    public void A_divisor_of_integers_has_one_zero_at_most()
    {
        foreach (string fill in Fill.Versions.Keys)
        {
            using var trial = new Trial(CoreOperators.Div, DType.U8, [[999], [999]], fill);
            Assert.InRange(trial.Inputs[1].Data.Count(b => b == 0), 0, fill == "special" ? 1 : 0);
        }
    }

    private static string Hash(string fill)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var op in (Operator[])[CoreOperators.Add, CoreOperators.Div, CoreOperators.Exp, CoreOperators.Sum, CoreOperators.MatMul, CoreOperators.Softmax, CoreOperators.Cast])
            foreach (var dtype in DTypes.All)
                foreach (long seed in (long[])[1, 2, 12345])
                    for (int input = 0; input < op.Schema.Tensors.Count; input++)
                    {
                        var context = op == CoreOperators.Sum || op == CoreOperators.Softmax
                            ? new FillContext(op.Name, op.Schema.Accuracy.Name, 0, 2, 77) : FillContext.For(op, null, [[5, 77], [77, 5]], input);
                        all.AppendData(Fill.Make(fill, 1, dtype, input == 0 ? [5, 77] : [77, 5], seed, context));
                    }
        return Convert.ToHexStringLower(all.GetHashAndReset())[..16];
    }

    private static readonly Dictionary<string, string> s_hashes = new()
    {
        ["integers"] = "1510f728cd2f6162",
        ["integers-precise"] = "4bf373a5ec340817",
        ["special"] = "22fe244c6c871496",
        ["uniform"] = "b0339d7ec20ba893",
        ["normal"] = "e567a5e3f2c1b78e",
        ["drift"] = "08aa4e6367dd67aa",
        ["ones"] = "1a32593bdef58697",
    };
}
