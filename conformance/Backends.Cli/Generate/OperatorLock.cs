using System.Reflection;

namespace Backends.Cli.Generate;

/// <summary>
/// Writes sdk/operators.lock: every schema, and every member that the generators wrote from it, one a line and sorted. Its diff is the change
/// of the API; a line that goes or changes breaks somebody.
/// </summary>
internal static class OperatorLock
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Write()
    {
        var properties = typeof(CoreOperators).GetProperties().Where(p => p.PropertyType == typeof(Operator)).ToDictionary(p => p.Name, p => (Operator)p.GetValue(null)!);
        var lines = properties.SelectMany(p => Lines(p.Key, p.Value)).Concat(Generated(properties.Keys)).Order(StringComparer.Ordinal).Distinct();
        return "# Every operator's schema and every member generated from it. Written by `backends generate`; do not edit.\n" + string.Concat(lines.Select(l => $"{l}\n"));
    }

    // What belongs to one operator alone: its declaration, its types, its fields in C.
    private static IEnumerable<string> Lines(string csharpName, Operator op)
    {
        yield return $"schema {op.Schema}";
        foreach (var a in op.Schema.Attributes) yield return $"field bk_{op.Name}_attributes.{a.Name} at {a.Offset} since {a.Since}";
        var names = op.Schema.Attributes.Where(a => a.Kind == AttributeKind.Enum).Select(a => $"Backends.{csharpName}{Pascal(a.Name)}")
            .Append($"Backends.Plugins.{csharpName}Args").Append($"Backends.Plugins.{csharpName}Attributes");
        foreach (var type in names.Select(n => typeof(Operator).Assembly.GetType(n)).OfType<Type>())
            foreach (var member in type.GetMembers(Declared))
                if (CSharp.Line(member) is { } line) yield return line;
    }

    // Members of shared types that bear an operator's name.
    private static IEnumerable<string> Generated(Dictionary<string, Operator>.KeyCollection names) =>
        from type in new[] { typeof(CoreOperators), typeof(Operators<>), typeof(Ops), typeof(Tensor), typeof(Device) }
        from member in type.GetMembers(Declared)
        where names.Contains(member.Name)
        let line = CSharp.Line(member)
        where line is not null
        select line;

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(part => part.Length == 0 ? "" : char.ToUpperInvariant(part[0]) + part[1..]));
}
