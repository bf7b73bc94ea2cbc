using System.Runtime.InteropServices;

namespace Backends.Plugins.Native;

/// <summary>
/// A plugin that came in by the native door: a shared library with <c>bk_get_backend</c> (ABI-2). The library is never unmapped (OBJ-12);
/// after <see cref="Backend.Dispose()"/> it may be loaded again and gives the same table.
/// </summary>
internal sealed unsafe class NativeBackend : Backend
{
    private const string EntryName = "bk_get_backend";
    private readonly BkBackend _table;
    private readonly BkHost* _host;
    private bool _ended;

    private NativeBackend(BkBackend table, string name, BkHost* host)
    {
        (_table, Name) = (table, name);
        _host = host;
    }

    /// <summary>The backend's name; the head of its kernels' names.</summary>
    public string Name { get; }

    /// <summary>Loads a library and asks its entry for the backend.</summary>
    /// <param name="absolutePath">The library.</param>
    /// <param name="manifestName">The name that the manifest gives.</param>
    /// <param name="manifestVersion">The version that the manifest gives.</param>
    /// <param name="services">What it may call; null: nobody listens.</param>
    /// <exception cref="PluginLoadException">With the reason.</exception>
    public static Backend Load(string absolutePath, string manifestName, string manifestVersion, HostServices? services = null)
    {
        var host = services is PluginServices own ? own.Table : NativeHost.Table;
        var table = Open(absolutePath, host, out string name, out string version);
        if (name != manifestName || version != manifestVersion)
            throw new PluginLoadException(AbsenceCode.ManifestMismatch, $"the library is {name} {version}, the manifest says {manifestName} {manifestVersion}",
                "write the manifest anew, or reinstall the plugin");
        return new NativeBackend(table, name, host);
    }

    /// <summary>Whether a file is a library of this platform with the contract's entry.</summary>
    public static bool HasEntry(string absolutePath) =>
        NativeLibrary.TryLoad(absolutePath, out nint library) && NativeLibrary.TryGetExport(library, EntryName, out _);

    /// <summary>What a library says of itself: what its manifest must say.</summary>
    /// <exception cref="PluginLoadException">With the reason.</exception>
    public static (string Name, string Version, ContractVersion Needed) Identify(string absolutePath)
    {
        var table = Open(absolutePath, NativeHost.Table, out string name, out string version);
        return (name, version, table.Needed == 0 ? ContractVersion.Host with { Minor = 0 } : ContractVersion.Unpack(table.Needed));
    }

    /// <inheritdoc/>
    public override void Discover(Discovery discovery)
    {
        var call = new NativeDiscovery(Name, _host, discovery);
        var status = call.Run(_table.Discover);
        if (status != BackendStatus.Ok && !call.HasRefused) discovery.Reject(Name, NativeFailure.TakeText("discover", status), AbsenceCode.Failed);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_ended && _table.End != null) _table.End();
        _ended = true;
        base.Dispose(disposing);
    }

    private static BkBackend Open(string path, BkHost* host, out string name, out string version)
    {
        nint library = NativeFile.Load(path);
        if (!NativeLibrary.TryGetExport(library, EntryName, out nint entry))
            throw new PluginLoadException(AbsenceCode.MissingSymbol, $"{Path.GetFileName(path)} exports no {EntryName}: the symbol is hidden, or not C's",
                "mark the function BK_EXPORT");
        var table = Enter((delegate* unmanaged[Cdecl]<BkHost*, BkBackend*>)entry, host);
        (name, version) = (NativeTable.Text(table.Name)!, NativeTable.Text(table.Version)!);
        return table;
    }

    private static BkBackend Enter(delegate* unmanaged[Cdecl]<BkHost*, BkBackend*> entry, BkHost* host)
    {
        NativeFailure.Forget();
        var given = entry(host);
        if (given == null)
        {
            NativeFailure.Take(out _, out string? why);
            throw new PluginLoadException(AbsenceCode.EntryFailed, why ?? $"{EntryName} returned NULL and did not say why", "report it to the plugin's vendor");
        }
        // Size and contract come first in every major, so a foreign table is known before anything else of it is read.
        if (((nuint)given & 7) == 0 && given->StructSize >= 8) CheckContract(given->Contract, 0);
        var table = NativeTable.Read(given);
        CheckContract(table.Contract, table.Needed);
        NativeTable.Require<BkBackend>(table.Name, "name");
        NativeTable.Require<BkBackend>(table.Version, "version");
        NativeTable.Require<BkBackend>(table.Discover, "discover");
        return table;
    }

    // Never refused for being newer: only the major and what the plugin needs count (ABI-1).
    private static void CheckContract(uint contract, uint needed)
    {
        var built = ContractVersion.Unpack(contract);
        if (built.Major != ContractVersion.Host.Major) built.CheckNeeded("the library");
        if (needed != 0) ContractVersion.Unpack(needed).CheckNeeded("the library");
    }
}
