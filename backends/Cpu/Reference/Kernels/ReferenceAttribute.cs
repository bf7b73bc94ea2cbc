namespace Backends.Reference;

/// <summary>
/// Says that a generic method is an operator's reference kernel. Its parameters bear the schema's names (tensors as <see cref="View{N}"/>, attributes
/// as their struct gives them, the output last); the generator writes the entry in <see cref="ReferenceKernels"/> and the device's record.
/// </summary>
/// <param name="op">The operator's name.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceAttribute(string op) : Attribute
{
    /// <summary>The operator's name.</summary>
    public string Operator { get; } = op;

    /// <summary>Whether the device has an entry of its own for it, because the inputs' dtype does not say which number to compute in.</summary>
    public bool OwnEntry { get; set; }
}
