using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Backends.Plugins;
using Backends.Tests.Native;

namespace Backends.Tests.Plugins;

/// <summary>A managed plugin's code goes only where that was asked for at load (OBJ-12).</summary>
public sealed class CollectibleTests
{
    [Fact]
    public void Code_stays_unless_it_was_asked_to_go()
    {
        using var plugin = BuiltPlugin.Managed();
        var loaded = plugin.Load();
        Assert.Null(loaded.Unload);
        Assert.False(ContextOf(loaded).IsCollectible);
    }

    [Fact]
    public void Code_that_was_asked_to_go_goes_its_native_library_stays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "maps are Linux's");
        using var plugin = BuiltPlugin.Empty();
        CCompiler.Compile("int going(void); __attribute__((visibility(\"default\"))) int going(void) { return 1; }", plugin.File("libgoing.so"));
        File.Delete(plugin.File("libgoing.c"));
        Generators.VendorCompiler.Emit(BuiltPlugin.Source.Replace("class AcmeBackend : Backend\n{", "class AcmeBackend : Backend\n{ [System.Runtime.InteropServices.DllImport(\"going\")] static extern int going(); public AcmeBackend() => going();"),
            plugin.File("Acme.dll"));
        var context = LoadAndUnload(plugin.WithManifest());
        for (int i = 0; i < 50 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(context.IsAlive);
        Assert.Contains(plugin.File("libgoing.so"), File.ReadAllText("/proc/self/maps"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LoadAndUnload(BuiltPlugin plugin)
    {
        var loaded = plugin.Load(new PluginRules { Collectible = true });
        var context = new WeakReference(ContextOf(loaded));
        loaded.Unload!();
        return context;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AssemblyLoadContext ContextOf(LoadedPlugin loaded)
    {
        using var backend = loaded.Begin(new PluginServices(new LivePlugin("acme", _ => loaded)));
        return AssemblyLoadContext.GetLoadContext(backend.GetType().Assembly)!;
    }
}
