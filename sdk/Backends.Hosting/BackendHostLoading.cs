using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Backends.Hosting;

/// <summary>A host from a configuration, without dependency injection: <c>BackendHost.Load(args)</c>.</summary>
public static class BackendHostLoading
{
    extension(BackendHost)
    {
        /// <summary>Makes a host from section <c>Backends</c> of <c>appsettings.json</c> beside the app, overridden by environment variables
        /// (<c>BACKENDS__DEVICE=opencl:1</c>), overridden by the command line (<c>--device opencl:1</c>, <c>--Backends:Threads=4</c>).</summary>
        /// <param name="args">The command line; what is not for the host is passed over.</param>
        /// <exception cref="OptionsValidationException">BK1001, BK1002: a key or a value makes no sense; with every fault.</exception>
        /// <exception cref="DeviceNotUsableException">BK1101: the device that is named there is absent.</exception>
        public static BackendHost Load(params string[] args) => Load(args, null);

        /// <summary>The same, with a place for its log.</summary>
        /// <param name="args">The command line.</param>
        /// <param name="logging">Takes the log; null: warnings go to the standard error.</param>
        public static BackendHost Load(string[] args, ILoggerFactory? logging)
        {
            ArgumentNullException.ThrowIfNull(args);
            return Load(Configuration(AppContext.BaseDirectory, args), logging);
        }

        /// <summary>The same, from a configuration that the app has made.</summary>
        /// <param name="configuration">The whole of it; section <c>Backends</c> is read, once.</param>
        /// <param name="logging">Takes the log; null: warnings go to the standard error.</param>
        public static BackendHost Load(IConfigurationRoot configuration, ILoggerFactory? logging)
        {
            ArgumentNullException.ThrowIfNull(configuration);
            var options = new BackendsOptions();
            OptionReading.Read(configuration, options);
            var host = Create(options);
            try
            {
                host.Attach(logging?.CreateLogger(Log.Category), new HostMeter(host));
                if (!host.LeavesChoice) _ = host.Device;   // an order: if it cannot be kept, the start fails
                return host;
            }
            catch
            {
                host.Dispose();
                throw;
            }
        }
    }

    /// <summary>Adds the part of a command line that is for the host: <c>--device X</c>, <c>--Backends:Key value</c>. All else is passed over.</summary>
    /// <param name="builder">Takes it, above what it has already.</param>
    /// <param name="args">The command line.</param>
    public static IConfigurationBuilder AddBackendsArguments(this IConfigurationBuilder builder, string[] args)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new Arguments(args));
    }

    /// <summary>File, then environment, then command line.</summary>
    internal static IConfigurationRoot Configuration(string folder, string[] args)
    {
        try
        {
            return new ConfigurationBuilder().SetBasePath(folder).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().AddBackendsArguments(args).Build();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw OptionReading.Exception([new OptionFault("BK1001", OptionRules.Section, "appsettings.json cannot be read.", e.GetBaseException().Message, "correct it").ToString()]);
        }
    }

    /// <summary>Makes a host from options; what it finds wrong with them comes out as all faults of options do.</summary>
    internal static BackendHost Create(BackendsOptions options)
    {
        try
        {
            return BackendHost.Create(options);
        }
        catch (BackendException e) when (e.Id is "BK1001" or "BK1002")
        {
            throw OptionReading.Exception([e.Message]);
        }
    }
}
