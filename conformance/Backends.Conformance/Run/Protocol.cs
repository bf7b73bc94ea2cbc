using System.Text.Json;
using System.Text.Json.Serialization;

namespace Backends.Conformance;

/// <summary>What the run asks of a worker, one JSON line each: first <c>open</c>, then any number of <c>run</c>.</summary>
internal sealed record Request
{
    /// <summary><c>open</c> or <c>run</c>.</summary>
    public required string Do { get; init; }

    /// <summary>For open: the device as the user wrote it.</summary>
    public string? Device { get; init; }

    /// <summary>For open: folders to find plugins in, in order.</summary>
    public IReadOnlyList<string>? Plugins { get; init; }

    /// <summary>For run: the case's id; it alone rebuilds the case.</summary>
    public string? Id { get; init; }
}

/// <summary>What a worker answers, one JSON line each. A line that is none is noise, kept for the report.</summary>
internal sealed record Reply
{
    /// <summary>For open: the device.</summary>
    public DeviceFacts? Opened { get; init; }

    /// <summary>For open: why the device cannot be used, with all devices and reasons.</summary>
    public string? Refused { get; init; }

    /// <summary>For run.</summary>
    public CaseResult? Result { get; init; }

    /// <summary>For run: the worker itself failed, not the case.</summary>
    public string? Broken { get; init; }
}

/// <summary>The device under test, as reports show it.</summary>
internal sealed record DeviceFacts
{
    public required string Device { get; init; }
    public required string Name { get; init; }
    public string Driver { get; init; } = "";
    public ulong Memory { get; init; }
    public required string Plugin { get; init; }
    public required string Version { get; init; }
    public string Sha256 { get; init; } = "";

    /// <summary><c>managed</c> or <c>native</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>What every reader of the result must know, for example which kernels were left out, and why (KER-7).</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

[JsonSerializable(typeof(Request)), JsonSerializable(typeof(Reply))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class ProtocolJson : JsonSerializerContext
{
    public static string Write(Request request) => JsonSerializer.Serialize(request, Default.Request);

    public static string Write(Reply reply) => JsonSerializer.Serialize(reply, Default.Reply);

    public static Request? ReadRequest(string line) => JsonSerializer.Deserialize(line, Default.Request);

    /// <summary>The reply in a line, or null when the line is none.</summary>
    public static Reply? ReadReply(string line)
    {
        if (!line.StartsWith('{')) return null;
        try
        {
            return JsonSerializer.Deserialize(line, Default.Reply);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
