using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Backends.Conformance.Tests.Run;

/// <summary>The tool as its user meets it: a process, its output and its exit code.</summary>
public sealed class ConformCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("conform-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_right_operator_is_ok_and_never_conformant()
    {
        var (code, output, _) = await ToolAsync("conform", "cpu", "--filter", "relu", "--out", _folder);
        Assert.Equal(0, code);
        Assert.Contains("OK at smoke/", output, StringComparison.Ordinal);
        Assert.DoesNotContain("CONFORMANT", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\x1b", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_is_written_for_each_case_with_verdict_and_route()
    {
        await ToolAsync("conform", "cpu", "--filter", "add", "--out", _folder);
        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder, "cases.jsonl"), TestContext.Current.CancellationToken);
        var ids = lines.Select(l => JsonDocument.Parse(l).RootElement).Select(e => e.GetProperty("id").GetString()).ToArray();
        Assert.Equal(Profile.Smoke.CallCases(1).Where(c => c.Operator.Name == "add").Select(c => c.Id).Order(), ids.Order());
        var pass = JsonDocument.Parse(lines.First(l => l.Contains("add/values/f32", StringComparison.Ordinal))).RootElement;
        Assert.Equal(("pass", "native", "cpu:0"), (pass.GetProperty("verdict").GetString(), pass.GetProperty("ran").GetString(), pass.GetProperty("device").GetString()));
    }

    [Fact]
    public async Task A_filter_that_matches_nothing_exits_3()
    {
        var (code, _, errors) = await ToolAsync("conform", "cpu", "--filter", "nosuchop");
        Assert.Equal(3, code);
        Assert.Contains("BK5001", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_not_there_exits_4_with_devices_and_reasons()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "broken"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "broken", "backend.json"), "{", TestContext.Current.CancellationToken);
        var (code, _, errors) = await ToolAsync("conform", "nosuchdevice", "--plugins", _folder);
        Assert.Equal(4, code);
        Assert.Contains("BK1101", errors, StringComparison.Ordinal);
        Assert.Contains("cpu:0", errors, StringComparison.Ordinal);
        Assert.Contains("broken", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_that_the_device_lacks_exits_4_and_names_those_it_has()
    {
        var (code, _, errors) = await ToolAsync("conform", "sim:0?sede=2");
        Assert.Equal(4, code);
        Assert.Contains("BK1002", errors, StringComparison.Ordinal);
        Assert.Contains("sim:0 has no option 'sede'; it has: determinism fallback fault max-delay memory-limit seed", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_does_not_open_is_not_among_the_usable_ones()
    {
        var (code, _, errors) = await ToolAsync("conform", "sim:0?seed=two");
        Assert.Equal(4, code);
        string usable = Assert.Single(errors.Split('\n'), line => line.StartsWith("  usable ", StringComparison.Ordinal));
        Assert.Contains("sim:1", usable, StringComparison.Ordinal);
        Assert.DoesNotContain("sim:0", usable, StringComparison.Ordinal);
    }

    /// <summary>Each worker loses its device at the same place; every case that was asked has a verdict of its own.</summary>
    [Fact]
    public async Task A_lost_device_costs_the_case_that_lost_it()
    {
        var (code, output, _) = await ToolAsync("conform", "sim:0?fault=lost@37", "--filter", "add/values/f32/**", "--out", _folder);
        Assert.Equal(2, code);
        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder, "cases.jsonl"), TestContext.Current.CancellationToken);
        var verdicts = lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("verdict").GetString()).ToLookup(v => v);
        Assert.Empty(verdicts["not-run"]);
        Assert.NotEmpty(verdicts["fail"]);
        Assert.NotEmpty(verdicts["pass"]);
        Assert.Contains("BK4003 sim:0 is lost", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_plugin_is_named_and_exits_4()
    {
        var (code, _, errors) = await ToolAsync("conform", "cpu", "--plugins", _folder);
        Assert.Equal(4, code);
        Assert.Contains($"--plugins {_folder}: no backend.json in it, nor one level down", errors, StringComparison.Ordinal);
        (code, _, errors) = await ToolAsync("conform", "cpu", "--plugins", Path.Combine(_folder, "gone"));
        Assert.Equal(4, code);
        Assert.Contains("there is no such folder", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_case_is_repeated_by_its_id()
    {
        var (code, output, _) = await ToolAsync("conform", "cpu", "--case", "add/values/f32/a=3x65/b=65/fill=integers@1/seed=7");
        Assert.Equal(0, code);
        Assert.Contains("total=1 pass=1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_option_exits_1() => Assert.Equal(1, (await ToolAsync("conform", "cpu", "--frob")).Code);

    [Fact]
    public async Task The_list_is_the_profile_s()
    {
        var (code, output, _) = await ToolAsync("conform", "cpu", "--list", "--filter", "matmul");
        Assert.Equal(0, code);
        Assert.Equal(Profile.Smoke.CallCases(1).Where(c => c.Operator.Name == "matmul").Select(c => c.Id), output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    internal static async Task<(int Code, string Output, string Errors)> ToolAsync(params string[] arguments)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "Backends.Cli.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [tool, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, errors);
    }
}
