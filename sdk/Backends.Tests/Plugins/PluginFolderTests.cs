using System.Security.Cryptography;
using System.Text.Json;

namespace Backends.Tests.Plugins;

/// <summary>What the build lays beside an app for each BackendPlugin: this test project is such an app.</summary>
public sealed class PluginFolderTests
{
    public static TheoryData<string> Folders => [.. Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "backends")).Select(f => Path.GetFileName(f)).Order()];

    [Fact]
    public void Every_plugin_that_the_project_names_is_there() =>
        Assert.Equal(["cpu", "reference", "sim"], Folders.Select(f => f.Data));

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_manifest_names_every_file_with_its_hash(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "backends", name);
        var files = Manifest(folder).GetProperty("files").EnumerateObject().ToDictionary(f => f.Name, f => f.Value.GetString()!);
        var actual = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "backend.json")
            .ToDictionary(f => Path.GetRelativePath(folder, f).Replace('\\', '/'), f => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))}");
        Assert.Equal(actual.OrderBy(f => f.Key), files.OrderBy(f => f.Key));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_manifest_bears_the_folders_name_and_an_entry_of_its_own(string name)
    {
        var manifest = Manifest(Path.Combine(AppContext.BaseDirectory, "backends", name));
        Assert.Equal((1, name, "1.0"), (manifest.GetProperty("schema").GetInt32(), manifest.GetProperty("name").GetString(), manifest.GetProperty("contract").GetString()));
        Assert.True(manifest.GetProperty("files").TryGetProperty(manifest.GetProperty("entry").GetProperty("file").GetString()!, out _));
        Assert.DoesNotContain('+', manifest.GetProperty("version").GetString()!);
    }

    // Its types would not be the host's (ABI-12).
    [Theory]
    [MemberData(nameof(Folders))]
    public void The_contract_is_neither_in_the_folder_nor_among_the_dependencies(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "backends", name);
        Assert.DoesNotContain(Directory.GetFiles(folder), f => f.Contains("Backends.Abstractions", StringComparison.Ordinal));
        Assert.DoesNotContain("Backends.Abstractions", File.ReadAllText(Assert.Single(Directory.GetFiles(folder, "*.deps.json"))), StringComparison.Ordinal);
    }

    private static JsonElement Manifest(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "backend.json")));
        return document.RootElement.Clone();
    }
}
