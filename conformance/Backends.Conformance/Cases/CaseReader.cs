using System.Globalization;

namespace Backends.Conformance;

/// <summary>Takes an id's parts after the dtype, one by one, each at most once.</summary>
internal sealed class CaseReader(string id, Operator op)
{
    private readonly Shape[]?[] _shapes = new Shape[]?[op.Schema.Tensors.Count];
    private readonly Dictionary<string, string> _attributes = [];
    private readonly Dictionary<string, Layout> _layouts = [];
    private string? _into, _error, _fill;
    private int _version;
    private ulong? _seed;

    public void Read(string part)
    {
        int at = part.IndexOf('=');
        if (at < 1) throw Bad($"'{part}' is not name=value");
        string name = part[..at], value = part[(at + 1)..];
        int tensor = op.Schema.Tensors.ToList().FindIndex(t => t.Name == name);
        if (tensor >= 0) ReadShape(tensor, value);
        // After the fill, `seed` is the fill's; before it, an operator's own attribute may bear that name.
        else if (_fill is null && op.Schema.Attributes.Any(a => a.Name == name)) ReadAttribute(name, value);
        else ReadSetting(part, name, value);
    }

    public CallCase Finish(string aspect, DType[] types)
    {
        for (int i = 0; i < _shapes.Length; i++)
            if (_shapes[i] is null && !op.Schema.Tensors[i].IsOptional) throw Bad($"the shape of '{op.Schema.Tensors[i].Name}' is missing");
        if ((_shapes.Length > 0) != (_fill is not null)) throw Bad(_fill is null ? "the fill is missing" : $"{op.Name} has no inputs to fill");
        if (_fill is not null && _seed is null) throw Bad("the seed is missing");
        return new CallCase
        {
            Operator = op, Aspect = aspect, Types = types, Shapes = [.. _shapes.SelectMany(s => s ?? [Shape.Scalar])],
            Absent = [.. op.Schema.Tensors.Where((_, i) => _shapes[i] is null).Select(t => t.Name)], Attributes = _attributes, Layouts = _layouts,
            Into = _into, Error = _error, Fill = _fill ?? "", FillVersion = _fill is null ? 1 : _version, Seed = _seed ?? 0,
        };
    }

    private void ReadShape(int tensor, string value)
    {
        if (_shapes[tensor] is not null) throw Bad($"a second '{op.Schema.Tensors[tensor].Name}'");
        string[] texts = op.Schema.Tensors[tensor].IsList ? value.Split(',') : [value];
        _shapes[tensor] = [.. texts.Select(text => CaseId.TryShape(text, out var shape) ? shape : throw Bad($"'{text}' is no shape"))];
    }

    private void ReadAttribute(string name, string value)
    {
        if (CallCase.BindingAttribute(op.Schema)?.Name == name) throw Bad($"the dtypes already say '{name}'");
        if (!_attributes.TryAdd(name, value)) throw Bad($"a second '{name}'");
    }

    private void ReadSetting(string part, string name, string value)
    {
        bool first = name switch
        {
            "layout" => _layouts.Count == 0 && ReadLayouts(value),
            "into" => Once(ref _into, value, op.Schema.Tensors.Any(t => t.Name == value)),
            "error" => Once(ref _error, value, value.Length > 0),
            "fill" => ReadFill(value),
            "seed" => ReadSeed(value),
            _ => throw Bad($"'{name}' is no tensor, attribute or setting"),
        };
        if (!first) throw Bad($"'{part}' cannot be read, or comes twice");
    }

    private bool ReadLayouts(string value)
    {
        foreach (string one in value.Split(','))
        {
            int dot = one.IndexOf('.');
            if (dot < 1 || !CaseId.TensorNames(op.Schema).Contains(one[..dot])) return false;
            var layout = Enum.GetValues<Layout>().FirstOrDefault(l => CaseId.Word(l) == one[(dot + 1)..]);
            if (layout == Layout.Contiguous || !_layouts.TryAdd(one[..dot], layout)) return false;
        }
        return true;
    }

    private bool ReadFill(string value)
    {
        int at = value.IndexOf('@');
        return at > 0 && int.TryParse(value[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _version) && Once(ref _fill, value[..at], true);
    }

    private bool ReadSeed(string value)
    {
        if (_fill is null || _seed is not null || !ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)) return false;
        _seed = seed;
        return true;
    }

    private static bool Once(ref string? place, string value, bool valid)
    {
        if (place is not null || !valid) return false;
        place = value;
        return true;
    }

    private ConformanceException Bad(string why) => CaseId.Bad(id, why);
}
