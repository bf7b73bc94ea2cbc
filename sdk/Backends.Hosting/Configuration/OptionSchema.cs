using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backends.Hosting;

/// <summary>What <see cref="OptionKeys"/> says, for editors and for pages: <c>backends generate</c> writes it, a test says when a file is stale.</summary>
internal static class OptionSchema
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON schema of <c>appsettings.json</c>, as far as it concerns the host.</summary>
    public static string Json() => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { [OptionRules.Section] = OptionKeys.All.Schema() },
    }.ToJsonString(s_readable) + "\n";

    /// <summary>The page docs/configuration.md.</summary>
    public static string Page() => $"""
        # Keys of section Backends

        Written by `backends generate` from sdk/Backends.Hosting/Configuration/OptionKeys.cs; do not edit. How they are used: [app.md](app.md#configuration).

        | key | default | meaning |
        |---|---|---|
        {string.Join('\n', OptionKeys.All.Rows().Select(r => $"| `{r.Key}` | {r.Default} | {r.Help} |"))}

        These are not known yet, and are refused with the reason:

        {string.Join('\n', OptionKeys.NotYet.Select(k => $"- `{k.Key.Replace("*", "<name>", StringComparison.Ordinal)}`: {k.Value}"))}

        """.ReplaceLineEndings("\n");
}
