using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Backends.Hosting;

/// <summary>An object of known keys that fills a T: read strictly, so that no key and no value is passed over in silence.</summary>
internal sealed class OptionGroup<T>
{
    private readonly List<Key> _keys = [];

    private sealed record Key(string Name, string Default, string Help, Action<OptionReading, IConfigurationSection, T> Read, Func<JsonObject> Schema, Func<string, IEnumerable<(string, string, string)>> Rows);

    /// <summary>A key with one value.</summary>
    public OptionGroup<T> Value(string name, string @default, string help, OptionForm form, Func<T, string, bool> set) =>
        Add(name, @default, help, (reading, section, target) => reading.Value(section, form, v => set(target, v)), form.Schema);

    /// <summary>A key with a list; what it had before is cleared.</summary>
    public OptionGroup<T> List(string name, string @default, string help, OptionForm form, Func<T, string, bool> add, Action<T> clear) => Add(name, @default, help, (reading, section, target) =>
    {
        clear(target);
        foreach (var item in reading.Children(section, "it is a list", $"[\"{form.Example}\"]")) reading.Value(item, form, v => add(target, v));
    }, () => new JsonObject { ["type"] = "array", ["items"] = form.Schema() });

    /// <summary>A key with values by names that are free.</summary>
    public OptionGroup<T> Map(string name, string @default, string help, OptionForm form, Func<T, string, string, bool> set) => Add(name, @default, help, (reading, section, target) =>
    {
        foreach (var item in reading.Children(section, "it is an object of names and values", "{ }")) reading.Value(item, form, v => set(target, item.Key, v));
    }, () => new JsonObject { ["type"] = "object", ["additionalProperties"] = form.Schema() });

    /// <summary>A key with an object of known keys.</summary>
    public OptionGroup<T> Group<U>(string name, string @default, string help, OptionGroup<U> group, Func<T, U> get) =>
        Add(name, @default, help, (reading, section, target) => group.Read(reading, section, get(target)), group.Schema, group.RowsBelow);

    /// <summary>A key with such objects by names that are free.</summary>
    public OptionGroup<T> Groups<U>(string name, string @default, string help, OptionGroup<U> group, Func<T, string, U> get) => Add(name, @default, help, (reading, section, target) =>
    {
        foreach (var item in reading.Children(section, "it is an object of names and devices", "{ }")) group.Read(reading, item, get(target, item.Key));
    }, () => new JsonObject { ["type"] = "object", ["additionalProperties"] = group.Schema() }, prefix => group.RowsBelow($"{prefix}:<name>"));

    /// <summary>Reads a section into a target.</summary>
    public void Read(OptionReading reading, IConfigurationSection section, T target)
    {
        foreach (var child in reading.Children(section, "it is an object", "{ }"))
            if (_keys.Find(k => k.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { } key) key.Read(reading, child, target);
            else reading.Unknown(child, _keys.Select(k => k.Name));
    }

    /// <summary>For an editor.</summary>
    public JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var key in _keys)
        {
            var schema = key.Schema();
            schema["description"] = key.Default.Length > 0 ? $"{key.Help} Default: {key.Default}." : key.Help;
            properties[key.Name] = schema;
        }
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
    }

    /// <summary>Key, default and meaning of all, for a table.</summary>
    public IEnumerable<(string Key, string Default, string Help)> Rows() => RowsBelow("");

    private IEnumerable<(string, string, string)> RowsBelow(string prefix)
    {
        foreach (var key in _keys)
        {
            string path = prefix.Length > 0 ? $"{prefix}:{key.Name}" : key.Name;
            yield return (path, key.Default, key.Help);
            foreach (var below in key.Rows(path)) yield return below;
        }
    }

    private OptionGroup<T> Add(string name, string @default, string help, Action<OptionReading, IConfigurationSection, T> read, Func<JsonObject> schema, Func<string, IEnumerable<(string, string, string)>>? rows = null)
    {
        _keys.Add(new Key(name, @default, help, read, schema, rows ?? (_ => [])));
        return this;
    }
}
