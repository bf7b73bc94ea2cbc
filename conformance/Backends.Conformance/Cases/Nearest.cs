namespace Backends.Conformance;

/// <summary>Which name somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>Everything that an id may begin with.</summary>
    public static IEnumerable<string> Subjects => Chapter.All.Select(c => c.Name).Concat(CoreOperators.All.Select(o => o.Name));

    /// <summary>For example <c>; nearest: relu</c>, or nothing.</summary>
    public static string Hint(string text, IEnumerable<string> names) => Names.Nearest(text, names) is { } name ? $"; nearest: {name}" : "";
}
