using System.Runtime.Loader;
using McMaster.NETCore.Plugins.LibraryModel;
using McMaster.NETCore.Plugins.Loader;

namespace Backends.Plugins;

/// <summary>
/// A managed plugin's own world, made by McMaster.NETCore.Plugins: dependencies are found by its deps.json and in its folder, the contract is the
/// host's, and it alone (ABI-12). Of that package the builder is used, not its PluginLoader, because the latter also searches the folders that the
/// app's runtimeconfig.json names, outside of what was checked (MAN-5, MAN-6). What this class adds: native libraries beside the plugin are known
/// to the context by name, so that the runtime's own search, which remembers a library by name for the whole process, is never asked for them.
/// </summary>
internal static class PluginContext
{
    /// <summary>Makes the context of a plugin whose assembly lies at a path.</summary>
    /// <param name="file">The entry's file, absolute.</param>
    /// <param name="libraries">Native libraries in the folder, as paths relative to it; the first of a name counts.</param>
    /// <param name="collectible">Whether it may be unloaded. The runtime then compiles all of it anew: precompiled code is not used.</param>
    public static AssemblyLoadContext Create(string file, IEnumerable<string> libraries, bool collectible)
    {
        var contract = typeof(Backend).Assembly;
        var builder = new AssemblyLoadContextBuilder()
            .SetMainAssemblyPath(file)
            .SetDefaultContext(AssemblyLoadContext.GetLoadContext(contract)!)
            .IsLazyLoaded(true)   // else all that the contract refers to is loaded now, transitively
            .PreferDefaultLoadContextAssembly(contract.GetName());
        foreach (string library in libraries.DistinctBy(l => Path.GetFileNameWithoutExtension(l)))
            builder.AddNativeLibrary(NativeLibrary.CreateFromPackage("plugin", "1", library));
        if (collectible) builder.EnableUnloading();
        return builder.Build();
    }
}
