using Microsoft.Extensions.Options;

namespace Backends.Tests.Hosting;

/// <summary>Configurations and the device that each one gives, with the reasons for the others: file, environment, command line, code.</summary>
public sealed class ConfigurationTableTests
{
    // What: file | environment | command line | the device, or the error | texts that the choice, or the error, must have
    private static readonly (string What, string Json, string Environment, string Arguments, string Expected, string[] Texts)[] s_table =
    [
        ("nothing is said: the first accelerator that fits", "", "", "", "opencl:0",
            ["the first accelerator that fits", "cuda: no NVIDIA driver (libcuda.so.1 not found)", "npu: comes after opencl:0", "cpu: comes after opencl:0", "reference: is chosen only by name"]),
        ("auto in words", """{ "Device": "auto" }""", "", "", "opencl:0", []),
        ("the file names a device", """{ "Device": "cpu" }""", "", "", "cpu:0", ["Backends:Device names it"]),
        ("case of a device string is ignored", """{ "device": "CPU:0" }""", "", "", "cpu:0", []),
        ("the environment overrides the file", """{ "Device": "cpu" }""", "BACKENDS__DEVICE=opencl:1", "", "opencl:1", []),
        ("the command line overrides the environment", """{ "Device": "cpu" }""", "BACKENDS__DEVICE=opencl:1", "--device npu", "npu:0", []),
        ("the command line's long form", """{ "Device": "cpu" }""", "", "--verbose --Backends:Device=reference --epochs 3", "reference:0", ["Backends:Device names it"]),
        ("an app's flag before --device takes nothing away", "", "", "--verbose --device cpu", "cpu:0", []),
        ("a preference", """{ "Preference": ["cuda", "npu", "opencl"] }""", "", "", "npu:0",
            ["the first of cuda, npu, opencl that fits", "cuda: no NVIDIA driver", "opencl: comes after npu:0", "cpu: is not in Backends:Preference"]),
        ("the environment changes one place of a preference", """{ "Preference": ["cuda", "opencl"] }""", "BACKENDS__PREFERENCE__0=cpu", "", "cpu:0", ["the first of cpu, opencl"]),
        ("reference is chosen where it is asked for", """{ "Preference": ["reference"] }""", "", "", "reference:0", []),
        ("what computes on the host is no accelerator", """{ "Requirements": { "Memory": "64GiB" }, "Plugins": { "Disabled": ["cpu"] } }""", "", "", "BK1102",
            ["'auto' found no device.", "opencl:0: 4.0 GiB, 64.0 GiB required", "sim:0: is no accelerator, and is chosen only by name", "cpu: the configuration disables it", "relax Backends:Requirements"]),
        ("a simulated one is chosen where it is preferred", """{ "Preference": ["sim"] }""", "", "", "sim:0", []),
        ("memory is required", """{ "Requirements": { "Memory": "8GiB" } }""", "", "", "opencl:1", ["opencl:0: 4.0 GiB, 8.0 GiB required"]),
        ("dtypes are required", """{ "Requirements": { "DTypes": ["f32", "f16"] } }""", "", "", "opencl:1", ["opencl:0: lacks dtype f16"]),
        ("features are required", """{ "Requirements": { "Features": ["peer-copy"] }, "Preference": ["opencl", "cpu"] }""", "", "", "BK1102",
            ["opencl:1: lacks feature peer-copy", "cpu:0: lacks feature peer-copy", "npu: is not in Backends:Preference"]),
        ("a name", """{ "Device": "encoder", "Devices": { "encoder": { "Device": "opencl:1", "Fallback": "Deny", "MemoryLimit": "4GiB", "Options": { "profiling": true } } } }""", "", "", "opencl:1",
            ["Backends:Devices:encoder names it"]),
        ("a name on the command line", """{ "Devices": { "encoder": { "Device": "opencl:1" } } }""", "", "--device Encoder", "opencl:1", []),
        ("a name's own requirements choose", """{ "Device": "big", "Devices": { "big": { "Requirements": { "Memory": "8GiB" } } } }""", "", "", "opencl:1", ["the first accelerator that fits"]),
        ("a name's own requirements bind a device that it names", """{ "Device": "big", "Devices": { "big": { "Device": "opencl:0", "Requirements": { "Memory": "8GiB" } } } }""", "", "", "BK1101",
            ["opencl:0: 4.0 GiB, 8.0 GiB required"]),
        ("a device that is absent", """{ "Device": "cuda:0" }""", "", "", "BK1101",
            ["BK1101 Device 'cuda:0' cannot be used.", "why      cuda: no NVIDIA driver (libcuda.so.1 not found)", "usable   ", "opencl:1 (Large, 24.0 GiB)", "remedy   install the driver, or set Backends:Device to \"auto\" or \"opencl:0\". All devices and reasons: backends devices"]),
        ("a name's device that is absent is corrected where it stands", """{ "Device": "encoder", "Devices": { "encoder": { "Device": "cuda:0" } } }""", "", "", "BK1101",
            ["install the driver, or set Backends:Devices:encoder:Device to \"auto\" or \"opencl:0\"."]),
        ("a misspelt name", """{ "Devices": { "encoder": { "Device": "opencl:1" } } }""", "", "--device encodr", "BK1101", ["no plugin of the name 'encodr' was found; nearest: encoder"]),
        ("a misspelt feature", """{ "Requirements": { "Features": ["linear-adresses"] } }""", "", "", "BK1102",
            ["cpu:0: lacks feature linear-adresses (nearest: linear-addresses)", "remedy   install the driver, or relax Backends:Requirements, or name a device"]),
        ("a number that is none", """{ "Device": "opencl:7" }""", "", "", "BK1101", ["opencl offers no such device"]),
        ("a device that does not open", """{ "Device": "shy" }""", "", "", "BK1101", ["it does not open: held by another process"]),
        ("one that does not open is passed over", """{ "Preference": ["shy", "cpu"] }""", "", "", "cpu:0", ["shy:0: it does not open: held by another process"]),
        ("a backend that nobody has", """{ "Preference": ["tpu", "cpu"] }""", "", "", "cpu:0", ["tpu: no plugin of this name was found"]),
        ("options behind auto pass over who lacks them", """{ "Preference": ["npu", "opencl"] }""", "", "--device auto?profiling=on", "opencl:0", ["npu:0: npu:0 has no option 'profiling'"]),
        ("a disabled backend says so", """{ "Device": "sim", "Plugins": { "Disabled": ["sim"] } }""", "", "", "BK1101", ["the configuration disables it"]),
        ("the environment cannot take back what the file disables", """{ "Device": "sim", "Plugins": { "Disabled": ["sim"] } }""", "BACKENDS__PLUGINS__DISABLED__0=cpu", "", "BK1101", ["the configuration disables it"]),
        ("an unknown key", """{ "Devcie": "cpu" }""", "", "", "BK1001", ["BK1001 Backends:Devcie is no known key.", "nearest: Device", "correct it in the configuration"]),
        ("an unknown key of the environment", "", "BACKENDS__DEVICES__A__FALBACK=Deny", "", "BK1001", ["nearest: Fallback", "the environment variable BACKENDS__DEVICES__A__FALBACK"]),
        ("a key of a later version", """{ "Layers": ["profiler"] }""", "", "", "BK1001", ["layers come with a later version"]),
        ("a wrong word", """{ "Fallback": "Perhaps" }""", "", "", "BK1001", ["Backends:Fallback is 'Perhaps'.", "it is Allow, Warn or Deny"]),
        ("a wrong number", """{ "Threads": -1 }""", "", "", "BK1001", ["Backends:Threads is '-1'.", "it is 0 (all processors) to 1024"]),
        ("a wrong size", """{ "CacheLimit": "half", "Requirements": { "Memory": "much" } }""", "", "", "BK1001", ["Backends:CacheLimit is 'half'.", "Backends:Requirements:Memory is 'much'."]),
        ("a text for a list", """{ "Preference": "cpu" }""", "", "", "BK1001", ["Backends:Preference is 'cpu'.", "it is a list"]),
        ("an operator that is none", """{ "FallbackByOperator": { "sofmax": "Deny" } }""", "", "", "BK1001", ["there is no operator 'sofmax'", "nearest: softmax"]),
        ("no device string", """{ "Device": "-1:cuda" }""", "", "", "BK1002", ["'-1:cuda' is no device string.", "a backend's name starts with a letter (column 1)"]),
        ("an option that the device lacks", """{ "Device": "opencl:1?profilng=on" }""", "", "", "BK1002", ["opencl:1 has no option 'profilng'", "nearest: profiling"]),
        ("a name that is a backend's", """{ "Devices": { "cpu": { "Device": "opencl:1" } } }""", "", "", "BK1001", ["a backend has this name"]),
        ("a name of a name", """{ "Devices": { "a": { "Device": "b" }, "b": { "Device": "cpu" } } }""", "", "", "BK1001", ["it names another name"]),
        ("one device in two ways", """{ "Device": "cpu", "Devices": { "strict": { "Device": "cpu:0", "Fallback": "Deny" } } }""", "", "", "BK1001", ["open cpu:0 in two ways", "cpu:0?fallback=deny"]),
    ];

