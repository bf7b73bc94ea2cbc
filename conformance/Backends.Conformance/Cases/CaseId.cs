using System.Globalization;
using System.Text;

namespace Backends.Conformance;

/// <summary>
/// The text of a case, which alone rebuilds it. Parts in this order, those that say nothing left out:
/// <code>
/// operator / aspect / dtype[,dtype] / tensor=shape ... / attribute=value ... / layout=tensor.word[,...] / into=input / error=BKnnnn / fill=name@version / seed=n
/// </code>
/// A shape is <c>3x65</c>, with a dimension of size zero <c>0x3</c>, and <c>scalar</c> for rank 0; a list without members is <c>scalar</c> too.
/// Tensors and attributes stand in the schema's order; a list has its members' shapes with commas between, an absent tensor no part. An attribute that is its default, and one that the dtypes tell (cast's <c>to</c>), is not
/// written. A chapter's case is <c>chapter / clause / name / n=count / seed=n</c>. No part needs quotes in a shell, and no character is one that a file's name may not have, but the slash.
/// </summary>
internal static class CaseId
{
    /// <summary>How a shape of rank 0 and an empty list are written.</summary>
    public const string NoDimensions = "scalar";

    public static string Write(CallCase c)
    {
        var text = new StringBuilder($"{c.Operator.Name}/{c.Aspect}/{c.TypeText}");
        var schema = c.Operator.Schema;
        foreach (var tensors in Enumerable.Range(0, c.Shapes.Count).Where(c.IsGiven).GroupBy(i => c.Parameter(i).Name))
            text.Append('/').Append(tensors.Key).Append('=').AppendJoin(',', tensors.Select(i => Write(c.Shapes[i])));
        foreach (var attribute in schema.Attributes)
            if (c.Attributes.TryGetValue(attribute.Name, out string? value)) text.Append('/').Append(attribute.Name).Append('=').Append(value);
        string layouts = string.Join(',', TensorNames(schema).Where(c.Layouts.ContainsKey).Select(n => $"{n}.{Word(c.Layouts[n])}"));
        if (layouts.Length > 0) text.Append("/layout=").Append(layouts);
        if (c.Into is not null) text.Append("/into=").Append(c.Into);
        if (c.Error is not null) text.Append("/error=").Append(c.Error);
        if (c.Fill.Length > 0) text.Append($"/fill={c.Fill}@{c.FillVersion}/seed={c.Seed}");
        return text.ToString();
    }

    public static string Write(Shape shape) => Write(shape.AsSpan());

    public static string Write(ReadOnlySpan<long> values) => values.IsEmpty ? NoDimensions : string.Join('x', values.ToArray());

    /// <summary>Rebuilds a case.</summary>
    /// <exception cref="ConformanceException">The text is no id; the message says which part is wrong.</exception>
    public static Case Parse(string id)
    {
        string[] parts = id.Split('/');
        if (Chapter.All.FirstOrDefault(c => c.Name == parts[0]) is { } chapter) return ChapterCase.Parse(id, chapter, parts);
        if (parts.Length < 3) throw Bad(id, "an id has at least operator, aspect and dtype");
        var op = CoreOperators.All.FirstOrDefault(o => o.Name == parts[0]) ?? throw Bad(id, $"there is no operator or chapter '{parts[0]}'{Nearest.Hint(parts[0], Nearest.Subjects)}");
        var reader = new CaseReader(id, op);
        foreach (string part in parts.AsSpan(3)) reader.Read(part);
        return reader.Finish(parts[1], Types(id, op, parts[2]));
    }

    /// <summary>A layout's word: <c>every-other</c>.</summary>
    public static string Word(Layout layout) => layout == Layout.EveryOther ? "every-other" : layout.ToString().ToLowerInvariant();

    /// <summary>Every name that may stand before a layout: inputs, then outputs.</summary>
    public static IEnumerable<string> TensorNames(Schema schema) => schema.Tensors.Select(t => t.Name).Concat(schema.Outputs.Select(o => o.Name));

    internal static bool TryShape(string text, out Shape shape)
    {
        shape = Shape.Scalar;
        if (text == NoDimensions) return true;
        string[] sizes = text.Split('x');
        var values = new long[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
            if (!long.TryParse(sizes[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i])) return false;
        if (values.Length > Shape.MaxRank) return false;
        shape = Shape.Create(values);
        return true;
    }

    internal static ConformanceException Bad(string id, string why) =>
        new($"'{id}' is no case id.", why, "list the ids with: backends conform DEVICE --list");

    private static DType[] Types(string id, Operator op, string text)
    {
        string[] names = text.Split(',');
        var types = new DType[names.Length];
        for (int i = 0; i < names.Length; i++)
            if (!DTypes.TryParse(names[i], out types[i])) throw Bad(id, $"there is no dtype '{names[i]}'");
        int free = op.Schema.FreeVariables.Count();
        return types.Length == free ? types : throw Bad(id, $"{op.Name} names {free} dtype{(free == 1 ? "" : "s")}");
    }
}
