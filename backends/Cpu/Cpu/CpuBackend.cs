using Backends.Cpu;
using Backends.Plugins;

[assembly: BackendPlugin(typeof(CpuBackend))]

namespace Backends.Cpu;

/// <summary>The backend <c>cpu</c>: the host's own processor, one device.</summary>
public sealed class CpuBackend : Backend
{
    /// <inheritdoc/>
    public override void Discover(Discovery discovery) => discovery.Offer(new CpuDevice());
}
