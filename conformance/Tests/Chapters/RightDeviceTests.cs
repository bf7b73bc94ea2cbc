using Backends.Plugins;
using Backends.Tests.Host;
using Backends.Tests.Queues;
using Xunit;

namespace Backends.Conformance.Tests.Chapters;

/// <summary>A right device is never failed, and a device without something is told so and not passed.</summary>
public sealed class RightDeviceTests
{
    public static TheoryData<string> Names() => new(Chapter.All.Select(c => c.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void An_asynchronous_device_with_memory_of_its_own_passes(string chapter)
    {
        var devices = new List<QueuedDevice>();
        var results = On.Chapter(() =>
        {
            devices.Add(new QueuedDevice(Pace.OwnThread, seed: 1) { Limit = 64 << 20 });
            return devices[^1];
        }, chapter);
        Sound(results);
        string[] complaints = [.. devices.SelectMany(d => d.Complaints)];
        Assert.True(complaints.Length == 0, string.Join('\n', complaints));
        Assert.All(devices, d => Assert.Equal(0, d.Buffers));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_synchronous_device_passes(string chapter)
    {
        var results = On.Chapter("cpu", chapter);
        Sound(results);
        if (chapter != "queues") Assert.Contains(results, r => r.Verdict == Verdict.Pass);
        Assert.All(results.Where(r => r.Verdict == Verdict.Unsupported), r => Assert.NotEmpty(r.Reason!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_simulated_accelerator_passes(string chapter)
    {
        var results = On.Chapter("sim", chapter);
        Sound(results);
        Assert.DoesNotContain(results, r => r.Verdict == Verdict.Unsupported && !r.Reason!.Contains("asynchronous", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("copies")]
    [InlineData("queues")]
    public void A_synchronous_device_with_memory_of_its_own_passes(string chapter)
    {
        var results = On.Chapter(() => new TokenDevice { Limit = 64 << 20 }, chapter);
        Sound(results);
        Assert.Contains(results, r => r.Verdict == Verdict.Pass);
    }

    private static void Sound(CaseResult[] results)
    {
        string[] failed = [.. results.Where(r => r.Verdict is not (Verdict.Pass or Verdict.Unsupported)).Select(r => $"{r.Id}: {r.Reason}")];
        Assert.True(failed.Length == 0, string.Join('\n', failed));
    }
}

/// <summary>Runs chapters in this process.</summary>
internal static class On
{
    /// <summary>All cases of a chapter, on a device given in code; it is made anew each time it is opened.</summary>
    public static CaseResult[] Chapter(Func<BackendDevice> device, string chapter) => Run(device, [.. Cases(chapter)]);

    /// <summary>All cases of a chapter, on a device of a plugin beside the tests.</summary>
    public static CaseResult[] Chapter(string device, string chapter)
    {
        using var bench = new Bench();
        bench.Open(device, [Folder]);
        return [.. Cases(chapter).Select(bench.Run)];
    }

    /// <summary>Some cases, on a device given in code; it is made anew each time it is opened.</summary>
    public static CaseResult[] Run(Func<BackendDevice> device, params ChapterCase[] cases)
    {
        using var bench = new Bench(folders => BackendHost.FromPlugins(folders).Add("tried", new DevicesBackend(device())));
        bench.Open("tried", [Folder]);
        return [.. cases.Select(bench.Run)];
    }

    public static IEnumerable<ChapterCase> Cases(string chapter) => Profile.Smoke.Cases(1).OfType<ChapterCase>().Where(c => c.Subject == chapter);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "backends");
}
