namespace Backends.Conformance;

/// <summary>One check of a device: all that its id says, and nothing else. Two cases are the same when their ids are.</summary>
internal abstract class Case : IEquatable<Case>
{
    private string? _id;

    /// <summary>What is under test, the id's first part: an operator's name or a chapter's.</summary>
    public abstract string Subject { get; }

    /// <summary>What is checked, for example <c>values</c>; a chapter's name.</summary>
    public abstract string Aspect { get; init; }

    /// <summary>What the data are made of; 0 where there are none.</summary>
    public ulong Seed { get; init; }

    /// <summary>The id: it alone rebuilds the case.</summary>
    public string Id => _id ??= Write();

    /// <inheritdoc/>
    public bool Equals(Case? other) => other is not null && other.Id == Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Case);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Id);

    /// <inheritdoc/>
    public override string ToString() => Id;

    /// <summary>Writes the id.</summary>
    protected abstract string Write();

    /// <summary>The seed of a case in a run: different data in each, and short ids. FNV-1a, folded to 16 bits.</summary>
    protected static ulong SeedOf(ulong run, string id)
    {
        uint hash = 2166136261;
        foreach (char letter in $"{run}/{id}") hash = (hash ^ letter) * 16777619;
        return (hash ^ hash >> 16) & 0xFFFF;
    }
}
