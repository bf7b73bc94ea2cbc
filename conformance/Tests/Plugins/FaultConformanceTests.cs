using System.Text.Json;
using Backends.Conformance.Tests.Run;
using Xunit;

namespace Backends.Conformance.Tests.Plugins;

/// <summary>A plugin that ends or stops its process costs one case, and every other case has its verdict.</summary>
public sealed class FaultConformanceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("conform-faults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("crashing", "crash", "SIGSEGV")]
    [InlineData("hanging", "hang", "no answer within")]
    public async Task A_plugin_that_takes_its_process_along_costs_one_case(string plugin, string verdict, string why)
    {
        var relu = Profile.Smoke.CallCases(1).Where(c => c.Operator.Name == "relu").ToArray();
        // The fault is met in calls of so many elements: a number that one case of the list alone has.
        var met = relu.Where(c => c is { TypeText: "f32", Error: null }).GroupBy(c => c.Shapes[0].Elements).First(g => g.Count() == 1 && g.Key > 1).Single();
        FaultPlugin.Build(plugin, _folder, (int)met.Shapes[0].Elements);
        await OneCaseIsLost(relu, "relu", met, verdict, why, plugin, "--plugins", _folder, "--case-limit", "5s");
    }

    /// <summary>A device whose memory the host cannot touch lets no forgotten copy pass, whichever way it was forgotten.</summary>
    [Theory]
    [InlineData(0, "crash", "SIGABRT")]                   // the runtime ends a process whose managed code touches what is not there
    [InlineData(1, "fail", "is no address of")]
    public async Task A_forgotten_copy_costs_one_case(int device, string verdict, string why)
    {
        var relu = Profile.Smoke.CallCases(1).Where(c => c.Id.StartsWith("relu/values/f32/", StringComparison.Ordinal)).ToArray();
        var met = relu.GroupBy(c => c.Shapes[0].Elements).First(g => g.Count() == 1 && g.Key > 1).Single();
        await OneCaseIsLost(relu, "relu/values/f32/**", met, verdict, why, $"forgetful:{device}?elements={met.Shapes[0].Elements}");
    }

    private async Task OneCaseIsLost(Case[] cases, string filter, Case met, string verdict, string why, string device, params string[] options)
    {
        string report = Path.Combine(_folder, "out");
        var (code, output, _) = await ConformCommandTests.ToolAsync(["conform", device, "--filter", filter, "--out", report, .. options]);
        Assert.Equal(2, code);
        Assert.Contains("NOT OK at smoke/", output, StringComparison.Ordinal);

        var lines = (await File.ReadAllLinesAsync(Path.Combine(report, "cases.jsonl"), TestContext.Current.CancellationToken)).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(cases.Select(c => c.Id).Order(), lines.Select(l => l.GetProperty("id").GetString()).Order());
        var lost = Assert.Single(lines, l => l.GetProperty("verdict").GetString() is not ("pass" or "vacuous"));
        Assert.Equal((met.Id, verdict), (lost.GetProperty("id").GetString(), lost.GetProperty("verdict").GetString()));
        Assert.Contains(why, lost.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }
}
