namespace Backends;

/// <summary>Declares an operator: on a static class whose name is the C# name, with letters that agree with the schema's name.</summary>
/// <param name="schema">The schema string (docs/schema.md).</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OperatorAttribute(string schema) : Attribute
{
    /// <summary>The schema string.</summary>
    public string Schema { get; } = schema;
}

/// <summary>Written by the generator, one for each operator of an assembly: what other projects' generators read.</summary>
/// <param name="schema">The schema string.</param>
/// <param name="csharpName">The C# name.</param>
/// <param name="summary">The declaration's summary.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class OperatorDeclarationAttribute(string schema, string csharpName, string summary) : Attribute
{
    /// <summary>The schema string.</summary>
    public string Schema { get; } = schema;

    /// <summary>The C# name.</summary>
    public string CSharpName { get; } = csharpName;

    /// <summary>The declaration's summary.</summary>
    public string Summary { get; } = summary;
}
