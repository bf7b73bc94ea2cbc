using System.Text;
using Backends.Hosting;
using Backends.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Backends.Tests.Hosting;

/// <summary>Configurations as a person writes them, and a host of them: cpu, reference and sim lie beside the tests, the rest is given in code.</summary>
internal static class Configured
{
    private const long Gi = 1L << 30;

    /// <summary>A configuration of a file's text, environment variables (<c>BACKENDS__DEVICE=cpu</c>, one a line) and arguments.</summary>
    public static IConfigurationRoot Configuration(string json = "", string environment = "", string arguments = "") => new ConfigurationBuilder()
        .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json.Length > 0 ? $$"""{ "Backends": {{json}} }""" : "{}")))
        .Add(new Environment(environment))
        .AddBackendsArguments(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Build();

    public static BackendsOptions Options(IConfiguration configuration)
    {
        var options = new BackendsOptions();
        OptionReading.Read(configuration, options);
        return options;
    }

    /// <summary>A host with a cuda without driver, an opencl of two devices, and an npu whose hardware is opencl:1's.</summary>
    public static BackendHost Host(IConfiguration configuration, Action<BackendsOptions>? code = null)
    {
        var options = Options(configuration);
        code?.Invoke(options);
        return BackendHostLoading.Create(options)
            .Add("cuda", new Answering(d => d.Reject("cuda", "no NVIDIA driver (libcuda.so.1 not found)", AbsenceCode.NoDriver, "install the driver")))
            .Add("opencl", new Answering(d =>
            {
                d.Offer(new Card(new DeviceInfo { Name = "Small", Kind = DeviceKind.Gpu, TotalMemory = 4 * Gi, StoredDTypes = [DType.F32], Options = ["profiling", "threads"] }));
                d.Offer(new Card(new DeviceInfo { Name = "Large", Kind = DeviceKind.Gpu, TotalMemory = 24 * Gi, Uuid = new Guid(7, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), Options = ["profiling", "threads"] }));
            }))
            .Add("npu", new Answering(d => d.Offer(new Card(new DeviceInfo { Name = "Npu", Kind = DeviceKind.Accelerator, TotalMemory = 24 * Gi, Uuid = new Guid(7, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]) }))))
            .Add("shy", new Answering(d => d.Offer(new Card(new DeviceInfo { Name = "Shy", Kind = DeviceKind.Cpu }) { Refuses = true })));
    }

    /// <summary>Environment variables that no other test sees.</summary>
    private sealed class Environment(string lines) : IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(lines);

        private sealed class Provider(string lines) : EnvironmentVariablesConfigurationProvider
        {
            public override void Load() => Data = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split('=', 2))
                .ToDictionary(p => p[0].Replace("__", ":", StringComparison.Ordinal), p => (string?)p[1], StringComparer.OrdinalIgnoreCase);
        }
    }
}

/// <summary>A backend that answers by a script.</summary>
internal sealed class Answering(Action<Discovery> answer) : Backend
{
    public override void Discover(Discovery discovery) => answer(discovery);
}

/// <summary>A device without kernels in host memory, which remembers what it was opened with.</summary>
internal sealed class Card(DeviceInfo info) : HostMemoryDevice(info)
{
    public bool Refuses { get; init; }
    public IReadOnlyDictionary<string, string>? Options { get; private set; }

    protected override void OpenCore(IReadOnlyDictionary<string, string> options) => Options = Refuses ? throw new BackendException(BackendStatus.DeviceError, "held by another process") : options;
}