    public static TheoryData<string> Names => [.. s_table.Select(c => c.What)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_configuration_gives_its_device_and_the_reasons_for_the_others(string what)
    {
        var row = s_table.Single(c => c.What == what);
        var (chosen, text) = Choose(row.Json, row.Environment, row.Arguments);
        Assert.Equal(row.Expected, chosen);
        foreach (string part in row.Texts) Assert.Contains(part, text);
    }

    [Fact]
    public void Code_stands_above_all_other_sources()
    {
        using var host = Configured.Host(Configured.Configuration("""{ "Device": "cpu" }""", "BACKENDS__DEVICE=opencl:1", "--device npu"), o => o.Device = "reference");
        Assert.Equal("reference:0", host.Device.Name);
    }

    [Fact]
    public void Every_fault_is_told_at_once_each_on_a_line_of_its_own()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Configured.Options(Configured.Configuration("""{ "Devcie": "cpu", "Threads": "many" }""", "BACKENDS__FALLBACK=No")));
        Assert.Equal(3, error.Failures.Count());
        Assert.Equal(3, error.Message.Split('\n').Count(l => l.StartsWith("BK1001", StringComparison.Ordinal)));
    }

    private static (string Chosen, string Text) Choose(string json, string environment, string arguments)
    {
        try
        {
            using var host = Configured.Host(Configured.Configuration(json, environment, arguments));
            var choice = host.Choice;
            return (choice.Device.Name, string.Join('\n', [choice.Because, .. choice.Passed]));
        }
        catch (OptionsValidationException e)
        {
            return (e.Message[..6], e.Message);
        }
        catch (BackendException e)
        {
            return (e.Id, e.Message);
        }
    }
}
