using System.Runtime.InteropServices;

namespace Backends.Plugins;

/// <summary>
/// Compares what a managed plugin's assemblies refer to with what there is: its own folder, .NET and the contract (ABI-12). Nothing is loaded, so
/// what would become a failed cast, or an exception at the first use of a method, is told by name before any code runs. The app's own assemblies
/// do not count: a plugin that needs them works in one app and in no other.
/// </summary>
internal static class AssemblyReferences
{
    private static readonly string s_contract = typeof(Backend).Assembly.GetName().Name!;
    private static readonly HashSet<string>? s_framework = Framework();

    /// <summary>Reads the entry's assembly, and every one in the folder that it leads to.</summary>
    /// <param name="manifest">The plugin's manifest.</param>
    /// <param name="entry">The entry that is taken.</param>
    /// <param name="files">What lies in the folder, as paths of a manifest.</param>
    /// <returns>The assemblies, the entry's first.</returns>
    /// <exception cref="PluginLoadException">Another contract, a missing dependency, or no assembly at all.</exception>
    public static IReadOnlyList<AssemblyImage> Read(Manifest manifest, ManifestEntry entry, IEnumerable<string> files)
    {
        // A satellite bears the name of its assembly and .resources, so it never hides one.
        var own = files.Where(f => f.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)).OrderBy(f => f.Count(c => c == '/'))
            .DistinctBy(f => Path.GetFileNameWithoutExtension(f)).ToDictionary(f => Path.GetFileNameWithoutExtension(f));
        var images = new List<AssemblyImage>();
        var reached = new HashSet<string> { entry.File };
        var open = new Queue<string>(reached);
        while (open.TryDequeue(out string? file))
        {
            if (AssemblyImage.Read(manifest.FullPath(file)) is not { } image)
            {
                if (file == entry.File) throw new PluginLoadException(AbsenceCode.LoadFailed, $"{file} is no .NET assembly", "rebuild the plugin; a native library's entry has kind \"native\"");
                continue;   // a native library of a dependency's name
            }
            images.Add(image);
            foreach (var (name, version) in image.References)
                if (name == s_contract) CheckContract(manifest, file, version);
                else if (own.TryGetValue(name, out string? found) && reached.Add(found)) open.Enqueue(found);
                else if (found is null) CheckFramework(file, name, version);
        }
        return images;
    }

    private static void CheckContract(Manifest manifest, string file, Version version)
    {
        if (version.Major != ContractVersion.Host.Major) new ContractVersion(version.Major, version.Minor).CheckNeeded($"{manifest.Name} {manifest.Version} ({file})");
    }

    private static void CheckFramework(string file, string name, Version version)
    {
        bool known = s_framework?.Contains(name) ?? (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));
        if (!known)
            throw new PluginLoadException(AbsenceCode.DependencyMissing, $"{file} needs {name} {version}, which is neither in the plugin's folder nor part of .NET",
                "reinstall the plugin; its vendor: build it with its dependencies, by the targets of Backends.Abstractions");
        // All of .NET's own assemblies bear its major version, or an old one that stays.
        if (version.Major > Environment.Version.Major && name.StartsWith("System.", StringComparison.Ordinal))
            throw new PluginLoadException(AbsenceCode.DependencyMissing, $"{file} needs {name} {version}, this process runs on .NET {Environment.Version}",
                $"run the app on .NET {version.Major}, or take a build of the plugin for .NET {Environment.Version.Major}");
    }

    // What the runtime was started with, less the app's own. An app that carries .NET with it has both in one folder: then all counts. One that is a
    // single file has no list: then names decide.
    private static HashSet<string>? Framework()
    {
        string[] all = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (all.Length == 0) return null;
        string runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        string? shared = Path.GetDirectoryName(Path.GetDirectoryName(runtime));   // …/shared/Microsoft.NETCore.App/10.0.1
        bool carried = runtime == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory) || Path.GetFileName(shared) != "shared";
        return all.Where(f => carried || f.StartsWith(shared + Path.DirectorySeparatorChar, StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f)).ToHashSet();
    }
}
