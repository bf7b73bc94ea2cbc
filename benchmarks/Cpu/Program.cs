using System.Diagnostics;
using System.Numerics.Tensors;
using Backends;
using Tensor = Backends.Tensor;

// The fast CPU's kernels beside TensorPrimitives, over the same f32 in one run: rounds take turns, medians are compared, so that what else runs on the
// machine strikes both. `cpu` is one thread, as the peer is; `all` is as many as the machine has. A ratio above 1 says that cpu is faster.

using var host = BackendHost.FromPlugins([Path.Combine(AppContext.BaseDirectory, "backends")]);
int[] sizes = [1_000, 1_000_000];
Console.WriteLine($"{"f32",-12}{"elements",10}{"ns/element",12}{"peer",8}{"all",8}{"peer/cpu",10}{"peer/all",10}");
foreach (string name in (string[])["add", "exp", "tanh", "sum", "softmax", "layer_norm"])
    foreach (int n in sizes)
    {
        float[] a = [.. Enumerable.Range(0, n).Select(i => (i * 7919 % 1999 - 999) / 250f)], b = [.. a.Reverse()], y = new float[n];
        var cpu = Kernel(host["cpu:0?threads=1"], name, a, b);
        var all = Kernel(host["cpu:0"], name, a, b);
        double[] times = Compare(n, [cpu, () => Peer(name, a, b, y), all]);
        Console.WriteLine($"{name,-12}{n,10}{times[0],12:0.000}{times[1],8:0.000}{times[2],8:0.000}{times[1] / times[0],10:0.00}{times[1] / times[2],10:0.00}");
    }
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}");

static Action Kernel(Device device, string name, float[] a, float[] b)
{
    Tensor x = device.Tensor(a), z = device.Tensor(b), y = device.Tensor(new float[a.Length]), one = Ops.Sum(x);
    return name switch
    {
        "add" => () => Ops.Add(x, z, into: y),
        "exp" => () => Ops.Exp(x, into: y),
        "sum" => () => Ops.Sum(x, into: one),
        "softmax" => () => Ops.Softmax(x, into: y),
        "tanh" => () => Ops.Tanh(x, into: y),
        _ => () => Ops.LayerNorm(x, into: y),
    };
}

static void Peer(string name, float[] a, float[] b, float[] y)
{
    switch (name)
    {
        case "add": TensorPrimitives.Add(a, b, y); break;
        case "exp": TensorPrimitives.Exp(a, y); break;
        case "tanh": TensorPrimitives.Tanh(a, y); break;
        case "sum": y[0] = TensorPrimitives.Sum<float>(a); break;
        case "softmax": TensorPrimitives.SoftMax(a, y); break;
        default:
            float mean = TensorPrimitives.Sum<float>(a) / a.Length;
            TensorPrimitives.Subtract(a, mean, y);
            TensorPrimitives.Multiply(y, 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(y) / a.Length + 1e-5f), y);
            break;
    }
}

// Nanoseconds an element: the medians of rounds in which each takes its turn.
static double[] Compare(int n, Action[] bodies)
{
    const int Rounds = 41;
    int calls = Math.Max(1, 300_000 / n);
    var times = bodies.Select(_ => new List<double>()).ToArray();
    // Until the runtime has compiled all of it for good.
    long begin = Stopwatch.GetTimestamp();
    bool warm = false;
    for (int round = 0; round < Rounds; round += warm ? 1 : 0)
    {
        for (int i = 0; i < bodies.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int call = 0; call < calls; call++) bodies[i]();
            if (warm) times[i].Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls / n);
        }
        warm = Stopwatch.GetElapsedTime(begin).TotalSeconds > 2;
    }
    return [.. times.Select(t => t.Order().ElementAt(t.Count / 2))];
}
