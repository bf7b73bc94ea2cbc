using System.Diagnostics;
using Backends.Plugins;

namespace Backends.Tests.Plugins;

/// <summary>
/// The way of a plugin through packages, with nothing of this checkout but the packed contract and host: a vendor's project packs to a package, an
/// app references it, and the plugin's folder lies beside the app. Packages come from folders alone.
/// </summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backends-packages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_plugins_package_lays_its_folder_beside_an_app_and_takes_it_along_when_it_goes()
    {
        PackContract();
        WritePlugin();
        Run("pack", "plugin", "-o", "feed");
        const string host = "<PackageReference Include=\"Backends\" Version=\"0.1.0\" />", plugin = "<PackageReference Include=\"Acme.Backends\" Version=\"1.2.0\" />";
        Write("app/App.csproj", Project("<OutputType>Exe</OutputType>", host + plugin));
        Write("app/Program.cs", """
            using var host = Backends.BackendHost.FromPlugins();
            Console.WriteLine(string.Join(" ", host.Absences) + host["acme"].Tensor([-1f, 2f], [2]).Relu().ToArray<float>()[1]);
            """);
        Run("build", "app", "-o", "out");
        Assert.Equal("2", Run("out/App.dll"));
        Assert.Equal(["Acme.Backends.deps.json", "Acme.Backends.dll", "backend.json"], Laid("out/backends/acme"));
        Assert.False(File.Exists(Path.Combine(_folder, "out", "Acme.Backends.dll")));   // nothing of it is the app's

        var manifest = Manifest.Read(Path.Combine(_folder, "out", "backends", "acme"));
        Assert.Equal(("1.2.0", "Acme"), (manifest.Version, manifest.Vendor));
        Assert.Equal(["linux-x64", "any"], manifest.Platforms);
        Assert.Equal(new ManifestOption("bool", "false", "Time every kernel; slow"), manifest.Options["profiling"]);
        Assert.Equal(new ManifestOption("int", null, null), manifest.Options["seed"]);
        Assert.Equal([new ManifestLibrary("libc.so.6", "linux")], manifest.Libraries);

        Run("publish", "app", "-o", "published");
        Assert.Equal(Laid("out/backends/acme"), Laid("published/backends/acme"));

        Write("app/App.csproj", Project("<OutputType>Exe</OutputType>", host));
        Run("build", "app", "-o", "out");
        Assert.False(Directory.Exists(Path.Combine(_folder, "out", "backends", "acme")));
    }

    private static string Project(string properties, string items) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings>{properties}</PropertyGroup>
          <ItemGroup>{items}</ItemGroup>
        </Project>
        """;

    private void WritePlugin()
    {
        Write("plugin/Acme.Backends.csproj", Project(
            "<BackendName>acme</BackendName><Version>1.2.0</Version><BackendVendor>Acme</BackendVendor><BackendPlatforms>linux-x64;any</BackendPlatforms><TreatWarningsAsErrors>true</TreatWarningsAsErrors>",
            """
            <PackageReference Include="Backends.Abstractions" Version="0.1.0" />
            <BackendOption Include="profiling" Type="bool" Default="false" Help="Time every kernel; slow" />
            <BackendOption Include="seed" Type="int" />
            <BackendLibrary Include="libc.so.6" Rid="linux" />
            """));
        Write("plugin/Acme.cs", BuiltPlugin.Source);
    }

    // As they were built with these tests; what the host needs is taken from the packages that restoring it has left.
    private void PackContract()
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="feed" /><add key="restored" value="{cache}" /></packageSources>
              <config><add key="globalPackagesFolder" value="packages" /></config>
            </configuration>
            """);
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        foreach (string project in (string[])["Backends.Abstractions", "Backends"])
            Run("pack", Path.Combine(AppTargetsTests.Repository(), "sdk", project), "-c", configuration, "--no-build", "-o", "feed");
    }

    private string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true };
        start.Environment.Remove("NUGET_PACKAGES");
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, text);
        return text.Trim();
    }

    private void Write(string path, string text)
    {
        string full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private string[] Laid(string folder) => [.. Directory.GetFiles(Path.Combine(_folder, folder)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
}
