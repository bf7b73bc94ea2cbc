using System.Diagnostics.CodeAnalysis;
using Backends.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace Backends.Hosting;

/// <summary>What can be added to a host in services.</summary>
public sealed class BackendsBuilder
{
    internal BackendsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services that it was added to.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Sets options in code, over what the configuration says; again at each reload.</summary>
    public BackendsBuilder Configure(Action<BackendsOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>Adds a backend that the app references, without loading a plugin: fit for native AOT. It comes before one of its name in a folder (MAN-7).</summary>
    /// <typeparam name="T">The backend.</typeparam>
    /// <param name="name">The head of its device strings; null: the class's name without <c>Backend</c>, in small letters.</param>
    public BackendsBuilder AddBackend<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(string? name = null) where T : Backend
    {
        const string suffix = nameof(Backend);
        string type = typeof(T).Name;
        Services.AddSingleton(new CodeBackend(name ?? (type.EndsWith(suffix, StringComparison.Ordinal) ? type[..^suffix.Length] : type).ToLowerInvariant(), provider => ActivatorUtilities.CreateInstance<T>(provider)));
        return this;
    }

    /// <summary>Adds the health check <c>backends</c>: healthy, degraded (an open device is lost, or <c>auto</c> got less than its first choice), unhealthy
    /// (the default device is lost or cannot be used).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tags">Its tags.</param>
    public BackendsBuilder AddHealthCheck(string name = "backends", params IEnumerable<string> tags)
    {
        Services.AddHealthChecks().AddCheck<DeviceHealthCheck>(name, tags: tags);
        return this;
    }
}

/// <summary>A backend that is given in code.</summary>
internal sealed record CodeBackend(string Name, Func<IServiceProvider, Backend> Create);
