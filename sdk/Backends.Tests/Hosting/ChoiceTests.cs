using Backends.Hosting;
using Backends.Plugins;

namespace Backends.Tests.Hosting;

/// <summary>What a choice keeps to beyond one configuration's answer.</summary>
public sealed class ChoiceTests
{
    [Fact]
    public void Auto_opens_hardware_once_that_two_plugins_offer_and_names_open_both()
    {
        using var host = Configured.Host(Configured.Configuration("""
            { "Device": "auto", "Preference": ["npu", "opencl"], "Devices": { "second": { "Requirements": { "Memory": "8GiB" } }, "third": { "Device": "auto?profiling=on" } } }
            """));
        Assert.Equal("npu:0", host.Device.Name);
        Assert.Equal("npu:0", host["second"].Name);
        Assert.Contains(host.Choose("third").Passed, p => p.Device == "npu:0");
        Assert.Equal("opencl:0", host["third"].Name);
        Assert.Equal("opencl:1", host["opencl:1"].Name);
    }

    [Fact]
    public void The_same_hardware_is_passed_over_with_its_other_name()
    {
        using var host = Configured.Host(Configured.Configuration("""{ "Preference": ["npu", "opencl"], "Devices": { "next": { "Device": "auto?profiling=on", "Requirements": { "Memory": "8GiB" } } } }"""));
        Assert.Equal("npu:0", host.Device.Name);
        var error = Assert.Throws<DeviceNotUsableException>(() => host["next"]);
        Assert.Equal("BK1102", error.Id);
        Assert.Contains("opencl:1: is the same hardware as npu:0, which is chosen already", error.Why);
    }

    [Fact]
    public void Who_asks_without_options_gets_what_is_open_however_it_was_opened()
    {
        using var host = Configured.Host(Configured.Configuration("""{ "Devices": { "own": { "Device": "opencl:0", "Options": { "threads": 5 } } } }"""));
        var device = host["opencl:0?threads=2"];
        Assert.Same(device, host["opencl:0"]);
        Assert.Equal("ask for the same options, or for none", Assert.Throws<DeviceNotUsableException>(() => host["own"]).Remedy);
    }

    [Fact]
    public void A_device_string_asks_its_backend_alone_and_auto_no_more_than_it_needs()
    {
        var asked = new List<string>();
        using var host = BackendHost.Create(new BackendsOptions { Preference = { "b", "c" } });
        foreach (string name in (string[])["a", "b", "c"])
            host.Add(name, new Answering(d =>
            {
                asked.Add(name);
                d.Offer(new Card(new DeviceInfo { Name = name }));
            }));
        Assert.Equal("b:0", host.Device.Name);
        Assert.Equal(["b"], asked);
        Assert.Equal("a:0", host["a"].Name);
        Assert.Equal(["b", "a"], asked);
    }

    [Fact]
    public void A_device_that_the_configuration_sets_up_is_the_same_whoever_asks_first()
    {
        using var host = Configured.Host(Configured.Configuration("""{ "Devices": { "strict": { "Device": "opencl:0", "Fallback": "Deny" } } }"""));
        Assert.Equal(FallbackPolicy.Deny, host["opencl"].Fallback);
        Assert.Same(host["opencl"], host["strict"]);
    }

    [Fact]
    public void Auto_takes_a_device_as_its_name_sets_it_up()
    {
        using var host = Configured.Host(Configured.Configuration("""{ "Devices": { "strict": { "Device": "opencl:0", "Fallback": "Deny" } } }"""));
        Assert.Equal("opencl:0", host.Device.Name);
        Assert.Same(host.Device, host["strict"]);
        Assert.Equal(FallbackPolicy.Deny, host.Device.Fallback);
    }

    [Fact]
    public void A_uuid_names_the_hardware_wherever_it_sits()
    {
        using var host = Configured.Host(Configured.Configuration("""{ "Device": "opencl:00000007-0000-0000-0000-000000000001?fallback=deny" }"""));
        Assert.Equal("opencl:1", host.Device.Name);
        Assert.Same(host.Device, host["opencl:1"]);
    }

    [Fact]
    public void A_lost_device_is_not_chosen_again_for_somebody_else()
    {
        using var host = Configured.Host(Configured.Configuration("""{ "Devices": { "later": { "Device": "auto" } } }"""));
        host.Device.Lose("pulled out", "a test");
        Assert.True(host.Device.IsLost);
        Assert.Equal("opencl:1", host["later"].Name);
        Assert.Contains(host.Choose("later").Passed, p => p == new PassedDevice("opencl:0", "it is lost"));
    }

    [Fact]
    public void Options_are_copied_and_a_reload_changes_new_work_alone()
    {
        var options = new BackendsOptions { Device = "cpu" };
        using var host = BackendHost.Create(options);
        options.Device = "reference";
        var first = host.Device;
        Assert.Equal("cpu:0", first.Name);
        host.Reload(options);
        Assert.Equal("reference:0", host.Device.Name);
        Assert.Equal(2, (first.Tensor(1f) + 1).ToScalar<float>());
    }

    [Theory]
    [InlineData("cuda:0", "BK1101")]
    [InlineData("-1", "BK1002")]
    public void A_reload_that_cannot_be_changes_nothing(string device, string id)
    {
        using var host = BackendHost.Create(new BackendsOptions { Device = "cpu" });
        var first = host.Device;
        Assert.Equal(id, Assert.ThrowsAny<BackendException>(() => host.Reload(new BackendsOptions { Device = device, Fallback = FallbackPolicy.Deny })).Id);
        Assert.Same(first, host.Device);
        Assert.Equal(FallbackPolicy.Warn, host.Fallback);
    }

    [Fact]
    public void A_name_of_the_app_is_not_given_to_a_backend_as_well()
    {
        using var host = BackendHost.Create(new BackendsOptions { Devices = { ["encoder"] = new NamedDevice { Device = "cpu" } } });
        Assert.Throws<ArgumentException>(() => host.Add("encoder", new Answering(_ => { })));
        Assert.Throws<ArgumentException>(() => host.Add("auto", new Answering(_ => { })));
    }

    [Fact]
    public void An_operator_is_explained_by_name_and_a_misspelt_one_names_the_nearest()
    {
        using var host = BackendHost.Create(new BackendsOptions { Device = "cpu" });
        Assert.Equal(host.Device.Explain(CoreOperators.Softmax, DType.F32), host.Device.Explain("softmax", DType.F32));
        Assert.Contains("did you mean 'softmax'?", Assert.Throws<OperatorArgumentException>(() => host.Device.Explain("sofmax", DType.F32)).Message);
    }
}
