using Backends;
using Backends.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>A host and its devices as services.</summary>
public static class BackendsServices
{
    /// <summary>
    /// Reads section <c>Backends</c>, validates it at start, and gives <see cref="BackendHost"/> (one), <see cref="Device"/> (the default one) and a keyed
    /// <see cref="Device"/> for each name in <c>Devices</c>. Devices are transient: after a reload of the configuration new work goes to the new one.
    /// </summary>
    /// <param name="services">Takes them.</param>
    /// <param name="configuration">The whole configuration, not a section: where a value comes from decides whether it may loosen trust (MAN-6).</param>
    /// <returns>What can be added to it.</returns>
    public static BackendsBuilder AddBackends(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configuration is not IConfigurationRoot root) throw new ArgumentException("AddBackends takes the whole configuration, for example builder.Configuration.", nameof(configuration));
        services.AddOptions<BackendsOptions>().Configure(options => OptionReading.Read(root, options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BackendsOptions>>(new TrustInCode(root));
        services.TryAddSingleton(provider => HostFactory.Create(provider, root));
        services.TryAddTransient(provider => provider.GetRequiredService<BackendHost>().Device);
        foreach (var device in root.GetSection($"{OptionRules.Section}:Devices").GetChildren())
            services.TryAddKeyedTransient(device.Key, (provider, name) => provider.GetRequiredService<BackendHost>()[(string)name!]);
        services.AddHostedService<StartDevices>();
        return new BackendsBuilder(services);
    }
}
