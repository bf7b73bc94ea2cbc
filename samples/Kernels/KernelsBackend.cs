using Backends;
using Backends.Plugins;

[assembly: BackendPlugin(typeof(Kernels.KernelsBackend))]

namespace Kernels;

/// <summary>What docs/vendor-csharp.md tells beyond the minimal plugin: strides, in place, attributes, a kernel that asks first, failing.</summary>
public sealed class KernelsBackend : Backend
{
    public override void Discover(Discovery discovery) => discovery.Offer(new KernelsDevice());
}

public sealed partial class KernelsDevice() : HostMemoryDevice(new DeviceInfo { Name = "Kernels" })
{
    // quote strided
    [Kernel("add", DType.F32, Accepts = Accepts.Strided | Accepts.InPlace)]
    private static unsafe void Add(in AddArgs args)
    {
        Add(args.A.Strides, args.B.Strides, args.Y.Strides, args.Y.Shape, (float*)args.A.Data, (float*)args.B.Data, (float*)args.Y.Data);
    }

    // Inputs have the output's shape: what broadcasts has stride 0 there.
    private static unsafe void Add(ReadOnlySpan<long> aStep, ReadOnlySpan<long> bStep, ReadOnlySpan<long> yStep, ReadOnlySpan<long> shape, float* a, float* b, float* y)
    {
        if (shape.IsEmpty)
        {
            *y = *a + *b;
            return;
        }
        for (long i = 0; i < shape[0]; i++)
            Add(aStep[1..], bStep[1..], yStep[1..], shape[1..], a + i * aStep[0], b + i * bStep[0], y + i * yStep[0]);
    }
    // end strided

    // quote when
    [Kernel("sum", DType.F32, When = nameof(IsOfRows))]
    private static void Sum(in SumArgs args)
    {
        var x = args.X.AsReadOnlySpan<float>();
        var y = args.Y.AsSpan<float>();
        int row = (int)args.X.Shape[^1];
        for (int i = 0; i < y.Length; i++)
        {
            float total = 0;
            foreach (float value in x.Slice(i * row, row)) total += value;
            y[i] = total;
        }
    }

    // From shapes, strides and attributes alone; no data is there yet.
    private static bool IsOfRows(in SumArgs args) => args.X.Rank > 0 && args.Dim is [var dim] && (dim == -1 || dim == args.X.Rank - 1);
    // end when

    // quote types
    [Kernel("cast", Types = "f32,i32")]
    [Kernel("cast", Types = "f32,i64")]
    private static void Cast(in CastArgs args)
    {
        var x = args.X.AsReadOnlySpan<float>();
        if (args.To == DType.I32)
            for (int i = 0; i < x.Length; i++) args.Y.AsSpan<int>()[i] = int.CreateSaturating(x[i]);
        else if (args.To == DType.I64)
            for (int i = 0; i < x.Length; i++) args.Y.AsSpan<long>()[i] = long.CreateSaturating(x[i]);
        else
            throw new BackendException(BackendStatus.Unsupported, $"no unit for {args.To.Name}");   // the app gets it as BK4002, with device, operator and shapes
    }
    // end types
}
