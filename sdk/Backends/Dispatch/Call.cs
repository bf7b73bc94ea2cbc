using Backends.Plugins;

namespace Backends;

/// <summary>
/// One call off the fast path: arguments checked, dtypes found, shapes inferred, targets checked or still to be made. It is all that a way is
/// chosen from, and nothing runs or is allocated before one is (CAP-1, FAL-1). Temporaries that it makes are freed with it.
/// </summary>
internal sealed unsafe class Call : IDisposable
{
    private readonly List<Tensor> _temporaries = [];
    private Tensor?[] _into = [];

    public Call(Operator op, Device device, ReadOnlySpan<Tensor?> inputs, void* attributes)
    {
        (Operator, Device, Inputs) = (op, device, inputs.ToArray());
        Attributes = attributes;
        device.ThrowIfUnusable();
        CheckCount();
        foreach (var input in Given)
            if (input.Device != device) throw Throw.Devices(op, device, input);
    }

    public Operator Operator { get; }
    public Device Device { get; }

    /// <summary>The tensors as the schema lists them; null where an optional one is absent (KER-16).</summary>
    public Tensor?[] Inputs { get; private set; }

    /// <summary>Those that are there.</summary>
    public IEnumerable<Tensor> Given => Inputs.OfType<Tensor>();

    public void* Attributes { get; }

    /// <summary>How the inputs lie; one that is still to be promoted, as it will.</summary>
    public Layout[] Layouts { get; private set; } = [];
    public DType[] InputTypes { get; private set; } = [];

    /// <summary>Whether memory was freed for a kernel that found none; it is asked twice, not for ever.</summary>
    public bool HasMadeRoom { get; set; }

    /// <summary>Kernels that were called and declined: they are asked no more (KER-6).</summary>
    public List<Candidate> Declined { get; } = [];

    /// <summary>One dtype for each free type variable.</summary>
    public DType[] Types { get; private set; } = [];
    public Shape[] Shapes { get; private set; } = [];
    public DType[] OutputTypes { get; private set; } = [];
    public int Combination => Operator.Combination(Types);
    public IReadOnlyList<Tensor?> Into => _into;
    /// <summary>A bit for each attribute that is not its default.</summary>
    public ulong GivenAttributes => Attributes == null ? 0 : *(ulong*)((byte*)Attributes + 8);
    public string DTypeText => string.Join(",", Types.Select(t => t.Name));
    public bool HasOnlyEmptyOutputs => Operator.Schema.Phases == 1 && Shapes.All(s => s.Elements == 0);
    public bool HasEmptyInput => Given.Any(t => t.Elements == 0);

    /// <summary>Infers and checks; nothing is made or changed.</summary>
    public void Prepare(ReadOnlySpan<Tensor?> into)
    {
        var schema = Operator.Schema;
        Types = [.. schema.FreeVariables.Select(TypeOf)];
        InputTypes = [.. Inputs.Select((_, i) => schema.Resolve(Parameter(i).Type, Types))];
        CheckFixedTypes();
        OutputTypes = [.. schema.Outputs.Select(o => schema.Resolve(o.Type, Types))];
        Shapes = new Shape[schema.Outputs.Count];
        var inference = new Inference { Operator = Operator, Inputs = Inputs.Select(t => t?.Shape ?? Shape.Scalar).ToArray(), Attributes = Attributes, Outputs = Shapes };
        Operator.Infer(ref inference);
        DropEmptyMembers();
        Layouts = [.. Inputs.Select((t, i) => t is null ? Layout.Contiguous(Shape.Scalar) : IsToBePromoted(i) ? Layout.Contiguous(t.Shape) : t.Layout)];
        _into = new Tensor?[Shapes.Length];
        for (int i = 0; i < into.Length; i++) _into[i] = CheckTarget(into[i], i);
    }

