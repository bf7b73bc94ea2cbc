using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>Random operators that a device lacks fall back with seed and offset (FAL-7), and where there is nobody to fall back to, the error says so.</summary>
public sealed class RandomFallbackTests
{
    [Theory]
    [InlineData("uniform")]
    [InlineData("normal")]
    [InlineData("bernoulli")]
    public void A_device_without_kernels_draws_the_references_numbers(string op)
    {
        var (host, device) = TestHost.With(new KernelDevice(_ => { }));
        using (host)
        {
            float[] drawn = Draw(device, op), due = Draw(host["reference"], op);
            Assert.Equal(due, drawn);
            Assert.Equal(1, device.Calls.Of(CoreOperators.All.Single(o => o.Name == op), Way.Fallback));
        }
    }

    [Fact]
    public void A_generator_moves_on_alike_whether_a_call_falls_back_or_not()
    {
        var (host, device) = TestHost.With(new KernelDevice(_ => { }));
        using (host)
        {
            Generator here = new(7), there = new(7);
            float[] drawn = [.. device.Normal([33], here).ToArray<float>(), .. device.Uniform([5], here).ToArray<float>()];
            float[] due = [.. host["cpu"].Normal([33], there).ToArray<float>(), .. host["cpu"].Uniform([5], there).ToArray<float>()];
            Assert.Equal(due, drawn);
            Assert.Equal(there.Offset, here.Offset);
        }
    }

    [Fact]
    public void Without_cpu_and_reference_the_error_names_what_is_missing()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            using var host = BackendHost.FromPlugins(folder.FullName).Add("bare", new SingleDeviceBackend(new KernelDevice(_ => { })));
            var error = Assert.Throws<BackendException>(() => host["bare"].Normal([3], seed: 1));
            Assert.Equal("BK2009", error.Id);
            Assert.Contains("normal f32 cannot run on bare:0", error.What);
            Assert.Equal(WayReason.ReferenceMissing, host["bare"].Explain(CoreOperators.Normal, DType.F32).Reason);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static float[] Draw(Device device, string op) => op switch
    {
        "uniform" => device.Uniform([999], seed: 5, offset: 3).ToArray<float>(),
        "normal" => device.Normal([999], seed: 5, offset: 3).ToArray<float>(),
        _ => device.Bernoulli([999], seed: 5, p: 0.3, offset: 3, DType.F32).ToArray<float>(),
    };
}
