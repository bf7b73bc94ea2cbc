using Backends.Plugins;

namespace Backends.Reference;

/// <summary>
/// The device <c>reference</c>: a record for every operator and every combination of dtypes that it declares. Entries for kernels over numbers
/// are generated, and <see cref="Run"/> chooses the number that stands for the elements; entries of other kernels are written here.
/// </summary>
internal sealed unsafe partial class ReferenceDevice() : HostMemoryDevice(new DeviceInfo { Name = "Reference", Kind = DeviceKind.Cpu })
{
    private const Accepts Everything = Accepts.AnyStrided | Accepts.HostScalars | Accepts.LargeIndex;

    /// <inheritdoc/>
    protected override void AddKernels(KernelList kernels)
    {
        AddReferenceKernels(kernels);
        Add(kernels, CoreOperators.Cast, &Cast);
        Add(kernels, CoreOperators.Copy, &Copy);
        Add(kernels, CoreOperators.Fill, &Fill);
        Add(kernels, CoreOperators.Nonzero, &Nonzero);
        Add(kernels, CoreOperators.Pad, &Pad);
        Add(kernels, CoreOperators.Uniform, &Uniform);
        Add(kernels, CoreOperators.Normal, &Normal);
        Add(kernels, CoreOperators.Bernoulli, &Bernoulli);
    }

    // A double is exact as a Real, and what leaves it is rounded once, to whatever dtype.
    private static void Cast(CallFrame* frame)
    {
        if (frame->Inputs[0]->Type.DType.IsFloat) Run<Real>(CoreOperators.Cast, frame);
        else Run<Wide>(CoreOperators.Cast, frame);
    }

    private static void Fill(CallFrame* frame)
    {
        if (((FillAttributes*)frame->Attributes)->Value.DType.IsFloat) Run<Real>(CoreOperators.Fill, frame);
        else Run<Wide>(CoreOperators.Fill, frame);
    }

    private static void Copy(CallFrame* frame) => Movement.Copy(View<Wide>.OfBits(frame->Inputs[0]), View<Wide>.OfBits(frame->Outputs[0]));

    private static void Nonzero(CallFrame* frame)
    {
        if (frame->Inputs[0]->Type.DType.IsFloat) Nonzero<Real>(frame);
        else Nonzero<Wide>(frame);
    }

    private static void Nonzero<N>(CallFrame* frame) where N : struct, IReferenceNumber<N>
    {
        View<N> x = new(frame->Inputs[0]);
        View<Wide> y = new(frame->Outputs[0]);
        if (frame->Phase == 2) Movement.Nonzero(x, y);
        else y[new long[y.Shape.Rank]] = Wide.FromInteger(Movement.CountNonzero(x));
    }

    private static void Pad(CallFrame* frame)
    {
        var attributes = (PadAttributes*)frame->Attributes;
        var (value, dtype) = (attributes->Value, frame->Outputs[0]->Type.DType);
        ulong bits = value.DType.IsFloat ? Real.Round(Creation.Number<Real>(value), dtype) : Wide.Round(Creation.Number<Wide>(value), dtype);
        Movement.Pad(View<Wide>.OfBits(frame->Inputs[0]), attributes->Pads, attributes->Mode, Wide.FromInteger(bits), View<Wide>.OfBits(frame->Outputs[0]));
    }

    private static void Uniform(CallFrame* frame)
    {
        var attributes = (UniformAttributes*)frame->Attributes;
        Random.Uniform(attributes->Seed, attributes->Offset, frame->Outputs[0]->Type.DType, new(frame->Outputs[0]));
    }

    private static void Normal(CallFrame* frame)
    {
        var attributes = (NormalAttributes*)frame->Attributes;
        Random.Normal(attributes->Seed, attributes->Offset, frame->Outputs[0]->Type.DType, new(frame->Outputs[0]));
    }

    private static void Bernoulli(CallFrame* frame)
    {
        var attributes = (BernoulliAttributes*)frame->Attributes;
        Random.Bernoulli(attributes->Seed, attributes->Offset, attributes->P, new(frame->Outputs[0]));
    }

    // The widest element of the call decides: a bool or an index beside floats is exact in any number.
    private static void Run(Operator op, CallFrame* frame)
    {
        bool real = false, wide = false;
        for (int i = 0; i < frame->InputCount + frame->OutputCount; i++)
        {
            var tensor = i < frame->InputCount ? frame->Inputs[i] : frame->Outputs[i - frame->InputCount];
            if (tensor == null) continue;
            real |= tensor->Type.DType.IsFloat;
            wide |= tensor->Type.DType == DType.F64;
        }
        if (!real || op.Schema.Accuracy.Name == "moved") Run<Wide>(op, frame);
        else if (wide) Run<DoubleDouble>(op, frame);
        else Run<Real>(op, frame);
    }

    private static void Run<N>(Operator op, CallFrame* frame) where N : struct, IReferenceNumber<N>
    {
        var inputs = new View<N>[frame->InputCount];
        for (int i = 0; i < inputs.Length; i++)
            if (frame->Inputs[i] != null) inputs[i] = ViewOf<N>(op, frame->Inputs[i]);
        var outputs = new View<N>[frame->OutputCount];
        for (int i = 0; i < outputs.Length; i++) outputs[i] = ViewOf<N>(op, frame->Outputs[i]);
        ReferenceKernels.Run<N>(op, inputs, frame->Attributes, outputs);
        if (Indexing.TakeOutside() && frame->Fault != null) Interlocked.Exchange(ref *(int*)frame->Fault, frame->Number);
    }

    // Floats that are moved keep their bits, a NaN's payload too.
    private static View<N> ViewOf<N>(Operator op, DLTensor* tensor) where N : struct, IReferenceNumber<N> =>
        op.Schema.Accuracy.Name == "moved" && tensor->Type.DType.IsFloat ? View<N>.OfBits(tensor) : new(tensor);

    private static void Add(KernelList kernels, Operator op, delegate*<CallFrame*, void> run)
    {
        var accepts = Everything;
        if (op.Schema.InPlace.Count > 0) accepts |= Accepts.InPlace;
        // Elsewhere the declaration does not say what comes of nothing.
        if (op.Schema.Empty is not null || op.Schema.Phases == 2) accepts |= Accepts.Empty;
        if (op.Schema.Random is not null) accepts |= Accepts.ReferenceStream;
        // What a position leads to; a class that is not there leads nowhere.
        if (op.Schema.Tensors.Skip(1).Any(t => t.Name == "index")) accepts |= Accepts.ReportsFaults;
        foreach (var types in Combinations(op))
            kernels.Add(new Kernel
            {
                Operator = op.Name,
                Types = types,
                Accepts = accepts,
                MaxRank = Shape.MaxRank,
                Determinism = Determinism.BatchInvariant,
                Name = $"reference.{op.Name}.{string.Join('.', types.Select(t => t.Name))}",
                Run = run,
            });
    }

    private static IEnumerable<DType[]> Combinations(Operator op)
    {
        IEnumerable<DType[]> combinations = [[]];
        foreach (var variable in op.Schema.FreeVariables)
            combinations = combinations.SelectMany(c => variable.DTypes.Select(t => (DType[])[.. c, t]));
        return combinations;
    }
}
