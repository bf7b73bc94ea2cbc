using Backends.Conformance.Tests.Run;
using Xunit;

namespace Backends.Conformance.Tests.Plugins;

/// <summary>The sample that docs/vendor-csharp.md quotes: what a vendor copies from there is right.</summary>
public sealed class KernelsSampleTests
{
    [Theory]
    [InlineData("add", "add f32")]
    [InlineData("sum", "sum f32")]
    [InlineData("cast", "cast f32,i32 f32,i64")]
    public async Task Each_kernel_of_the_sample_is_ok(string op, string proven)
    {
        var (code, output, _) = await ConformCommandTests.ToolAsync("conform", "kernels", "--filter", op);
        Assert.Contains($"(what ran on kernels:0: {proven})", output, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }
}
