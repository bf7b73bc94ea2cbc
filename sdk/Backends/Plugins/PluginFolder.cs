using System.Security.Cryptography;

namespace Backends.Plugins;

/// <summary>
/// A plugin's folder on disk, read with suspicion: no link is followed, nothing outside is opened, and nothing that could block is read
/// (a pipe or device has no length, and what has no length is not opened).
/// </summary>
internal static class PluginFolder
{
    private const int LargestManifest = 1 << 20;   // MAN-4

    /// <summary>The bytes of a folder's manifest.</summary>
    public static byte[] ReadManifest(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, Manifest.FileName));
        try
        {
            if (file.LinkTarget is not null)
                throw new PluginLoadException(AbsenceCode.OutsideFolder, $"{file.FullName} is a link", "put the file itself into the plugin's folder");
            if (!file.Exists) throw Invalid($"there is no {file.FullName}");
            if (file.Length is 0 or > LargestManifest) throw Invalid($"{file.FullName} has {file.Length:N0} bytes; 1 to {LargestManifest:N0} are allowed");
            return File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginLoadException(AbsenceCode.ManifestInvalid, $"{file.FullName} cannot be read: {e.Message}", "make the file readable", e);
        }

        static PluginLoadException Invalid(string text) => new(AbsenceCode.ManifestInvalid, text, "write it with: backends manifest DIR --name N");
    }

    /// <summary>Every file below a folder, as a path of a manifest → whether it is a link. Links to folders count as files and are not entered.</summary>
    public static IReadOnlyDictionary<string, bool> Walk(string folder)
    {
        var files = new Dictionary<string, bool>(StringComparer.Ordinal);
        Walk(new DirectoryInfo(folder), "");
        return files;

        void Walk(DirectoryInfo directory, string prefix)
        {
            foreach (var entry in directory.EnumerateFileSystemInfos())
            {
                string path = prefix + entry.Name;
                bool isLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
                if (entry is DirectoryInfo inner && !isLink) Walk(inner, path + "/");
                else files.Add(path, isLink);
            }
        }
    }

    /// <summary>SHA-256 of a file, in lower-case hex.</summary>
    public static string Hash(string file)
    {
        if (new FileInfo(file).Length == 0) return Convert.ToHexStringLower(SHA256.HashData([]));
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Whether a text is a path that may stand in a manifest (MAN-5); if not, why.</summary>
    /// <param name="path">The text.</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <param name="leadsOutside">Whether it names something outside of the folder.</param>
    public static bool IsPath(string path, out string fault, out bool leadsOutside)
    {
        string[] parts = path.Split('/');
        leadsOutside = path.StartsWith('/') || path.Contains(':') || parts.Contains("..");
        fault = leadsOutside ? "leads outside of the folder"
            : path.Contains('\\') ? "has a backslash; write /"
            : parts.Any(p => p is "" or ".") ? "has an empty or . part"
            : path.Any(c => c < ' ' || "<>\"|?*".Contains(c)) ? "has a character that no path may have"
            : parts.Any(p => p[^1] is '.' or ' ') ? "has a part that ends in a dot or a space"
            : parts.Any(IsDevice) ? "names a device"
            : "";
        return fault.Length == 0;
    }

    // Windows opens these as devices, whatever their extension.
    private static bool IsDevice(string part)
    {
        string stem = part.Split('.')[0].TrimEnd().ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL" || stem.Length == 4 && stem[..3] is "COM" or "LPT" && char.IsAsciiDigit(stem[3]);
    }
}
