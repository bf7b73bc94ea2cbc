using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Backends.Plugins;

/// <summary>What an assembly's metadata says, read from its file: nothing is loaded, no code of it runs.</summary>
internal sealed record AssemblyImage
{
    private const string OwnResolver = "SetDllImportResolver";

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The assemblies that it was compiled against.</summary>
    public required IReadOnlyList<(string Name, Version Version)> References { get; init; }

    /// <summary>The native libraries that its methods import, as <c>DllImport</c> names them.</summary>
    public required IReadOnlyList<string> Imports { get; init; }

    /// <summary>Whether it decides itself where native libraries come from: the runtime takes one resolver for an assembly.</summary>
    public required bool SetsResolver { get; init; }

    /// <summary>Reads a file; null if it is no assembly.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static AssemblyImage? Read(string path)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(path));
            if (!image.HasMetadata) return null;
            var metadata = image.GetMetadataReader();
            return metadata.IsAssembly ? Read(metadata) : null;
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            return null;   // a reader of metadata meets damage in many ways
        }
    }

    private static AssemblyImage Read(MetadataReader metadata) => new()
    {
        Name = metadata.GetString(metadata.GetAssemblyDefinition().Name),
        References = [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference).Select(r => (metadata.GetString(r.Name), r.Version))],
        Imports = [.. Enumerable.Range(1, metadata.GetTableRowCount(TableIndex.ModuleRef))
            .Select(row => metadata.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)))
            .Select(m => metadata.GetString(m.Name))],
        SetsResolver = metadata.MemberReferences.Any(m => metadata.StringComparer.Equals(metadata.GetMemberReference(m).Name, OwnResolver)),
    };
}
