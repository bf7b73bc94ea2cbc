using Backends.Plugins;
using Backends.Reference;

[assembly: BackendPlugin(typeof(ReferenceBackend))]

namespace Backends.Reference;

/// <summary>The backend <c>reference</c>: one device in host memory that computes every operator as it is declared, slowly.</summary>
public sealed class ReferenceBackend : Backend
{
    /// <inheritdoc/>
    public override void Discover(Discovery discovery) => discovery.Offer(new ReferenceDevice());
}
