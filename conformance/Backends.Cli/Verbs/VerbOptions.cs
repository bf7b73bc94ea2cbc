using System.CommandLine;
using Backends.Cli.Conform;
using Backends.Conformance;
using Backends.Hosting;
using Backends.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Backends.Cli.Verbs;

/// <summary>What verbs have in common: where plugins and configuration come from, how answers are written, and which exit code a failure is.</summary>
internal sealed class VerbOptions
{
    private readonly Option<string[]> _plugins = new("--plugins") { Description = "A plugin's folder, or a folder of them; repeatable. Those beside the tool stay available." };
    private readonly Option<string?> _config = new("--config") { Description = "An app's appsettings.json: its devices, its plugins, its choice." };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON document on standard output, all else on the error output." };
    private readonly Option<bool> _noColour = new("--no-color") { Description = "No colour." };

    /// <summary>Gives a verb the options, and what it does.</summary>
    /// <param name="verb">The verb, with arguments and options of its own.</param>
    /// <param name="run">Answers; what it throws becomes words and an exit code.</param>
    /// <param name="asksDevices">Whether plugins and configuration matter to it.</param>
    public static Command On(Command verb, Func<ParseResult, Answer, ExitCode> run, bool asksDevices = true)
    {
        var options = new VerbOptions();
        if (asksDevices)
        {
            verb.Add(options._plugins);
            verb.Add(options._config);
        }
        verb.Add(options._json);
        verb.Add(options._noColour);
        verb.SetAction(parsed => (int)options.Run(parsed, run));
        return verb;
    }

    private ExitCode Run(ParseResult parsed, Func<ParseResult, Answer, ExitCode> run)
    {
        string[] plugins = parsed.GetValue(_plugins) ?? [];
        if (PluginFolders.Fault(plugins) is { } fault) return Say(fault, ExitCode.Unusable);
        // Taken before any plugin's code is loaded: the document is all that reaches standard output.
        using var document = parsed.GetValue(_json) ? ProtocolStream.Take() : null;
        try
        {
            using var answer = new Answer(Read(plugins, parsed.GetValue(_config)), Output.Standard(parsed.GetValue(_noColour)), document);
            return run(parsed, answer);
        }
        catch (DeviceNotUsableException e)
        {
            return Say(e.Message, ExitCode.Unusable);
        }
        catch (PluginLoadException e)
        {
            return Say($"{e.Message}\n  remedy   {e.Remedy}", ExitCode.Unusable);
        }
        catch (ConformanceException e)
        {
            return Say(e.Message, ExitCode.Nothing);
        }
        catch (Exception e) when (e is OptionsValidationException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Say(e is InvalidDataException ? e.GetBaseException().Message : e.Message, ExitCode.Error);
        }
    }

    private static ExitCode Say(string text, ExitCode code)
    {
        Console.Error.WriteLine(text);
        return code;
    }

    // As the app would read it: its folders and files are beside its configuration, and the environment comes above the file.
    private static BackendsOptions Read(string[] plugins, string? config)
    {
        var options = new BackendsOptions();
        var builder = new ConfigurationBuilder();
        string? folder = config is null ? null : Path.GetDirectoryName(Path.GetFullPath(config))!;
        if (config is not null) builder.AddJsonFile(Path.GetFullPath(config), optional: false);
        OptionReading.Read(builder.AddEnvironmentVariables().Build(), options);
        string[] configured = [.. options.Plugins.Directories];
        if (folder is not null)
        {
            if (configured.Length == 0 && Directory.Exists(Path.Combine(folder, "backends"))) configured = ["backends"];
            configured = [.. configured.Select(d => Path.GetFullPath(d, folder))];
            options.Plugins.TrustFile = Path.GetFullPath(options.Plugins.TrustFile ?? TrustVerb.FileName, folder);
        }
        options.Plugins.Directories.Clear();
        foreach (string directory in (string[])[.. plugins.Select(Path.GetFullPath), .. configured])
            if (!options.Plugins.Directories.Contains(directory)) options.Plugins.Directories.Add(directory);
        foreach (string plugin in OwnPlugins(options.Plugins.Directories)) options.Plugins.Directories.Add(plugin);
        return options;
    }

    // Those beside the tool fill gaps: an app's own cpu is no second one, and there is nothing to remove.
    private static string[] OwnPlugins(IEnumerable<string> directories)
    {
        var found = new List<FoundPlugin>();
        PluginFinder.Find(directories, found, []);
        return !Directory.Exists(OwnFolder) ? [] : [.. Directory.EnumerateDirectories(OwnFolder).Where(d => found.TrueForAll(p => p.Name != Path.GetFileName(d))).Order(StringComparer.Ordinal)];
    }

    /// <summary>The folder of the plugins beside the tool.</summary>
    public static string OwnFolder => Path.Combine(AppContext.BaseDirectory, "backends");
}

/// <summary>One run of a verb: what was asked for, and where the answer goes.</summary>
internal sealed class Answer(BackendsOptions options, Output text, TextWriter? document) : IDisposable
{
    private BackendHost? _host;

    public BackendsOptions Options => options;

    /// <summary>For people.</summary>
    public Output Text => text;

    /// <summary>Whether a JSON document is the answer.</summary>
    public bool IsJson => document is not null;

    /// <summary>The host that the options make; what it has to say goes to the error output.</summary>
    public BackendHost Host => _host ??= BackendHostLoading.Create(options);

    /// <summary>Writes the document.</summary>
    public void Write<T>(T report) => document!.WriteLine(ToolJson.Text(report));

    public void Dispose() => _host?.Dispose();
}
