using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Backends.Plugins.Native;

namespace Backends.Plugins;

/// <summary>Loads a plugin whose manifest is read: contract, platform and hashes are checked before any of its code runs.</summary>
internal static class PluginLoader
{
    /// <param name="manifest">The manifest, read.</param>
    /// <param name="rules">What the configuration says about plugins; null: nothing.</param>
    public static LoadedPlugin Load(Manifest manifest, PluginRules? rules = null)
    {
        rules ??= PluginRules.Default;
        manifest.CheckContract();
        var entry = manifest.ChooseEntry();
        var unlisted = manifest.VerifyFiles();
        CheckPrivateContract(manifest, [.. manifest.Files.Keys, .. unlisted]);
        string file = manifest.FullPath(entry.File);
        return new LoadedPlugin(entry.Kind == EntryKind.Native ? services => NativeBackend.Load(file, manifest.Name, manifest.Version, services) : LoadManaged(manifest, entry, file, rules))
        {
            Notes = [.. unlisted.Select(f => $"{f} lies in the plugin's folder and is not in its manifest")],
        };
    }

    private static void CheckPrivateContract(Manifest manifest, IEnumerable<string> files)
    {
        string contract = typeof(Backend).Assembly.GetName().Name + ".dll";
        if (files.Any(f => Path.GetFileName(f) == contract))
            throw new PluginLoadException(AbsenceCode.PrivateContract, $"the plugin carries its own {contract}: its types would not be the host's",
                $"delete it, then: backends manifest {manifest.Folder} --name {manifest.Name}");
    }

    private static Func<HostServices, Backend> LoadManaged(Manifest manifest, ManifestEntry entry, string file, PluginRules rules)
    {
        Type type;
        try
        {
            var assembly = PluginContext.Create(file, manifest.Files.Keys.Where(f => f.EndsWith(".so")), rules.Collectible).LoadFromAssemblyPath(file);
            type = entry.Type is not null ? assembly.GetType(entry.Type, throwOnError: true)! : assembly.GetCustomAttribute<BackendPluginAttribute>()?.Type
                ?? throw new PluginLoadException(AbsenceCode.MissingSymbol, $"{entry.File} names no backend", "add [assembly: BackendPlugin(typeof(...))]");
        }
        catch (Exception e) when (e is not PluginLoadException)
        {
            throw new PluginLoadException(AbsenceCode.LoadFailed, $"{entry.File} does not load: {e.Message}", "rebuild the plugin", e);
        }
        if (!type.IsAssignableTo(typeof(Backend)))
            throw new PluginLoadException(AbsenceCode.ContractMismatch, $"{type} does not derive from Backend, or from the Backend of another contract", "name the class that does; if it is that one, rebuild it against Backends.Abstractions");
        return _ => Make(type);
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
