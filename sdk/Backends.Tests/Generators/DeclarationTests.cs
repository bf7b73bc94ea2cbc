extern alias generators;
using generators::Backends.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Backends.Tests.Generators;

/// <summary>What the generators write for declarations that the catalogue does not have yet compiles, and nobody's class sets them off by its name alone.</summary>
public sealed class DeclarationTests
{
    private const string Clip = """
        namespace Backends.Declarations
        {
            /// <summary>A clip.</summary>
            [Operator("clip(T x, f64 low = -inf, f64 high = inf, f64 other = nan, scalar floor = -1, scalar ceiling = inf) -> T : T in float ; shape=same(x) ; accuracy=exact")]
            internal static class Clip;
        }
        """;

    [Fact]
    public void Defaults_that_are_no_literals_of_CSharp_compile()
    {
        var files = VendorCompiler.Generate(new DeclarationGenerator(), Clip);
        Assert.Contains("double low = double.NegativeInfinity, double high = double.PositiveInfinity, double other = double.NaN", files["Operators.g.cs"]);
        var type = VendorCompiler.Load(files["Arguments.g.cs"]).GetType("Backends.Plugins.ClipAttributes")!;
        Assert.Equal(0UL, Given(double.NegativeInfinity, double.NaN, -1));
        Assert.Equal(0b01101UL, Given(0, 1, 2));

        ulong Given(double low, double other, Scalar floor) => (ulong)type.GetProperty("Given")!.GetValue(
            Activator.CreateInstance(type, low, double.PositiveInfinity, other, floor, (Scalar)double.PositiveInfinity))!;
    }

    [Theory]
    [InlineData("namespace Acme; public static partial class Ops { }", false)]
    [InlineData("namespace Acme; public static class Holder { public static partial class Ops { } }", false)]
    [InlineData("namespace Backends; public static partial class Ops { }", true)]
    public void The_hosts_methods_are_written_for_the_hosts_class_alone(string source, bool written) =>
        Assert.Equal(written, VendorCompiler.Generate(new HostGenerator(), source).ContainsKey("Ops.g.cs"));
}
