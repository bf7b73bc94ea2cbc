using System.Text.Json;
using Backends.Conformance.Tests.Run;
using Xunit;

namespace Backends.Conformance.Tests.Plugins;

/// <summary>The sample in C: one kernel is native, and everything else is seen to be another's work.</summary>
public sealed class MinimalNativeConformanceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("conform-minimal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_plugin_of_one_kernel_is_ok_and_what_falls_back_says_so()
    {
        FaultPlugin.Build("minimal-native", _folder);
        string report = Path.Combine(_folder, "out");
        var (code, output, _) = await ConformCommandTests.ToolAsync("conform", "minimal-native", "--plugins", _folder, "--filter", "*/values/f32/**", "--out", report);
        Assert.Equal(0, code);
        Assert.Contains("OK at smoke/1 (what ran on minimal-native:0: relu f32)", output, StringComparison.Ordinal);
        Assert.DoesNotContain("CONFORMANT", output, StringComparison.Ordinal);

        var passes = (await File.ReadAllLinesAsync(Path.Combine(report, "cases.jsonl"), TestContext.Current.CancellationToken))
            .Select(l => JsonDocument.Parse(l).RootElement).Where(l => l.GetProperty("verdict").GetString() == "pass" && !DeclaredCall.IsEmpty((CallCase)CaseId.Parse(l.GetProperty("id").GetString()!))).ToArray();
        Assert.All(passes, p => Assert.Contains(p.GetProperty("ran").GetString(), Routes(p.GetProperty("op").GetString()!)));
        Assert.All(passes.Where(p => p.GetProperty("ran").GetString() == Route.Native), p => Assert.Equal("minimal-native.relu.f32", p.GetProperty("kernel").GetString()));
        Assert.Contains(passes, p => p.GetProperty("op").GetString() == "relu");
    }

    // Views and contiguous copies are the host's on every device (FAL-6).
    private static string[] Routes(string op) => op switch
    {
        "relu" => [Route.Native],
        "copy" => [Route.Host, Route.Fallback],
        _ when CoreOperators.All.Single(o => o.Name == op).Kind == OperatorKind.View => [Route.Host],
        _ => [Route.Fallback],
    };
}
