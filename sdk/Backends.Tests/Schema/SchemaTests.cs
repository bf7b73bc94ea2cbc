using System.Reflection;
using CsCheck;

namespace Backends.Tests.Schemas;

/// <summary>The schema string: one text for one meaning (CUS-2), and errors that say where and what.</summary>
public sealed class SchemaTests
{
    [Fact]
    public void Any_spelling_is_written_back_in_the_canonical_one() => SchemaTexts.All.Holds(text =>
    {
        var schema = Schema.Parse(text.Sloppy);
        Assert.Equal(text.Canonical, schema.ToString());
        Assert.Equal(schema, Schema.Parse(text.Canonical));
    });

    [Fact]
    public void A_damaged_text_parses_to_its_fixpoint_or_is_refused_inside_its_length() =>
        Gen.Select(SchemaTexts.All, Gen.Int[0, 200], Gen.Char["ATx9 ()[]{},:;=|-?._>!"], Gen.Bool, (t, at, c, insert) =>
        {
            at %= t.Canonical.Length;
            return t.Canonical[..at] + c + t.Canonical[(insert ? at : at + 1)..];
        }).Holds(text =>
        {
            try
            {
                string canonical = Schema.Parse(text).ToString();
                Assert.Equal(canonical, Schema.Parse(canonical).ToString());
            }
            catch (SchemaException e)
            {
                Assert.InRange(e.Position, 0, text.Length);
                Assert.StartsWith($"column {e.Position + 1}: ", e.Message);
            }
        });

    [Fact]
    public void Every_core_operator_is_declared_in_the_canonical_text() => Assert.All(
        typeof(Operator).Assembly.GetTypes().Select(t => t.GetCustomAttribute<OperatorAttribute>()?.Schema).OfType<string>(),
        text => Assert.Equal(Schema.Parse(text).ToString(), text));

    [Fact]
    public void Core_operators_are_ordered_by_name_and_named_once() =>
        Assert.Equal(CoreOperators.All.Select(op => op.Name).Distinct().Order(StringComparer.Ordinal), CoreOperators.All.Select(op => op.Name));

    [Fact]
    public void Attributes_lie_one_after_another_behind_the_header()
    {
        var schema = Schema.Parse("f(i64 a, bool b, i64[] c, scalar d, f64 e, dtype g, enum{p, q} h) -> f32 ; shape=s ; accuracy=t");
        Assert.Equal([16, 24, 32, 48, 64, 72, 80], schema.Attributes.Select(a => a.Offset));
    }

    [Theory]
    [InlineData("f(T x, U y) -> T : T in any, U in float ; shape=s ; accuracy=t", "T", "i32")]
    [InlineData("f(T x, U y) -> bool : T in any, U in float ; shape=s ; accuracy=t", "bool", "bool")]
    [InlineData("f(T x) -> W : T in any, W = wide(T) ; shape=s ; accuracy=t", "W", "i64")]
    public void A_type_is_resolved_by_the_combination(string text, string type, string expected) =>
        Assert.Equal(expected, Schema.Parse(text).Resolve(type, [DType.I32, DType.F16]).Name);

    [Theory]
    [InlineData(DType.Bool, DType.I64)]
    [InlineData(DType.I8, DType.I64)]
    [InlineData(DType.U32, DType.U64)]
    [InlineData(DType.F16, DType.F16)]
    [InlineData(DType.F64, DType.F64)]
    public void Wide_gives_integers_64_bits_and_leaves_floats(DType from, DType to) =>
        Assert.Equal(to, CoreOperators.Sum.Schema.Resolve("U", [from]));

    // One for each error of the grammar; the column is where the reader must look.
    [Theory]
    [InlineData("", 1, "a name is expected")]
    [InlineData("f T x", 3, "'(' is expected")]
    [InlineData("f(T x -> T", 7, "')' is expected")]
    [InlineData("f(T x) T", 8, "'->' is expected")]
    [InlineData("f(i64 d, T x) -> T", 10, "tensors come before attributes")]
    [InlineData("f(T x, T x) -> T", 10, "a second parameter 'x'")]
    [InlineData("f(int x) -> f32", 3, "'int' is no kind of parameter (a type variable, i64, f64, bool, i64[], dtype, scalar, enum{...})")]
    [InlineData("f(enum{a, a} x) -> f32", 3, "an enum names a word twice")]
    [InlineData("f(i64 x = [1]) -> f32", 11, "a list is a default of i64[] alone")]
    [InlineData("f(i64[] x = [1.5]) -> f32", 13, "a list of integers is expected")]
    [InlineData("f(bool x = 1) -> f32", 12, "'1' is no default of this kind")]
    [InlineData("f(i64 x = ) -> f32", 11, "a number is expected")]
    [InlineData("f(T x) -> word", 11, "'word' is no dtype and no type variable")]
    [InlineData("f(T x) -> T : T in any, T in any", 25, "a second type variable 'T'")]
    [InlineData("f(T x) -> U : T in any, U = long(T)", 29, "'long' is no derivation of dtypes (there is: wide)")]
    [InlineData("f(T x) -> U : T in any, U = wide(V)", 34, "'V' is not declared before 'U'")]
    [InlineData("f(T x) -> T : T of any", 17, "'in' or '=' is expected")]
    [InlineData("f(T x) -> T : T in any, U = wide(T), V in any", 38, "derived variables come last")]
    [InlineData("f(T x) -> T : T in words", 20, "'words' is no dtype and no set (any, number, integer, float)")]
    [InlineData("f(T x) -> T : x in any", 15, "a type variable (one capital letter) is expected")]
    [InlineData("f() -> f32 ; form=s", 14, "'form' is no clause (shape, accuracy, inplace, empty, random, phases, version, view)")]
    [InlineData("f() -> f32 ; shape=s ; accuracy=t ; phases=3", 44, "a number from 1 to 2 is expected")]
    [InlineData("f() -> f32 ; shape=s ; accuracy=t ; empty=-", 43, "a number is expected")]
    [InlineData("f() -> f32 ; shape=s ; shape=t", 24, "a second clause 'shape'")]
    [InlineData("f() -> f32 ; accuracy=t", 24, "the clause shape= is missing")]
    [InlineData("f() -> f32 ; shape=s", 21, "the clause accuracy= is missing")]
    [InlineData("f(T x) -> T ; shape=s ; accuracy=t", 35, "the type variable 'T' is not declared")]
    [InlineData("f() -> f32 ; shape=s ; accuracy=t ; inplace=y:x", 48, "inplace=y:x names no output and tensor of this operator")]
    [InlineData("f() -> T : T in any ; shape=s ; accuracy=t", 43, "the type variable 'T' needs a tensor or one dtype attribute to bind it")]
    [InlineData("f() -> f32 ; shape=s ; accuracy=t !", 35, "unexpected '!'")]
    public void A_wrong_text_is_refused_with_column_and_expectation(string text, int column, string problem) =>
        Assert.Equal($"column {column}: {problem}, in: {text}", Assert.Throws<SchemaException>(() => Schema.Parse(text)).Message);
}
