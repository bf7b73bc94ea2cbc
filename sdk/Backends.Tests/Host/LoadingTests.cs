using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>Plugins that were changed after their manifest was written, in a copy of the cpu plugin's folder.</summary>
public sealed class LoadingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backends-loading-").FullName;

    public LoadingTests()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "backends", "cpu")))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_that_the_manifest_does_not_list_is_a_note()
    {
        File.WriteAllText(Path.Combine(_folder, "left.txt"), "over");
        using var host = BackendHost.FromPlugins(_folder);
        Assert.Contains("left.txt", Assert.Single(host["cpu"].Notes));
    }

    [Fact]
    public void A_changed_file_refuses_the_plugin()
    {
        File.AppendAllText(Path.Combine(_folder, "Backends.Cpu.deps.json"), " ");
        AssertRefused(AbsenceCode.HashMismatch, "Backends.Cpu.deps.json");
    }

    [Fact]
    public void A_missing_file_refuses_the_plugin()
    {
        File.Delete(Path.Combine(_folder, "Backends.Cpu.dll"));
        AssertRefused(AbsenceCode.FileMissing, "Backends.Cpu.dll");
    }

    [Fact]
    public void The_contracts_assembly_in_the_folder_refuses_the_plugin_listed_or_not()
    {
        File.Copy(typeof(Backend).Assembly.Location, Path.Combine(_folder, "Backends.Abstractions.dll"));
        AssertRefused(AbsenceCode.PrivateContract, "Backends.Abstractions.dll");
    }

    [Fact]
    public void A_plugin_for_a_newer_contract_is_refused_with_both_versions()
    {
        string manifest = Path.Combine(_folder, "backend.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"contract\": \"1.0\"", "\"contract\": \"2.0\"", StringComparison.Ordinal));
        AssertRefused(AbsenceCode.ContractMismatch, "contract 2.0, this host has 1.0");
    }

    private void AssertRefused(AbsenceCode code, string text)
    {
        using var host = BackendHost.FromPlugins(_folder);
        var absence = Assert.Single(host.Absences);
        Assert.Equal((code, "cpu"), (absence.Code, absence.Subject));
        Assert.Contains(text, absence.Text);
        Assert.NotEmpty(absence.Remedy);
        Assert.Contains(text, Assert.Throws<DeviceNotUsableException>(() => host["cpu"]).Message);
    }
}
