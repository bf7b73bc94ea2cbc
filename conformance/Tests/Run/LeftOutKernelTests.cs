using Backends.Plugins;
using Xunit;

namespace Backends.Conformance.Tests.Run;

/// <summary>A kernel that the host cannot use is said, with the reason.</summary>
public sealed class LeftOutKernelTests
{
    [Fact]
    public void A_kernel_that_is_left_out_is_said_with_its_reason()
    {
        using var bench = new Bench(folders => BackendHost.FromPlugins(folders).Add("misspelling", new Misspelling()));
        Assert.Equal(["kernel misspelling.rleu.f32 is left out: there is no operator 'rleu'"], bench.Open("misspelling", [Path.Combine(AppContext.BaseDirectory, "backends")]).Notes);
    }

    private sealed class Misspelling : Backend
    {
        public override void Discover(Discovery discovery) => discovery.Offer(new Device());

        private sealed class Device() : HostMemoryDevice(new DeviceInfo { Name = "Misspelling" })
        {
            protected override void AddKernels(KernelList kernels) => kernels.Add(new Kernel { Operator = "rleu", Types = [DType.F32], Name = "misspelling.rleu.f32" });
        }
    }
}
