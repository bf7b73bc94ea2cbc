using System.Globalization;
using System.Runtime.InteropServices;

namespace Backends.Plugins;

/// <summary>An operator's attribute struct, built from names and texts instead of from C#: for case ids, command lines and other data.</summary>
/// <remarks>Texts are written as in a schema: <c>3</c>, <c>-0.5</c>, <c>true</c>, <c>[0, 2]</c> or <c>0x2</c> for lists, <c>f16</c>, <c>floor</c>.</remarks>
public sealed unsafe class AttributeValues : IDisposable
{
    private readonly List<nint> _lists = [];
    private byte* _struct;

    /// <summary>Builds the struct; what is not named takes its default.</summary>
    /// <exception cref="OperatorArgumentException">A name is unknown, a value does not parse, or one without default is missing.</exception>
    public AttributeValues(Operator op, IReadOnlyDictionary<string, string> values)
    {
        var attributes = op.Schema.Attributes;
        foreach (string name in values.Keys)
            if (attributes.All(a => a.Name != name))
                throw new OperatorArgumentException($"{op.Name}: no attribute '{name}'.", $"it has: {string.Join(", ", attributes.Select(a => a.Name))}", "correct the name");
        if (attributes.Count == 0) return;
        int size = attributes[^1].Offset + (attributes[^1].Kind is AttributeKind.I64List or AttributeKind.Scalar ? 16 : 8);
        _struct = (byte*)NativeMemory.AllocZeroed((nuint)size);
        *(uint*)_struct = (uint)size;
        for (int i = 0; i < attributes.Count; i++)
        {
            var a = attributes[i];
            string? text = values.TryGetValue(a.Name, out string? given) ? given : a.Default;
            if (text is null || !TryWrite(a, text))
            {
                Dispose();
                throw new OperatorArgumentException($"{op.Name}: attribute {a.Name} = {text ?? "(missing)"}.", $"its kind is {SchemaText.Word(a)}", "correct the value");
            }
            if (text != a.Default) *(ulong*)(_struct + 8) |= 1UL << i;
        }
    }

    /// <summary>The struct; null for an operator without attributes. It lives as long as this object.</summary>
    public void* Pointer => _struct;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint list in _lists) NativeMemory.Free((void*)list);
        _lists.Clear();
        NativeMemory.Free(_struct);
        _struct = null;
    }

    private bool TryWrite(AttributeParameter a, string text)
    {
        byte* at = _struct + a.Offset;
        switch (a.Kind)
        {
            case AttributeKind.I64:
                if (text is "max" or "min") { *(long*)at = text == "max" ? long.MaxValue : long.MinValue; return true; }
                return long.TryParse(text, CultureInfo.InvariantCulture, out *(long*)at);
            case AttributeKind.F64: return TryReal(text, out *(double*)at);
            case AttributeKind.Bool: *(int*)at = text == "true" ? 1 : 0; return text is "true" or "false";
            case AttributeKind.DType:
                bool known = DTypes.TryParse(text, out var dtype);
                *(int*)at = (int)dtype;
                return known;
            case AttributeKind.Enum:
                *(int*)at = Enumerable.Range(0, a.Members.Count).FirstOrDefault(i => a.Members[i] == text, -1);
                return *(int*)at >= 0;
            case AttributeKind.Scalar: return TryScalar(text, out *(Scalar*)at);
            default: return TryList(text, at);
        }
    }

    private static bool TryScalar(string text, out Scalar value)
    {
        value = default;
        if (text is "true" or "false") value = text == "true";
        else if (long.TryParse(text, CultureInfo.InvariantCulture, out long integer)) value = integer;
        else if (ulong.TryParse(text, CultureInfo.InvariantCulture, out ulong unsigned)) value = unsigned;
        else if (TryReal(text, out double real)) value = real;
        else return false;
        return true;
    }

    private static bool TryReal(string text, out double value)
    {
        value = text switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, "nan" => double.NaN, _ => 0 };
        return value != 0 || double.TryParse(text, CultureInfo.InvariantCulture, out value);
    }

    // [0, 2] as in a schema, 0x2 as in a case id, [] or nothing for an empty list.
    private bool TryList(string text, byte* at)
    {
        string inner = text.Trim('[', ']', ' ');
        string[] parts = inner.Length == 0 ? [] : inner.Split([',', 'x'], StringSplitOptions.TrimEntries);
        long* list = (long*)NativeMemory.Alloc((nuint)Math.Max(1, parts.Length), 8);
        _lists.Add((nint)list);
        for (int i = 0; i < parts.Length; i++)
            if (!long.TryParse(parts[i], CultureInfo.InvariantCulture, out list[i])) return false;
        *(long**)at = list;
        *(long*)(at + 8) = parts.Length;
        return true;
    }
}
