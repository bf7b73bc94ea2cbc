using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Backends.Plugins.Native;

/// <summary>
/// The native libraries in a managed plugin's folder that its assemblies import. They are loaded with the plugin, not at the first call, so that
/// what is wrong with them is known early and whose dependency is used does not hang on who calls first (ABI-11). Left to the runtime, a library
/// beside a plugin is found by name for the whole process: the second plugin with a <c>libvendor.so</c> would run the first one's.
/// </summary>
internal sealed class NativeImports
{
    private readonly Dictionary<string, nint> _loaded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _failed = new(StringComparer.Ordinal);

    /// <summary>Loads what is imported and lies in the folder. One that does not load is a note: the plugin may do without it.</summary>
    /// <param name="manifest">The plugin.</param>
    /// <param name="images">Its assemblies.</param>
    /// <param name="libraries">The native libraries in its folder, as paths relative to it.</param>
    /// <param name="notes">Takes what is odd.</param>
    public static NativeImports Load(Manifest manifest, IReadOnlyList<AssemblyImage> images, IReadOnlyList<string> libraries, List<string> notes)
    {
        var imports = new NativeImports();
        foreach (string import in images.SelectMany(i => i.Imports).Distinct())
            if (Find(import, libraries) is { } file) imports.Load(import, manifest.FullPath(file), manifest, notes);
        return imports;
    }

    /// <summary>The native libraries among files, those for this platform first: what packages bring lies in <c>runtimes/RID/native</c>.</summary>
    public static IReadOnlyList<string> Libraries(IEnumerable<string> files)
    {
        string[] places = [.. Platform.Names.Select(p => $"runtimes/{p}/native/")];
        bool Fits(string f) => !f.StartsWith("runtimes/", StringComparison.Ordinal) || places.Any(p => f.StartsWith(p, StringComparison.Ordinal));
        int Place(string f) => Array.FindIndex(places, p => f.StartsWith(p, StringComparison.Ordinal)) + 1;
        return [.. files.Where(f => IsLibrary(Path.GetFileName(f)) && Fits(f)).OrderBy(f => f.Count(c => c == '/')).ThenBy(Place).ThenBy(f => f, StringComparer.Ordinal)];
    }

    private static bool IsLibrary(string name) => OperatingSystem.IsWindows() ? name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
        : OperatingSystem.IsMacOS() ? name.EndsWith(".dylib", StringComparison.Ordinal) : name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);

    // As the runtime spells a name: as it is, with the platform's ending, with lib before it.
    private static string? Find(string import, IReadOnlyList<string> libraries)
    {
        string ending = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        string[] names = [import, $"lib{import}{ending}", $"{import}{ending}", $"lib{import}"];
        return names.Select(n => libraries.FirstOrDefault(l => Path.GetFileName(l) == n)).FirstOrDefault(l => l is not null);
    }

    private void Load(string import, string path, Manifest manifest, List<string> notes)
    {
        notes.AddRange(SharedNames.Find(path, manifest));
        try
        {
            _loaded[import] = NativeFile.Load(path);
        }
        catch (PluginLoadException e)
        {
            _failed[import] = e.Message;
            notes.Add(e.Message);
        }
    }

    /// <summary>
    /// Lets the plugin's assemblies find them. The runtime takes one resolver for an assembly, and a second one is an error there: where any of them
    /// sets one itself, none is set here, and the context knows the libraries by name (<see cref="PluginContext"/>).
    /// </summary>
    public void Resolve(AssemblyLoadContext context, IReadOnlyList<AssemblyImage> images)
    {
        if (_loaded.Count + _failed.Count == 0 || images.Any(i => i.SetsResolver)) return;
        AssemblyLoadEventHandler loading = (_, e) =>
        {
            if (!e.LoadedAssembly.IsDynamic && AssemblyLoadContext.GetLoadContext(e.LoadedAssembly) == context) NativeLibrary.SetDllImportResolver(e.LoadedAssembly, Resolve);
        };
        AppDomain.CurrentDomain.AssemblyLoad += loading;
        context.Unloading += _ => AppDomain.CurrentDomain.AssemblyLoad -= loading;
    }

    private nint Resolve(string import, Assembly assembly, DllImportSearchPath? path) =>
        _failed.TryGetValue(import, out string? why) ? throw new DllNotFoundException(why) : _loaded.GetValueOrDefault(import);
}
