using System.Runtime.InteropServices;

namespace Backends.Plugins.Trust;

/// <summary>
/// Whether nobody else can change a file or folder: it and all folders above it are writable by their owner alone, who is this process's user or the
/// administrator (MAN-6). A folder in which everyone may write but each only move his own (sticky, as /tmp) is good above, not as the folder itself.
/// Windows keeps rights in lists, which are not read: there the rights are the installer's business, and a note says so.
/// </summary>
internal static unsafe partial class OwnedPath
{
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const int CurrentFolder = -100, NoFollow = 0x100, WantOwner = 0x8;

    /// <summary>What of the system's rights is not looked at, in words; null: all is.</summary>
    public static string? Unchecked => OperatingSystem.IsWindows() ? "who may write to the plugin's folder is not checked on Windows" : null;

    /// <summary>Checks a path.</summary>
    /// <returns>Null: nobody else can change it. Else what is wrong, with the path that is.</returns>
    public static string? Fault(string path)
    {
        if (OperatingSystem.IsWindows()) return null;
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (string? at = path; at is not null; at = Path.GetDirectoryName(at))
        {
            var mode = File.GetUnixFileMode(at);
            if ((mode & Others) != 0 && (at == path || !mode.HasFlag(UnixFileMode.StickyBit))) return $"{at} is writable by others than its owner";
            if (OperatingSystem.IsLinux() && Owner(at) is { } owner && owner != 0 && owner != UserId()) return $"{at} belongs to another user ({owner})";
            if (new FileInfo(at).LinkTarget is not null) return $"{at} is a link";
        }
        return null;
    }

    // The one call for it whose layout is the same on all Linux systems: the owner lies at byte 20.
    private static uint? Owner(string path)
    {
        byte* told = stackalloc byte[256];
        try
        {
            return Status(CurrentFolder, path, NoFollow, WantOwner, told) == 0 ? *(uint*)(told + 20) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();
}
