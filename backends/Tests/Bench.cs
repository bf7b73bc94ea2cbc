using Backends.Plugins;
using Backends.Reference;

namespace Backends.Cpu.Tests;

/// <summary>Calls one device's kernels through frames.</summary>
internal static unsafe class Bench
{
    private static readonly Dictionary<string, IReadOnlyList<Kernel>> s_kernels = new()
    {
        ["cpu"] = new CpuDevice().Open(DeviceInfo.NoOptions).Kernels,
        ["reference"] = new ReferenceDevice().Open(DeviceInfo.NoOptions).Kernels,
    };

    /// <summary>The devices, for theories.</summary>
    public static TheoryData<string> Devices => ["cpu", "reference"];

    /// <summary>A device's records.</summary>
    public static IReadOnlyList<Kernel> Kernels(string device) => s_kernels[device];

    /// <summary>Runs an operator into an output.</summary>
    public static void Run(string device, Operator op, HostTensor[] inputs, HostTensor output, string attributes = "", int phase = 0) =>
        Run(s_kernels[device], 0, op, inputs, output, attributes, phase);

    /// <summary>Runs one of some kernels, with a device's handle or 0.</summary>
    public static void Run(IReadOnlyList<Kernel> kernels, nint handle, Operator op, HostTensor[] inputs, HostTensor output, string attributes = "", int phase = 0)
    {
        var types = op.Schema.FreeVariables.Select(v =>
            Enumerable.Range(0, inputs.Length).Where(i => op.Schema.Tensors[i].Type == v.Name).Select(i => inputs[i].DType).DefaultIfEmpty(output.DType).First());
        var kernel = kernels.Single(k => k.Operator == op.Name && k.Types.SequenceEqual(types));
        var values = attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a.Split('=')).ToDictionary(a => a[0], a => a[1]);
        using var structure = new AttributeValues(op, values);
        DLTensor** tensors = stackalloc DLTensor*[inputs.Length + 1];
        for (int i = 0; i < inputs.Length; i++) tensors[i] = inputs[i].Descriptor;
        tensors[inputs.Length] = output.Descriptor;
        CallFrame frame = new()
        {
            StructSize = (uint)sizeof(CallFrame),
            OperatorVersion = 1,
            InputCount = inputs.Length,
            OutputCount = 1,
            Inputs = tensors,
            Outputs = tensors + inputs.Length,
            Attributes = structure.Pointer,
            Elements = output.Shape.Aggregate(1L, (a, b) => a * b),
            Phase = phase,
            Device = (void*)handle,
        };
        kernel.Run(&frame);
    }

    /// <summary>Runs an operator of elements over contiguous vectors.</summary>
    public static R[] Map<T, R>(string device, Operator op, DType from, DType to, string attributes, params T[][] inputs) where T : unmanaged where R : unmanaged
    {
        var tensors = inputs.Select(i => HostTensor.Of(from, [i.Length], i)).ToArray();
        using var y = HostTensor.Empty(to, tensors[0].Shape);
        Run(device, op, tensors, y, attributes);
        foreach (var tensor in tensors) tensor.Dispose();
        return y.Read<R>();
    }

    /// <summary>Casts a vector.</summary>
    public static R[] Cast<T, R>(string device, DType from, DType to, params T[] x) where T : unmanaged where R : unmanaged =>
        Map<T, R>(device, CoreOperators.Cast, from, to, $"to={to.Name}", x);
}
