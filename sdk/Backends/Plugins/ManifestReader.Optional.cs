using System.Text.Json;
using System.Text.RegularExpressions;

namespace Backends.Plugins;

// The fields that a manifest may have. Each is checked as strictly as the required ones.
internal sealed partial class ManifestReader
{
    // Rules that a host must know to keep them; this one knows none, and none is ignored.
    private void CheckRequires(JsonElement root)
    {
        if (!root.TryGetProperty("requires", out var rules)) return;
        if (rules.ValueKind != JsonValueKind.Array) Fault("$.requires", "must be a list");
        else if (rules.GetArrayLength() > 0) Fault("$.requires[0]", $"this host does not know the rule {rules[0].GetRawText()}");
    }

    private List<ManifestLibrary> Libraries(JsonElement root)
    {
        var libraries = new List<ManifestLibrary>();
        if (!root.TryGetProperty("libraries", out var list)) return libraries;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > LongestList) Fault("$.libraries", $"must be a list of at most {LongestList}");
        else
            foreach (var item in list.EnumerateArray())
            {
                string at = $"$.libraries[{libraries.Count}]", rule = "must be a library's file name, without a path";
                if (item.ValueKind == JsonValueKind.Object)
                    libraries.Add(new ManifestLibrary(Text(item, at, "name", LibraryName(), rule), Text(item, at, "rid", PlatformName(), "must be a RID such as linux-x64, or linux")));
                else if (item.ValueKind == JsonValueKind.String && LibraryName().IsMatch(item.GetString()!)) libraries.Add(new ManifestLibrary(item.GetString()!, null));
                else
                {
                    Fault(at, rule);
                    libraries.Add(new ManifestLibrary("", null));
                }
            }
        return libraries;
    }

    private Dictionary<string, ManifestOption> Options(JsonElement root)
    {
        var options = new Dictionary<string, ManifestOption>(StringComparer.Ordinal);
        if (!root.TryGetProperty("options", out var list)) return options;
        if (list.ValueKind != JsonValueKind.Object) Fault("$.options", "must be an object of name and option");
        else
            foreach (var item in list.EnumerateObject().Take(LongestList))
            {
                string at = $"$.options['{item.Name}']";
                if (!OptionName().IsMatch(item.Name)) Fault(at, "must be a small letter and at most 31 small letters, digits and -");
                if (item.Value.ValueKind == JsonValueKind.Object) options[item.Name] = Option(item.Value, at);
                else Fault(at, "must be an object");
            }
        return options;
    }

    private ManifestOption Option(JsonElement option, string at)
    {
        string type = Text(option, at, "type", OptionType(), "must be \"bool\", \"int\", \"number\" or \"text\"");
        string? help = option.TryGetProperty("help", out _) ? Text(option, at, "help", Anything(), "must be a text") : null;
        string? given = null;
        if (option.TryGetProperty("default", out var value))
        {
            given = value.ValueKind switch
            {
                JsonValueKind.True or JsonValueKind.False when type == "bool" => value.GetRawText(),
                JsonValueKind.Number when type == "number" || type == "int" && value.TryGetInt64(out _) => value.GetRawText(),
                JsonValueKind.String when type == "text" => value.GetString(),
                _ => null,
            };
            if (given is null && type.Length > 0) Fault($"{at}.default", $"must be of type {type}");
        }
        return new ManifestOption(type, given, help);
    }

    private string? OptionalText(JsonElement root, string name, Regex form, string rule) => root.TryGetProperty(name, out _) ? Text(root, "$", name, form, rule) : null;

    private List<string> OptionalTexts(JsonElement root, string name, Regex form, string rule) => root.TryGetProperty(name, out _) ? Texts(root, name, form, rule, least: 0) : [];

    [GeneratedRegex(@"\A[A-Za-z0-9_+][A-Za-z0-9_.+-]{0,127}\z")] private static partial Regex LibraryName();
    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,31}\z")] private static partial Regex OptionName();
    [GeneratedRegex(@"\A(bool|int|number|text)\z")] private static partial Regex OptionType();
}
