namespace Backends.Plugins;

/// <summary>
/// A plugin's <c>backend.json</c> (MAN-1): what the plugin is, how it is entered, and the hash of every file. Reading it runs nobody's code
/// (DIS-1). The steps of admission are methods, in the order in which a loader takes them: <see cref="Read"/>, <see cref="CheckContract"/>,
/// <see cref="ChooseEntry()"/>, <see cref="VerifyFiles"/>. Each throws <see cref="PluginLoadException"/> with its reason.
/// </summary>
internal sealed record Manifest
{
    /// <summary>The file's name in a plugin's folder.</summary>
    public const string FileName = "backend.json";

    /// <summary>The folder that holds it, as an absolute path.</summary>
    public required string Folder { get; init; }

    /// <summary>The head of the plugin's device strings.</summary>
    public required string Name { get; init; }

    /// <summary>The plugin's own version (SemVer).</summary>
    public required string Version { get; init; }

    /// <summary>The least contract that the host must have.</summary>
    public required ContractVersion Contract { get; init; }

    /// <summary>Where the plugin runs: RIDs, or <c>linux-musl</c>, <c>linux</c>, <c>win</c>, <c>osx</c>, <c>any</c> for managed ones.</summary>
    public required IReadOnlyList<string> Platforms { get; init; }

    /// <summary>The ways in, each for one platform.</summary>
    public required IReadOnlyList<ManifestEntry> Entries { get; init; }

    /// <summary>Path in the folder → SHA-256 in lower-case hex, of every file but the manifest (MAN-3).</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>SHA-256 of the manifest's bytes as they were read, in lower-case hex: it pins all files (MAN-6).</summary>
    public required string Sha256 { get; init; }

    /// <summary>Who made it, or null.</summary>
    public string? Vendor { get; init; }

    /// <summary>What it is, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Its licence, or null.</summary>
    public string? License { get; init; }

    /// <summary>Where to read more, or null.</summary>
    public string? Link { get; init; }

    /// <summary>The head of the names of operators of its own, or null.</summary>
    public string? Space { get; init; }

    /// <summary>The schemas of operators of its own.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];

    /// <summary>The kinds of devices that it may bring, for example <c>gpu</c>.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>The system's libraries without which it does not load.</summary>
    public IReadOnlyList<ManifestLibrary> Libraries { get; init; } = [];

    /// <summary>What may be said of a device when it is opened, by name.</summary>
    public IReadOnlyDictionary<string, ManifestOption> Options { get; init; } = new Dictionary<string, ManifestOption>();

    /// <summary>Reads a folder's manifest. The folder's other files are not touched.</summary>
    /// <exception cref="PluginLoadException"><see cref="AbsenceCode.ManifestInvalid"/> or <see cref="AbsenceCode.OutsideFolder"/>; every fault with its JSON path.</exception>
    public static Manifest Read(string folder)
    {
        folder = Path.GetFullPath(folder);
        return ManifestReader.Parse(folder, PluginFolder.ReadManifest(folder));
    }

    /// <summary>Refuses a plugin that needs another contract than this host's (ABI-1).</summary>
    public void CheckContract() => Contract.CheckNeeded($"{Name} {Version}");

    /// <summary>The entry for this process's platform: the most specific that fits (MAN-2).</summary>
    public ManifestEntry ChooseEntry() => ChooseEntry(Platform.Names);

    /// <summary>The entry for a platform, given the names that fit it, the most specific first.</summary>
    public ManifestEntry ChooseEntry(IReadOnlyList<string> platform)
    {
        foreach (string name in platform)
            if (Entries.FirstOrDefault(e => e.Platform == name) is { } entry) return entry;
        throw new PluginLoadException(AbsenceCode.PlatformMissing,
            $"{Name} {Version} has no entry for {platform[0]}; it has: {string.Join(", ", Platforms)}", "install a build of the plugin for this platform");
    }

    /// <summary>Compares the folder with <see cref="Files"/> (MAN-3, MAN-5).</summary>
    /// <returns>Files that the manifest does not list: a note, no fault.</returns>
    /// <exception cref="PluginLoadException">A file is missing, a link, or not what the manifest says.</exception>
    public IReadOnlyList<string> VerifyFiles()
    {
        try
        {
            var present = PluginFolder.Walk(Folder);
            foreach ((string path, string hash) in Files) VerifyFile(path, hash, present);
            return present.Keys.Where(p => p != FileName && !Files.ContainsKey(p)).Order(StringComparer.Ordinal).ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginLoadException(AbsenceCode.LoadFailed, $"a file cannot be read: {e.Message}", "make the plugin's folder readable", e);
        }
    }

    private void VerifyFile(string path, string hash, IReadOnlyDictionary<string, bool> present)
    {
        if (!present.TryGetValue(path, out bool isLink))
            throw new PluginLoadException(AbsenceCode.FileMissing, $"{path} is in the manifest and not in the folder", "reinstall the plugin");
        if (isLink)
            throw new PluginLoadException(AbsenceCode.OutsideFolder, $"{path} is a link", "put the file itself into the plugin's folder");
        if (PluginFolder.Hash(FullPath(path)) != hash)
            throw new PluginLoadException(AbsenceCode.HashMismatch, $"{path} is not what the manifest says: its sha256 differs",
                $"reinstall the plugin; if the change is yours: backends manifest {Folder} --name {Name}");
        if (Entries.Any(e => e.File == path) && new FileInfo(FullPath(path)).Length == 0)
            throw new PluginLoadException(AbsenceCode.LoadFailed, $"{path} is empty", "reinstall the plugin");
    }

    /// <summary>Where a path of the manifest lies on disk.</summary>
    public string FullPath(string path) => Path.Combine(Folder, path.Replace('/', Path.DirectorySeparatorChar));
}

/// <summary>Which door a plugin comes in by.</summary>
internal enum EntryKind
{
    /// <summary>A .NET assembly.</summary>
    Managed,
    /// <summary>A shared library with <c>bk_get_backend</c>.</summary>
    Native,
}

/// <summary>One way into a plugin.</summary>
/// <param name="Platform">Where it works, for example <c>linux-x64</c> or <c>any</c>.</param>
/// <param name="Kind">Which door.</param>
/// <param name="File">The file to load, a path of the manifest.</param>
/// <param name="Type">The backend's class, where the assembly does not name it.</param>
internal sealed record ManifestEntry(string Platform, EntryKind Kind, string File, string? Type);

/// <summary>A library of the system that a plugin needs.</summary>
/// <param name="Name">As the system's loader knows it, for example <c>libcuda.so.1</c>.</param>
/// <param name="Platform">Where it is needed, in the words of entries; null: everywhere.</param>
internal sealed record ManifestLibrary(string Name, string? Platform);

/// <summary>An option of a plugin's devices.</summary>
/// <param name="Type"><c>bool</c>, <c>int</c>, <c>number</c> or <c>text</c>.</param>
/// <param name="Default">What holds when nothing is said, as a device string writes it; null: nothing does.</param>
/// <param name="Help">A line for people, or null.</param>
internal sealed record ManifestOption(string Type, string? Default, string? Help);
