using Backends.Conformance.Tests.Run;
using Xunit;

namespace Backends.Conformance.Tests.Plugins;

/// <summary>The samples that docs/vendor-csharp.md and docs/vendor-c.md quote: what a vendor copies from there is right.</summary>
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

    [Theory]
    [InlineData("kernels-native", "*/*/f32/**", "add f32, sum f32")]
    [InlineData("queue-native", "*/*/f32/**", "add f32, relu f32")]
    [InlineData("queue-native", "memory", "device chapters")]
    [InlineData("queue-native", "copies", "device chapters")]
    public async Task Each_sample_in_C_is_ok(string name, string filter, string proven)
    {
        string folder = Directory.CreateTempSubdirectory("conform-kernels-").FullName;
        try
        {
            FaultPlugin.Build(name, folder);
            var (code, output, _) = await ConformCommandTests.ToolAsync("conform", name, "--plugins", folder, "--filter", filter);
            Assert.Contains($"(what ran on {name}:0: {proven})", output, StringComparison.Ordinal);
            Assert.Equal(0, code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