    /// <summary>Casts the inputs that have another dtype than the call.</summary>
    public void Promote()
    {
        for (int i = 0; i < Inputs.Length; i++)
            if (IsToBePromoted(i)) Inputs[i] = Temporary(Ops.Cast(Inputs[i]!, InputTypes[i]));
    }

    /// <summary>How an input lies for a pointwise operator, stretched to the result's shape: kernels never broadcast by themselves.</summary>
    public Layout Stretched(int input) => IsPointwise ? Layouts[input].Expand(Shapes[0]) : Layouts[input];

    public bool IsPointwise => Operator.Schema.Shape.Name == "broadcast";

    /// <summary>A tensor that lives as long as the call.</summary>
    public Tensor Temporary(Tensor tensor)
    {
        _temporaries.Add(tensor);
        return tensor;
    }

    /// <summary>Whether a kernel may write straight to the target of an output (KER-12): it equals an input that the kernel allows, or shares no byte with any.</summary>
    public bool IsWritable(Tensor target, uint inPlaceInputs)
    {
        if (!target.Layout.IsDistinct) return false;
        for (int i = 0; i < Inputs.Length; i++)
            if (Inputs[i] is { } input && !IsToBePromoted(i) && target.MayOverlap(input) && !(target.IsSameAs(input) && (inPlaceInputs & 1u << i) != 0)) return false;
        return true;
    }

    /// <summary>New tensors for the outputs that have no target.</summary>
    public Tensor[] TakeOutputs() => [.. _into.Select((t, i) => t ?? Device.Empty(Shapes[i], OutputTypes[i]))];

    /// <summary>Puts results where the caller wants them.</summary>
    public Tensor[] Deliver(Tensor[] results)
    {
        for (int i = 0; i < results.Length; i++)
            if (_into[i] is { } target && !ReferenceEquals(target, results[i]))
            {
                Temporary(results[i]);
                Ops.Copy(results[i], into: target);
                results[i] = target;
            }
        return results;
    }

    /// <summary>What the declaration says of an input without elements (KER-15); where the data decide the size, there is nothing to find.</summary>
    public void FillEmpty()
    {
        if (HasOnlyEmptyOutputs) return;
        if (Operator.Schema.Phases == 2)
        {
            Shapes = Array.ConvertAll(Shapes, s => Shape.Create([0, .. s.AsSpan()[1..]]));
            return;
        }
        if (Operator.Schema.Empty is null)
            throw Throw.Argument(Operator.Name, $"{string.Join(" ", Given.Select(t => t.Shape))} has no elements", "there is no result of nothing", "skip the call for empty tensors");
        Promote();
        int kept = Array.FindIndex([.. Operator.Schema.Tensors], t => t.Name == Operator.Schema.Empty);
        for (int i = 0; i < _into.Length; i++)
        {
            _into[i] ??= Device.Empty(Shapes[i], OutputTypes[i]);
            if (kept >= 0) Ops.Copy(Inputs[kept]!, _into[i]);
            else if (_into[i]!.Elements > 0) Ops.Fill(Device, long.Parse(Operator.Schema.Empty), Shapes[i], OutputTypes[i], into: _into[i]);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _temporaries) tensor.Dispose();
    }

    private bool IsToBePromoted(int input) => Inputs[input] is { } tensor && tensor.DType != InputTypes[input];

    private TensorParameter Parameter(int input) => Operator.Schema.Tensors[Operator.Schema.Parameter(input, Inputs.Length)];

    private void CheckCount()
    {
        var schema = Operator.Schema;
        bool fits = schema.ListParameter < 0 ? Inputs.Length == schema.Tensors.Count : Inputs.Length >= schema.Tensors.Count;
        if (!fits) throw Throw.Argument(Operator.Name, $"{Inputs.Length} tensors", $"it takes {schema.Tensors.Count}: {schema}", "give each tensor of the schema; a list has one member or more");
        for (int i = 0; i < Inputs.Length; i++)
            if (Inputs[i] is null && !Parameter(i).IsOptional) throw Throw.Argument(Operator.Name, $"{Parameter(i).Name} is absent", $"only optional tensors may be: {schema}", "give it");
    }

