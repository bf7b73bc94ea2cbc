namespace Backends.Plugins;

/// <summary>A version of the contract (ABI-1): majors must agree, the host's minor must be at least the one needed.</summary>
internal readonly record struct ContractVersion(int Major, int Minor)
{
    /// <summary>What this host has. <c>BK_CONTRACT</c> in C.</summary>
    public static readonly ContractVersion Host = new(1, 0);

    /// <summary>Major in the upper half, minor in the lower, as tables carry it.</summary>
    public uint Packed => (uint)Major << 16 | (uint)Minor;

    /// <summary>The version that a table carries.</summary>
    public static ContractVersion Unpack(uint packed) => new((int)(packed >> 16), (int)(packed & 0xFFFF));

    /// <summary>Refuses what this host cannot serve; never for being newer than needed.</summary>
    /// <param name="plugin">The plugin with its version, for the message.</param>
    public void CheckNeeded(string plugin)
    {
        if (Major == Host.Major && Minor <= Host.Minor) return;
        throw new PluginLoadException(AbsenceCode.ContractMismatch,
            $"{plugin} was built for contract {this}, this host has {Host}",
            Major < Host.Major ? "take a newer version of the plugin" : "update Backends, or take an older version of the plugin");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}";
}
