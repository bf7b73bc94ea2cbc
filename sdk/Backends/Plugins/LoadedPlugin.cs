namespace Backends.Plugins;

/// <summary>
/// A plugin whose code is in the process. It gives its backend, and another one after each end (OBJ-1), without being loaded again; it is
/// kept for the life of the process, but for a managed one whose context was asked to be collectible (OBJ-12).
/// </summary>
/// <param name="begin">Gives the backend; throws <see cref="PluginLoadException"/>.</param>
/// <param name="unload">Lets the code go, after the backend's end; null: it stays.</param>
internal sealed class LoadedPlugin(Func<HostServices, Backend> begin, Action? unload = null)
{
    /// <summary>What was odd at loading and no fault: files that the manifest does not list (MAN-3).</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Lets the code go; null: it stays.</summary>
    public Action? Unload { get; } = unload;

    /// <param name="services">What the backend may call.</param>
    public Backend Begin(HostServices services) => begin(services);
}
