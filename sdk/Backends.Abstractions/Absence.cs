namespace Backends;

/// <summary>Why a plugin or a device is not there (DIS-4). Append-only; unknown values are shown by number.</summary>
public enum AbsenceCode
{
    /// <summary>Switched off by configuration.</summary>
    Disabled = 1,
    /// <summary>The manifest breaks its rules.</summary>
    ManifestInvalid = 2,
    /// <summary>Built for another major, or for a newer minor than the host has.</summary>
    ContractMismatch = 3,
    /// <summary>No entry for this platform.</summary>
    PlatformMissing = 4,
    /// <summary>A listed file is not there.</summary>
    FileMissing = 5,
    /// <summary>A file is not what the manifest says.</summary>
    HashMismatch = 6,
    /// <summary>Not in the trust list.</summary>
    Untrusted = 7,
    /// <summary>A path leads outside the plugin's folder.</summary>
    OutsideFolder = 8,
    /// <summary>The plugin carries its own copy of the contract's assembly.</summary>
    PrivateContract = 9,
    /// <summary>Another plugin of this name was found first.</summary>
    Duplicate = 10,
    /// <summary>A library that it needs is missing.</summary>
    DependencyMissing = 11,
    /// <summary>The native library exports no entry.</summary>
    MissingSymbol = 12,
    /// <summary>Loading failed.</summary>
    LoadFailed = 13,
    /// <summary>A table of the native door breaks its rules.</summary>
    InvalidTable = 14,
    /// <summary>Manifest and plugin disagree.</summary>
    ManifestMismatch = 15,
    /// <summary>The entry failed.</summary>
    EntryFailed = 16,
    /// <summary>It did not answer in time.</summary>
    Timeout = 17,
    /// <summary>It broke the contract and is not called any more.</summary>
    Faulted = 18,
    /// <summary>No driver.</summary>
    NoDriver = 32,
    /// <summary>The driver is too old.</summary>
    DriverTooOld = 33,
    /// <summary>No device.</summary>
    NoDevice = 34,
    /// <summary>The device lacks something that the backend needs.</summary>
    Unsupported = 35,
    /// <summary>No permission.</summary>
    PermissionDenied = 36,
    /// <summary>Another process holds it.</summary>
    InUse = 37,
    /// <summary>Another backend has opened the same hardware.</summary>
    Claimed = 38,
    /// <summary>A requirement of the configuration is not met.</summary>
    RequirementUnmet = 39,
    /// <summary>The device is lost.</summary>
    Lost = 40,
    /// <summary>It failed.</summary>
    Failed = 41,
}

/// <summary>One plugin or device that is not offered, with the reason.</summary>
/// <param name="Code">The kind of reason.</param>
/// <param name="Subject">What is absent, for example <c>cuda</c> or <c>acme:0</c>.</param>
/// <param name="Text">Why, in words.</param>
/// <param name="Remedy">What the reader can do.</param>
public sealed record Absence(AbsenceCode Code, string Subject, string Text, string Remedy);
