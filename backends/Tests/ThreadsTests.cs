using Backends.Plugins;

namespace Backends.Cpu.Tests;

public sealed class ThreadsTests
{
    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        float[] a = [.. Enumerable.Range(0, 300 * 500).Select(i => MathF.Sin(i) * 10)], b = [.. Enumerable.Range(0, 500 * 400).Select(i => MathF.Cos(i))];
        using var one = new OpenDevice(1);
        foreach (int threads in new[] { 2, 3, 8 })
        {
            using var many = new OpenDevice(threads);
            Assert.Equal(Product(one), Product(many));
            Assert.Equal(Sums(one), Sums(many));
            Assert.Equal(Functions(one), Functions(many));
        }

        float[] Product(OpenDevice device)
        {
            using var x = HostTensor.Of(DType.F32, [300, 500], a);
            using var y = HostTensor.Of(DType.F32, [500, 400], b);
            using var z = HostTensor.Empty(DType.F32, [300, 400]);
            device.Run(CoreOperators.MatMul, [x, y], z);
            return z.Read<float>();
        }

        float[] Sums(OpenDevice device)
        {
            using var x = HostTensor.Of(DType.F32, [300, 500], a);
            using var z = HostTensor.Empty(DType.F32, [300]);
            device.Run(CoreOperators.Sum, [x], z, "dim=1");
            return z.Read<float>();
        }

        // Rows that are no multiple of anything, and long enough to be shared.
        float[] Functions(OpenDevice device)
        {
            using var x = HostTensor.Of(DType.F32, [399, 500], b[..(399 * 500)]);
            using var every = x.View([399, 499], [500, 1], 1);
            using var z = HostTensor.Empty(DType.F32, [399, 499]);
            device.Run(CoreOperators.Exp, [every], z);
            return z.Read<float>();
        }
    }

    [Theory, InlineData("-1"), InlineData("many"), InlineData("1025")]
    public void A_number_of_threads_that_makes_no_sense_is_refused_by_its_name(string threads)
    {
        var device = new CpuDevice();
        var error = Assert.Throws<BackendException>(() => device.Open(new Dictionary<string, string> { ["threads"] = threads }));
        Assert.Contains($"threads={threads}", error.Message);
        Assert.Null(device.Threads);
    }

    [Fact]
    public void Threads_end_with_the_device()
    {
        var device = new CpuDevice();
        device.Open(new Dictionary<string, string> { ["threads"] = "5" });
        var threads = device.Threads!;
        Assert.Equal(5, threads.Count);
        Assert.Equal(4, threads.Alive);
        device.Close();
        Assert.Equal(0, threads.Alive);
    }

    private sealed class OpenDevice : IDisposable
    {
        private readonly CpuDevice _device = new();
        private readonly IReadOnlyList<Kernel> _kernels;

        public OpenDevice(int threads) => _kernels = _device.Open(new Dictionary<string, string> { ["threads"] = $"{threads}" }).Kernels;

        public void Run(Operator op, HostTensor[] inputs, HostTensor output, string attributes = "") => Bench.Run(_kernels, _device.Handle, op, inputs, output, attributes);

        public void Dispose() => _device.Close();
    }
}
