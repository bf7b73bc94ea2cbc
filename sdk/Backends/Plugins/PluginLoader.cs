using System.Reflection;
using Backends.Plugins.Native;
using Backends.Plugins.Trust;

namespace Backends.Plugins;

/// <summary>
/// Loads a plugin whose manifest is read. Everything that can be known without running its code is checked before any of it runs, and each fault is
/// refused with a code of its own: contract and platform (the manifest), files, links and hashes (the folder), a private copy of the contract,
/// libraries of the system, and what its assemblies refer to (their metadata).
/// </summary>
internal static class PluginLoader
{
    /// <param name="manifest">The manifest, read.</param>
    /// <param name="rules">What the configuration says about plugins; null: nothing.</param>
    /// <exception cref="PluginLoadException">With the reason.</exception>
    public static LoadedPlugin Load(Manifest manifest, PluginRules? rules = null)
    {
        rules ??= PluginRules.Default;
        using var activity = Activities.Start("load", manifest.Name);
        manifest.CheckContract();
        var entry = manifest.ChooseEntry();
        var given = manifest;
        if (rules.Trust == TrustMode.Required) manifest = Staging.Admit(given, rules);
        var unlisted = rules.Trust == TrustMode.Required ? [] : manifest.VerifyFiles();
        var notes = unlisted.Select(f => $"{f} lies in the plugin's folder and is not in its manifest").ToList();
        if (rules.Trust == TrustMode.Required && OwnedPath.Unchecked is { } blind) notes.Add(blind);
        string[] files = [.. manifest.Files.Keys, .. unlisted];
        CheckPrivateContract(given, files);
        CheckLibraries(manifest, files);
        SharedNames.Loading(manifest);
        return entry.Kind == EntryKind.Native ? LoadNative(manifest, entry, notes) : LoadManaged(manifest, entry, files, rules, notes);
    }

    private static void CheckPrivateContract(Manifest manifest, IEnumerable<string> files)
    {
        string contract = typeof(Backend).Assembly.GetName().Name + ".dll";
        if (files.FirstOrDefault(f => Path.GetFileName(f).Equals(contract, StringComparison.OrdinalIgnoreCase)) is { } copy)
            throw new PluginLoadException(AbsenceCode.PrivateContract, $"the plugin carries {copy}: its types would not be the host's",
                $"delete it, then: backends manifest {manifest.Folder} --name {manifest.Name}");
    }

    private static void CheckLibraries(Manifest manifest, IEnumerable<string> files)
    {
        var here = manifest.Libraries.Where(l => l.Platform is null || Platform.Names.Contains(l.Platform));
        if (here.FirstOrDefault(l => !files.Any(f => Path.GetFileName(f) == l.Name) && !NativeFile.IsOnSystem(l.Name)) is { } missing)
            throw new PluginLoadException(AbsenceCode.DependencyMissing, $"{manifest.Name} {manifest.Version} needs {missing.Name}, which is not found", $"install the library that brings {missing.Name}");
    }

    private static LoadedPlugin LoadNative(Manifest manifest, ManifestEntry entry, List<string> notes)
    {
        string file = manifest.FullPath(entry.File);
        notes.AddRange(SharedNames.Find(file, manifest));
        NativeFile.Load(file);
        return new LoadedPlugin(services => NativeBackend.Load(file, manifest.Name, manifest.Version, services)) { Notes = notes };
    }

    private static LoadedPlugin LoadManaged(Manifest manifest, ManifestEntry entry, string[] files, PluginRules rules, List<string> notes)
    {
        var images = AssemblyReferences.Read(manifest, entry, files);
        var libraries = NativeImports.Libraries(files);
        var imports = NativeImports.Load(manifest, images, libraries, notes);
        string file = manifest.FullPath(entry.File), folder = Path.GetDirectoryName(file)!;
        var context = PluginContext.Create(file, libraries.Select(l => Path.GetRelativePath(folder, manifest.FullPath(l))), rules.Collectible);
        imports.Resolve(context, images);
        var type = FindBackend(entry, () => context.LoadFromAssemblyPath(file));
        return new LoadedPlugin(_ => Make(type), rules.Collectible ? context.Unload : null) { Notes = notes };
    }

    private static Type FindBackend(ManifestEntry entry, Func<Assembly> load)
    {
        Type type;
        try
        {
            var assembly = load();
            type = entry.Type is not null ? assembly.GetType(entry.Type, throwOnError: true)! : assembly.GetCustomAttribute<BackendPluginAttribute>()?.Type
                ?? throw new PluginLoadException(AbsenceCode.MissingSymbol, $"{entry.File} names no backend", "add [assembly: BackendPlugin(typeof(...))]");
        }
        catch (Exception e) when (e is not PluginLoadException)
        {
            throw new PluginLoadException(AbsenceCode.LoadFailed, $"{entry.File} does not load: {e.Message}", "rebuild the plugin", e);
        }
        if (!type.IsAssignableTo(typeof(Backend)))
            throw new PluginLoadException(AbsenceCode.MissingSymbol, $"{type} does not derive from Backend", "name the class that does");
        return type;
    }

    private static Backend Make(Type type)
    {
        try
        {
            return (Backend)Activator.CreateInstance(type)!;
        }
        catch (Exception e)
        {
            var cause = (e as TargetInvocationException)?.InnerException ?? e;
            throw new PluginLoadException(AbsenceCode.EntryFailed, $"{type} cannot be made: {cause.Message}", "report it to the plugin's vendor", cause);
        }
    }
}
