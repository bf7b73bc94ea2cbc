using System.CommandLine;
using Backends.Cli.Verbs;
using Backends.Tests.Native;
using Xunit;

namespace Backends.Conformance.Tests.Plugins;

/// <summary>Builds the plugins with one fault, as a vendor builds his: the C compiler, then the verb <c>manifest</c>.</summary>
internal static class FaultPlugin
{
    /// <summary>Builds one into a folder of plugins; the test is skipped where there is no C compiler.</summary>
    /// <param name="name"><c>crashing</c>, <c>hanging</c> or <c>wrong</c>: the source's name and the backend's.</param>
    /// <param name="plugins">The folder to give to <c>--plugins</c>; the plugin lies in <c>plugins/name</c>.</param>
    /// <param name="trigger">How many elements a call has that meets the fault.</param>
    public static void Build(string name, string plugins, int trigger = 33)
    {
        string folder = Directory.CreateDirectory(Path.Combine(plugins, name)).FullName;
        CCompiler.CompileFile(Path.Combine(AppContext.BaseDirectory, "Plugins", $"{name}.c"), Path.Combine(folder, $"lib{name}.so"), $"-DTRIGGER={trigger}", "-pthread");
        Assert.Equal(0, ManifestVerb.Create().Parse([folder, "--name", name]).Invoke());
    }
}
