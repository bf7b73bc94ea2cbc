using Backends.Plugins;
using Backends.Tests.Host;

namespace Backends.Tests.Hosting;

/// <summary>Where results must repeat, kernels of a lower class are no candidates (RND-5).</summary>
public sealed unsafe class DeterminismTests
{
    [Theory]
    [InlineData("", "varying")]
    [InlineData("?determinism=varying", "varying")]
    [InlineData("?determinism=bitwise", "bitwise")]
    public void The_first_kernel_that_repeats_far_enough_is_taken(string options, string kernel)
    {
        using var host = TestHost.Create().Add("test", new SingleDeviceBackend(new KernelDevice(k =>
        {
            k.Add(Relu("varying", Determinism.Varying));
            k.Add(Relu("bitwise", Determinism.Bitwise));
        })));
        var device = host[$"test:0{options}"];
        CallRecord? record = null;
        device.Recorder = r => record = r;
        device.Tensor(-1f).Relu();
        Assert.Equal((kernel, kernel), (record!.Kernel, device.Explain("relu", DType.F32).Kernel));
    }

    [Fact]
    public void Without_one_the_next_way_is_taken_with_that_reason()
    {
        using var host = TestHost.Create().Add("test", new SingleDeviceBackend(new KernelDevice(k => k.Add(Relu("varying", Determinism.Varying)))));
        host.Log = _ => { };
        var device = host["test:0?determinism=bitwise"];
        CallRecord? record = null;
        device.Recorder = r => record = r;
        Assert.Equal(0, device.Tensor(-1f).Relu().ToScalar<float>());
        Assert.Equal((Way.Fallback, WayReason.Determinism), (record!.Way, record.Reason));
        Assert.Equal((Way.Fallback, WayReason.Determinism), (device.Explain("relu", DType.F32).Way, device.Explain("relu", DType.F32).Reason));
        device.Recorder = null;
        device.Tensor(-1f).Relu();                 // also where nothing is recorded: the fast path
        Assert.Equal(0, device.Calls.Of(CoreOperators.Relu, Way.Native));
    }

    [Fact]
    public void Batch_invariance_is_more_than_repeating_and_is_looked_for_on_the_device_that_it_falls_back_to()
    {
        using var host = TestHost.Create().Add("test", new SingleDeviceBackend(new KernelDevice(k => k.Add(Relu("bitwise", Determinism.Bitwise)))));
        var explanation = host["test:0?determinism=batch-invariant"].Explain("relu", DType.F32);
        Assert.Equal((Way.Fallback, "reference:0"), (explanation.Way, explanation.Kernel));
    }

    [Fact]
    public void The_class_that_is_demanded_is_a_word() =>
        Assert.Equal("BK1002", Assert.Throws<DeviceNotUsableException>(() => TestHost.Create()["cpu:0?determinism=1"]).Id);

    private static Kernel Relu(string name, Determinism determinism) => new() { Operator = "relu", Types = [DType.F32], Name = name, Run = &Run, Determinism = determinism };

    private static void Run(CallFrame* frame)
    {
        var args = new ReluArgs(frame);
        var x = args.X.AsReadOnlySpan<float>();
        var y = args.Y.AsSpan<float>();
        for (int i = 0; i < y.Length; i++) y[i] = x[i] <= 0 ? 0 : x[i];
    }
}
