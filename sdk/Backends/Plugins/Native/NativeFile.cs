using System.Runtime.InteropServices;

namespace Backends.Plugins.Native;

/// <summary>
/// Loads native libraries as ABI-11 says: by absolute path, all symbols bound at once, private to the library. The runtime's own load binds each
/// symbol at its first call, and one that is missing then ends the process. A library is never unmapped (OBJ-12).
/// </summary>
internal static unsafe partial class NativeFile
{
    private const int BindNow = 2;
    private static readonly int s_local = OperatingSystem.IsMacOS() ? 4 : 0;

    /// <summary>Loads a library.</summary>
    /// <exception cref="PluginLoadException"><see cref="AbsenceCode.DependencyMissing"/> with the library that is missing, or <see cref="AbsenceCode.LoadFailed"/>.</exception>
    public static nint Load(string path)
    {
        if (TryOpen(path, out string error) is var library and not 0) return library;
        string file = Path.GetFileName(path);
        if (File.Exists(path) && Missing(path, []) is { } missing)
            throw new PluginLoadException(AbsenceCode.DependencyMissing, $"{file} needs {missing}, which is not found", $"install the library that brings {missing}");
        throw new PluginLoadException(AbsenceCode.LoadFailed, $"{file} does not load: {error}", "install a build of the plugin for this platform");
    }

    /// <summary>Whether the system has a library of a name, in this process or on its search path.</summary>
    public static bool IsOnSystem(string name) => NativeLibrary.TryLoad(name, out _);

    private static nint TryOpen(string path, out string error)
    {
        error = "";
        try
        {
            if (OperatingSystem.IsWindows()) return NativeLibrary.Load(path);
            LastError();   // found and emptied before: finding it later would be a load that has errors of its own
            nint library = Open(path, BindNow | s_local);
            if (library == 0) error = Marshal.PtrToStringUTF8((nint)LastError()) ?? "no reason given";
            return library;
        }
        catch (EntryPointNotFoundException)   // glibc before 2.34 has it in another library
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            error = e.Message;
            return 0;
        }
    }

    // The first library that nothing provides, depth first: asked only after a load has failed, to name the culprit.
    private static string? Missing(string path, HashSet<string> seen)
    {
        if (!seen.Add(path) || ElfImage.Read(path) is not { } image) return null;
        foreach (string name in image.Needed)
        {
            string? beside = Beside(path, image).Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
            string? missing = beside is not null ? Missing(beside, seen) : IsOnSystem(name) ? null : name;
            if (missing is not null) return missing;
        }
        return null;
    }

    /// <summary>The folders in which a library's needs are searched first.</summary>
    public static IEnumerable<string> Beside(string path, ElfImage image) =>
        image.RunPath.Select(p => p.Replace("${ORIGIN}", "$ORIGIN").Replace("$ORIGIN", Path.GetDirectoryName(path)));

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial byte* LastError();
}
