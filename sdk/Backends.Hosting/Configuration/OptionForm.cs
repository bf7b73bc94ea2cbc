using System.Globalization;
using System.Text.Json.Nodes;
using Backends.Plugins;

namespace Backends.Hosting;

/// <summary>What a single value looks like: for the reader in words, for an editor as JSON schema.</summary>
/// <param name="Words">For example <c>it is Allow, Warn or Deny</c>.</param>
/// <param name="Example">A right value.</param>
/// <param name="Schema">The members of its JSON schema.</param>
internal sealed record OptionForm(string Words, string Example, Func<JsonObject> Schema)
{
    public static OptionForm Device { get; } = new("it is auto, a name of Devices, or a device string", "cuda:0", () => Text());
    public static OptionForm Backend { get; } = new("it is a backend's name", "cuda", () => Text("^[A-Za-z][A-Za-z0-9-]{0,31}$"));
    public static OptionForm Feature { get; } = new("it is a feature's name", "host-accessible", () => Text("^[a-z][a-z0-9-]*$"));
    public static OptionForm Path { get; } = new("it is a path", "backends", () => Text());
    public static OptionForm Any { get; } = new("it is a single value", "true", () => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") });
    public static OptionForm Bytes { get; } = new("it is a number of bytes, or one with KiB, MiB, GiB or TiB", "4GiB", () => new JsonObject { ["type"] = new JsonArray("string", "integer"), ["pattern"] = "^[1-9][0-9]*( ?[KMGTkmgt]i[Bb]|[Bb])?$" });
    public static OptionForm Cache { get; } = new("it is a share up to 100%, or a number of bytes", "25%", () => new JsonObject { ["type"] = new JsonArray("string", "integer"), ["pattern"] = "^([0-9]+(\\.[0-9]+)?%|[0-9]+( ?[KMGTkmgt]i[Bb]|[Bb])?)$" });
    public static OptionForm Threads { get; } = new($"it is 0 (all processors) to {BackendsOptions.MostThreads}", "4", () => new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = BackendsOptions.MostThreads });
    public static OptionForm DType { get; } = new($"it is a dtype: {string.Join(" ", DTypes.All.Select(d => d.Name))}", "f32", () => Words_([.. DTypes.All.Select(d => d.Name)]));
    public static OptionForm Policy { get; } = Of<FallbackPolicy>();
    public static OptionForm Trust { get; } = Of<TrustMode>();
    public static OptionForm Determinism { get; } = Of<Determinism>();

    /// <summary>The value as the options have it; null when it has another form.</summary>
    public static T? Word<T>(string text) where T : struct, Enum => DeviceString.Word<T>(text);

    public static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    // C# writes true as True; a device's option has the word of JSON and of device strings.
    public static string Plain(string text) => text is "True" or "False" ? text.ToLowerInvariant() : text;

    private static OptionForm Of<T>() where T : struct, Enum
    {
        string[] names = Enum.GetNames<T>();
        return new($"it is {string.Join(", ", names[..^1])} or {names[^1]}", names[0], () => Words_(names));
    }

    private static JsonObject Text(string? pattern = null)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (pattern is not null) schema["pattern"] = pattern;
        return schema;
    }

    private static JsonObject Words_(string[] words) => new() { ["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]) };
}
