using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Backends.Hosting;

/// <summary>Trust that code requires, after the configuration was read: environment and command line cannot move its list or its folders either (MAN-6).</summary>
internal sealed class TrustInCode(IConfiguration configuration) : IValidateOptions<BackendsOptions>
{
    public ValidateOptionsResult Validate(string? name, BackendsOptions options)
    {
        string[] faults = TrustGuard.IsRequiredInCode(options) ? [.. TrustGuard.CheckPlaces(configuration).Select(f => f.ToString())] : [];
        return faults.Length > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