    // What can be one dtype alone is a matter of meaning, as a condition's bool: nothing is cast to it unasked.
    private void CheckFixedTypes()
    {
        var schema = Operator.Schema;
        for (int i = 0; i < Inputs.Length; i++)
            if (IsToBePromoted(i) && schema.Variables.First(v => v.Name == Parameter(i).Type) is { DerivedFrom: null, DTypes.Count: 1 })
                throw new DTypeException($"{Operator.Name}: {Parameter(i).Name} is {Inputs[i]!.DType.Name}.", $"it must be {InputTypes[i].Name}", $"{Parameter(i).Name}.To(DType.{InputTypes[i]}) first") { Operator = Operator.Name };
    }

    // KER-15: a list's members without elements add nothing to any result, and no kernel need know that.
    private void DropEmptyMembers()
    {
        int list = Operator.Schema.ListParameter, length = Inputs.Length - Operator.Schema.Tensors.Count + 1;
        if (list < 0 || Inputs.AsSpan(list, length).ToArray().All(t => t!.Elements > 0)) return;
        if (Inputs.AsSpan(list, length).ToArray().All(t => t!.Elements == 0)) return;
        int[] kept = [.. Enumerable.Range(0, Inputs.Length).Where(i => i < list || i >= list + length || Inputs[i]!.Elements > 0)];
        (Inputs, InputTypes) = ([.. kept.Select(i => Inputs[i])], [.. kept.Select(i => InputTypes[i])]);
    }

    private DType TypeOf(TypeVariable variable)
    {
        var schema = Operator.Schema;
        DType type = DType.None;
        for (int i = 0; i < Inputs.Length; i++)
        {
            if (Inputs[i] is not { } input || Parameter(i).Type != variable.Name) continue;
            var common = type == DType.None ? input.DType : Promotion.Common(type, input.DType);
            if (common == DType.None)
                throw new DTypeException($"{Operator.Name}: {type.Name} and {input.DType.Name} have no common dtype.", "no dtype holds the values of both", "x.To(...) one of them first") { Operator = Operator.Name };
            type = common;
        }
        if (type == DType.None) type = (DType)AttributeReader.I32(Attributes, schema.Attributes.First(a => a.Kind == AttributeKind.DType).Offset);
        if (variable.DTypes.Contains(type)) return type;
        throw new DTypeException($"Operator '{Operator.Name}' has no dtype {type.Name}.", $"it has: {string.Join(" ", variable.DTypes.Select(d => d.Name))}", "x.To(...) one of these first") { Operator = Operator.Name };
    }

    private Tensor? CheckTarget(Tensor? target, int output)
    {
        if (target is null) return null;
        if (target.Device != Device) throw Throw.Devices(Operator, Device, target);
        if (Operator.Schema.Phases == 2) throw Throw.Argument(Operator.Name, "into", "the data decide the result's size", "write y = ... without into");
        if (target.Shape != Shapes[output])
            throw new ShapeException($"{Operator.Name}: {target.Shape} = {string.Join(", ", Given.Select(t => t.Shape))} does not fit.",
                $"the result has shape {Shapes[output]}, an in-place result keeps its shape", "write y = ... without into", "BK2002");
        if (target.DType != OutputTypes[output])
            throw new DTypeException($"{Operator.Name}: into {target.DType.Name}, the result is {OutputTypes[output].Name}.", "a target keeps its dtype", "cast the operands, or the result");
        if (!target.Layout.IsDistinct)
            throw new InvalidTensorException("BK2006", $"{Operator.Name} into {target.Shape} of stride [{string.Join(", ", target.Strides.ToArray())}].",
                "several elements lie at one place", "write to a tensor that is not expanded");
        return target;
    }
}
