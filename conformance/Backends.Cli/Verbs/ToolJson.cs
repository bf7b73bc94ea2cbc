using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Backends.Cli.Verbs;

/// <summary>
/// The documents of <c>--json</c>, field by field: <c>schema</c> comes first and says the document's version, bytes are numbers, names are camelCase.
/// Fields are only added (docs/tool.md).
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(DevicesReport))]
[JsonSerializable(typeof(ExplainReport))]
[JsonSerializable(typeof(OperatorsReport))]
[JsonSerializable(typeof(TrustReport))]
[JsonSerializable(typeof(TrustCheckReport))]
[JsonSerializable(typeof(ManifestReport))]
[JsonSerializable(typeof(IncludeReport))]
internal sealed partial class ToolJson : JsonSerializerContext
{
    // Texts are read by people, too: quotes and dots stay as they are.
    private static readonly ToolJson s_form = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Text<T>(T report) => JsonSerializer.Serialize(report, typeof(T), s_form);
}

/// <summary>What there is, what would be taken, and why the rest is not there.</summary>
internal sealed record DevicesReport(int Schema, DefaultEntry Default, IReadOnlyList<DeviceEntry> Devices, IReadOnlyList<RejectedEntry> Rejected);

/// <summary>The device that the configuration leads to; <c>id</c> is null where it leads to none.</summary>
internal sealed record DefaultEntry(string? Id, string Because, IReadOnlyList<PassedEntry> Passed);

/// <summary>A device, or a backend, that was looked at and not chosen.</summary>
internal sealed record PassedEntry(string Id, string Why);

/// <summary>A device. <c>memory</c> is null where it is unknown.</summary>
internal sealed record DeviceEntry(string Id, string Backend, string Name, long? Memory, [property: JsonPropertyName("dtypes")] IReadOnlyList<string> DTypes, IReadOnlyList<string> Features,
    DeviceFactsEntry Facts, PluginEntry Plugin);

/// <summary>The rest of what a device says of itself (DIS-5).</summary>
internal sealed record DeviceFactsEntry(int Ordinal, string Kind, uint VendorId, uint DeviceId, string? Uuid, string? PciAddress, bool Unstable, string DriverVersion, uint Alignment, ulong? LargestAllocation,
    IReadOnlyList<string> Stored, IReadOnlyList<string> FlushesSubnormals, IReadOnlyList<string> Options, IReadOnlyList<string> SameHardware);

/// <summary>The plugin that brings a device.</summary>
internal sealed record PluginEntry(string Name, string Version, string? Contract, string Kind, string Sha256, bool Trusted);

/// <summary>What is not there. <c>stage</c>: find, load, or discover.</summary>
internal sealed record RejectedEntry(string Id, string Stage, string Code, string Why, string Remedy);

/// <summary>Which way each operator takes on a device.</summary>
internal sealed record ExplainReport(int Schema, string Device, WayTotals Totals, IReadOnlyList<ExplainEntry> Operators);

/// <summary>How many pairs of operator and dtypes go which way.</summary>
internal sealed record WayTotals(int Native, int Decomposed, int Fallback, int Unsupported, int Host);

/// <summary>One operator and its dtypes: <c>into</c> are the parts of a decomposition or the device of a fallback; <c>when</c> says that the kernel asks first.</summary>
internal sealed record ExplainEntry(string Op, [property: JsonPropertyName("dtype")] string DType, string Runs, string? Kernel, string? When, IReadOnlyList<string> Into, string? Because);

/// <summary>The catalogue.</summary>
internal sealed record OperatorsReport(int Schema, IReadOnlyList<OperatorEntry> Operators);

/// <summary>One operator.</summary>
internal sealed record OperatorEntry(string Name, string Kind, string Signature, [property: JsonPropertyName("dtypes")] IReadOnlyDictionary<string, IReadOnlyList<string>> DTypes,
    IReadOnlyList<string> Profiles, string Accuracy, IReadOnlyList<string> Decomposition, string Summary, string Formula);

/// <summary>What a trust file pins.</summary>
internal sealed record TrustReport(int Schema, string File, IReadOnlyList<TrustEntry> Plugins);

/// <summary>One pinned plugin.</summary>
internal sealed record TrustEntry(string Name, string Version, string Sha256);

/// <summary>Whether plugins are what a trust file pins.</summary>
internal sealed record TrustCheckReport(int Schema, string File, IReadOnlyList<TrustCheckEntry> Plugins);

/// <summary>One plugin; <c>why</c> and <c>remedy</c> are empty where it is trusted.</summary>
internal sealed record TrustCheckEntry(string Name, string Folder, bool Trusted, string Why, string Remedy);

/// <summary>A manifest that was written.</summary>
internal sealed record ManifestReport(int Schema, string Name, string Version, string Kind, IReadOnlyList<string> Platforms, int Files, string File);

/// <summary>Where the headers are.</summary>
internal sealed record IncludeReport(int Schema, string Folder);
