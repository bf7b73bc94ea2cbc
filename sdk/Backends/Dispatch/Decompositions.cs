using System.Collections.Concurrent;

namespace Backends;

/// <summary>Names the operators that a decomposition is made of, by running it on tensors that only remember who was called.</summary>
internal sealed unsafe class Decompositions : Operators<string>
{
    private static readonly ConcurrentDictionary<Operator, string> s_parts = new();
    private readonly List<string> _called = [];

    public static string PartsOf(Operator op) => s_parts.GetOrAdd(op, static o =>
    {
        var recorder = new Decompositions();
        int bytes = o.Schema.Attributes.Count == 0 ? 0 : o.Schema.Attributes[^1].Offset + 16;
        byte* attributes = stackalloc byte[Math.Max(16, bytes)];
        new Span<byte>(attributes, Math.Max(16, bytes)).Clear();
        *(uint*)attributes = (uint)bytes;
        recorder.Decompose(o, [.. o.Schema.Tensors.Select(t => t.Name)], attributes, new string[o.Schema.Outputs.Count]);
        return string.Join(' ', recorder._called.Distinct());
    });

    public override string Scalar(Scalar value, string like) => value.ToString();

    // As many dimensions as can be named.
    public override Shape ShapeOf(string x) => Shape.Create([1, 1, 1, 1, 1, 1, 1, 1]);

    protected override void Invoke(Operator op, ReadOnlySpan<string?> inputs, void* attributes, Span<string> outputs)
    {
        _called.Add(op.Name);
        outputs.Fill(op.Name);
    }
}
