using System.Diagnostics;

namespace Backends.Tests.Plugins;

/// <summary>The targets that lay a plugin's folder into an app's output, and into the plugin's own, on projects that have nothing else.</summary>
public sealed class AppTargetsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backends-targets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_built_folder_is_laid_whole_under_its_own_name()
    {
        Write("native/acme/backend.json", "{}");
        Write("native/acme/lib/libacme.so", "x");
        Assert.Equal((0, ""), Build("<BackendPlugin Include=\"native/acme/\" />"));
        Assert.Equal(["acme/backend.json", "acme/lib/libacme.so"], Laid());
    }

    [Fact]
    public void A_folder_without_a_manifest_ends_the_build_with_its_name()
    {
        Write("native/acme/libacme.so", "x");
        var (code, text) = Build("<BackendPlugin Include=\"native/acme\" />");
        Assert.NotEqual(0, code);
        Assert.Contains("native/acme is named by BackendPlugin and holds no backend.json", text);
        Assert.Empty(Laid());
    }

    [Fact]
    public void An_emptied_folder_goes_and_a_full_one_stays()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "out", "backends", "gone", "lib"));
        Write("out/backends/mine/backend.json", "{}");
        Assert.Equal((0, ""), Build(""));
        Assert.Equal(["mine/backend.json"], Laid());
        Assert.False(Directory.Exists(Path.Combine(_folder, "out", "backends", "gone")));
    }

    [Fact]
    public void A_plugin_project_may_import_its_targets_before_the_SDK_says_where_output_goes()
    {
        Write("Acme.dll", "x");
        Write("plugin.proj", $"""
            <Project DefaultTargets="LayBackendFolder">
              <PropertyGroup><BackendName>acme</BackendName><Version>1.0.0</Version></PropertyGroup>
              <ItemGroup><IntermediateAssembly Include="Acme.dll" /></ItemGroup>
              <Import Project="{Path.Combine(Repository(), "sdk", "Backends.Abstractions", "build", "Backends.Plugin.targets")}" />
              <PropertyGroup><OutDir>out/</OutDir><IntermediateOutputPath>obj/</IntermediateOutputPath></PropertyGroup>
              <Target Name="GetCopyToOutputDirectoryItems" />
            </Project>
            """);
        Assert.Equal((0, ""), MSBuild("plugin.proj"));
        Assert.Equal(["acme/Acme.dll", "acme/backend.json"], Laid());
        Assert.Empty(Directory.GetFiles(_folder, "backend.json"));
    }

    // The three targets of the SDK to which ours are tied, and nothing of what they do.
    private (int Code, string Text) Build(string items)
    {
        string targets = Path.Combine(Repository(), "sdk", "Backends.Abstractions", "build", "Backends.App.targets");
        Write("app.proj", $"""
            <Project DefaultTargets="IncrementalClean">
              <PropertyGroup><OutDir>out/</OutDir></PropertyGroup>
              <ItemGroup>{items}</ItemGroup>
              <Target Name="ResolveProjectReferences" />
              <Target Name="CopyFilesToOutputDirectory" />
              <Target Name="IncrementalClean" DependsOnTargets="CopyFilesToOutputDirectory" />
              <Import Project="{targets}" />
            </Project>
            """);
        return MSBuild("app.proj");
    }

    private (int Code, string Text) MSBuild(string project)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["msbuild", project, "-nologo", "-v:q", "-nodeReuse:false"])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text.Trim());
    }

    private void Write(string path, string text)
    {
        string full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private string[] Laid()
    {
        string laid = Path.Combine(_folder, "out", "backends");
        return !Directory.Exists(laid) ? [] : [.. Directory.GetFiles(laid, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(laid, f).Replace('\\', '/')).Order()];
    }

    internal static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !Directory.Exists(Path.Combine(folder, "sdk", "Backends.Abstractions"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"no checkout above {AppContext.BaseDirectory}");
    }
}
