using Xunit;

namespace Backends.Conformance.Tests.Plugins;

/// <summary>The fault plugins are plugins: they build, load and offer their device; only their kernels are at fault.</summary>
public sealed class FaultPluginTests : IDisposable
{
    private readonly string _plugins = Directory.CreateTempSubdirectory("backends-faults-").FullName;

    public void Dispose() => Directory.Delete(_plugins, recursive: true);

    [Fact]
    public void Each_is_found_by_its_folder_and_offers_its_device()
    {
        string[] names = ["crashing", "hanging", "wrong"];
        foreach (string name in names) FaultPlugin.Build(name, _plugins);
        using var host = BackendHost.FromPlugins(_plugins);
        Assert.Empty(host.Absences);
        Assert.Equal(["crashing:0", "hanging:0", "wrong:0"], host.Devices.Select(d => d.Name));
        Assert.Equal([0f, 0f, 2f], host["wrong"].Tensor(float.NaN, -1f, 2f).Relu().ToArray<float>());
        Assert.Equal([0f, 1f], host["crashing"].Tensor(-1f, 1f).Relu().ToArray<float>());
    }
}
