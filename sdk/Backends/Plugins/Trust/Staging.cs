using System.Security.Cryptography;

namespace Backends.Plugins.Trust;

/// <summary>
/// Makes sure that what is loaded is what was hashed (MAN-6). Loaders take paths, so a file that was checked can be another one when it is loaded:
/// the files are therefore copied, hashed while they are copied, into a folder of this user's alone, named by the manifest's hash; and loaded from
/// there, dependencies included. What the manifest does not list is not copied. A folder that is there already is hashed again before it is used.
/// </summary>
internal static class Staging
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Fixed = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    /// <summary>Called with what was done last, <c>verified</c> or <c>staged</c>, and the plugin's own folder: tests swap files here.</summary>
    internal static Action<string, string>? Done { get; set; }

    /// <summary>Admits a plugin that must be trusted.</summary>
    /// <returns>The same manifest, in the folder from which it is loaded.</returns>
    /// <exception cref="PluginLoadException">It is not pinned, others can change it, or its files are not what the manifest says.</exception>
    public static Manifest Admit(Manifest manifest, PluginRules rules)
    {
        string list = TrustList.PathOf(rules.TrustFile);
        if (TrustList.Read(list).Check(manifest) is { } distrust) throw new PluginLoadException(distrust.Code, distrust.Text, distrust.Remedy);
        CheckOwned(list);
        CheckOwned(manifest.Folder);
        if (manifest.VerifyFiles() is [var unlisted, ..])
            throw new PluginLoadException(AbsenceCode.Untrusted, $"{unlisted} lies in the plugin's folder and is not in its manifest", "delete it, or reinstall the plugin");
        Done?.Invoke("verified", manifest.Folder);
        var staged = Take(manifest, rules.StagingFolder ?? OwnPlace());
        Done?.Invoke("staged", manifest.Folder);
        return staged;
    }

    // The user's own folder for data; without a home, one under the system's for temporary files, which is held to the same rights.
    private static string OwnPlace()
    {
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.IsPathRooted(data) ? Path.Combine(data, "backends", "staged") : Path.Combine(Path.GetTempPath(), $"backends-staged-{Environment.UserName}");
    }

    private static void CheckOwned(string path)
    {
        try
        {
            if (OwnedPath.Fault(path) is { } fault) throw new PluginLoadException(AbsenceCode.Untrusted, fault, "give it to the user that runs the app or to the administrator, and take the right to write from all others (chmod go-w)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginLoadException(AbsenceCode.Untrusted, $"{path}: its rights cannot be read: {e.Message}", "make it readable", e);
        }
    }

    private static Manifest Take(Manifest manifest, string root)
    {
        try
        {
            string place = Path.Combine(root, manifest.Sha256);
            if (!Directory.Exists(place)) Fill(manifest, root, place);
            var staged = manifest with { Folder = place };
            CheckOwned(place);
            try
            {
                if (staged.VerifyFiles().Count == 0) return staged;
            }
            catch (PluginLoadException) { }   // damaged since: the right bytes are at hand
            // A fresh place, because another process may run with the damaged one.
            place = Path.Combine(root, $"{manifest.Sha256}-{Path.GetRandomFileName()}");
            Fill(manifest, root, place);
            return manifest with { Folder = place };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginLoadException(AbsenceCode.LoadFailed, $"the plugin cannot be staged in {root}: {e.Message}", "make the folder writable for the user that runs the app", e);
        }
    }

    // Filled beside its place and then renamed: another process never sees half of it.
    private static void Fill(Manifest manifest, string root, string place)
    {
        MakePrivate(root);
        string fresh = Path.Combine(root, $".{Path.GetRandomFileName()}");
        try
        {
            MakePrivate(fresh);
            foreach ((string path, string hash) in manifest.Files) Copy(manifest, path, hash, fresh);
            Directory.Move(fresh, place);
        }
        catch (IOException) when (Directory.Exists(place)) { }   // another process was first
        finally
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        }
    }

    private static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Private);
    }

    private static void Copy(Manifest manifest, string path, string hash, string folder)
    {
        string target = Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));
        MakePrivate(Path.GetDirectoryName(target)!);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var source = File.OpenRead(manifest.FullPath(path)))
        using (var copy = new FileStream(target, FileMode.CreateNew, FileAccess.Write))
        {
            byte[] block = new byte[1 << 16];
            for (int read; (read = source.Read(block)) > 0;)
            {
                sha.AppendData(block, 0, read);
                copy.Write(block, 0, read);
            }
        }
        if (Convert.ToHexStringLower(sha.GetHashAndReset()) != hash)
            throw new PluginLoadException(AbsenceCode.HashMismatch, $"{path} is not what the manifest says: its sha256 differs", "reinstall the plugin; it changed while it was read");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(target, Fixed);
    }
}
