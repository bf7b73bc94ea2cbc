using Backends.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Backends.Tests.Hosting;

/// <summary>The ways into <c>BackendHost.Load</c>: a real file, the process's own environment, a command line.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backends-load-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_file_everything_has_its_default()
    {
        using var host = BackendHost.Load();
        Assert.Equal("cpu:0", host.Device.Name);
        Assert.Equal("no accelerator fits", host.Choice.Because);
        Assert.Equal(["reference", "sim:0", "sim:1"], host.Choice.Passed.Select(p => p.Device).Order());
    }

    [Fact]
    public void A_file_names_the_device_and_a_misspelt_key_names_the_file()
    {
        Write("""{ "Backends": { "Device": "reference" } }""");
        using (var host = BackendHost.Load(BackendHostLoading.Configuration(_folder, []), null)) Assert.Equal("reference:0", host.Device.Name);
        using (var host = BackendHost.Load(BackendHostLoading.Configuration(_folder, ["--device", "cpu"]), null)) Assert.Equal("cpu:0", host.Device.Name);
        Write("""{ "Backends": { "Devcie": "reference" } }""");
        Assert.Contains("correct it in appsettings.json", Assert.Throws<OptionsValidationException>(() => BackendHost.Load(BackendHostLoading.Configuration(_folder, []), null)).Message);
    }

    [Fact]
    public void A_file_that_is_no_JSON_says_where()
    {
        Write("""{ "Backends": { "Device": cpu } }""");
        var error = Assert.Throws<OptionsValidationException>(() => BackendHostLoading.Configuration(_folder, []));
        Assert.Contains("BK1001 appsettings.json cannot be read.", error.Message);
        Assert.Contains("LineNumber", error.Message);
    }

    [Fact]
    public void The_processes_environment_counts()
    {
        // A key of its own, which other tests' hosts pass over: the root is read from this configuration alone.
        Environment.SetEnvironmentVariable("BACKENDSLOADTEST__DEVICE", "reference");
        try
        {
            var root = BackendHostLoading.Configuration(_folder, []);
            Assert.Equal("reference", root["BackendsLoadTest:Device"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("BACKENDSLOADTEST__DEVICE", null);
        }
    }

    [Fact]
    public void A_device_that_is_named_and_absent_ends_the_load_and_auto_is_left_until_it_is_asked_for()
    {
        Assert.Equal("BK1101", Assert.Throws<DeviceNotUsableException>(() => BackendHost.Load("--device", "cuda")).Id);
        using var host = BackendHost.Load("--device=auto");
        Assert.Empty(host.OpenDevices);
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder, "appsettings.json"), text);
}
