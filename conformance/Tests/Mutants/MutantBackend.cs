using Backends.Plugins;

namespace Backends.Conformance.Tests.Mutants;

/// <summary>A device in host memory with the kernels it is given, each right but for one fault.</summary>
internal sealed class MutantBackend(params Kernel[] kernels) : Backend
{
    public override void Discover(Discovery discovery) => discovery.Offer(new MutantDevice(kernels));

    private sealed class MutantDevice(Kernel[] kernels) : HostMemoryDevice(new DeviceInfo { Name = "Mutant" })
    {
        protected override void AddKernels(KernelList list)
        {
            foreach (var kernel in kernels) list.Add(kernel);
        }
    }
}
