using System.Reflection;
using System.Text.Json.Nodes;
using Backends.Hosting;
using Backends.Plugins;
using Backends.Tests.Host;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Backends.Tests.Hosting;

/// <summary>What options do to the devices that are opened under them.</summary>
public sealed class OptionsTests
{
    [Fact]
    public void A_single_value_in_place_of_the_section_is_a_fault_of_the_section()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Backends", "cpu")]).Build();
        var error = Assert.Throws<OptionsValidationException>(() => Configured.Options(configuration));
        Assert.StartsWith("BK1001 Backends is 'cpu'.", error.Message);
    }

    [Theory]
    [InlineData("Fallback", "\"Warn\"", "fallback")]
    [InlineData("MemoryLimit", "\"1GiB\"", "memory-limit")]
    [InlineData("Determinism", "\"Bitwise\"", "determinism")]
    public void A_setting_that_stands_among_the_options_too_is_given_twice(string key, string value, string option)
    {
        string json = $$"""{ "Devices": { "own": { "Device": "cpu", "{{key}}": {{value}}, "Options": { "{{option}}": "allow" } } } }""";
        var error = Assert.Throws<OptionsValidationException>(() => Configured.Options(Configured.Configuration(json)));
        Assert.Contains($"BK1002 Backends:Devices:own:Device: 'cpu:0?", error.Message);
        Assert.Contains($"'{option}' is given twice", error.Message);
    }

    [Theory]
    [InlineData("NaN%")]
    [InlineData("101%")]
    [InlineData("%")]
    public void A_share_that_is_none_is_refused(string limit)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Configured.Options(Configured.Configuration($$"""{ "CacheLimit": "{{limit}}" }""")));
        Assert.Contains($"BK1001 Backends:CacheLimit is '{limit}'.", error.Message);
    }

    [Fact]
    public void An_operator_that_code_names_in_another_case_is_the_same_operator()
    {
        var options = new BackendsOptions { FallbackByOperator = { ["matmul"] = FallbackPolicy.Allow } };
        options.FallbackByOperator["MatMul"] = FallbackPolicy.Deny;
        using var host = BackendHost.Create(options);
        Assert.Equal(FallbackPolicy.Deny, Assert.Single(host.Settings.FallbackByOperator).Value);
    }

    [Fact]
    public void A_word_that_no_enumeration_has_is_refused_in_code_too()
    {
        Assert.StartsWith("BK1001 Backends:Plugins:Trust", Assert.Throws<BackendException>(() => BackendHost.Create(new BackendsOptions { Plugins = { Trust = (TrustMode)2 } })).Message);
        Assert.StartsWith("BK1001 Backends:Fallback", Assert.Throws<BackendException>(() => BackendHost.Create(new BackendsOptions { Fallback = (FallbackPolicy)7 })).Message);
    }

    [Fact]
    public void Every_option_has_a_key_and_every_key_an_option()
    {
        var schema = JsonNode.Parse(OptionSchema.Json())!["properties"]!["Backends"]!["properties"]!.AsObject();
        Assert.Equal(Names(typeof(BackendsOptions)), Keys(schema));
        Assert.Equal(Names(typeof(DeviceRequirements)), Keys(schema["Requirements"]!["properties"]!.AsObject()));
        Assert.Equal(Names(typeof(NamedDevice)), Keys(schema["Devices"]!["additionalProperties"]!["properties"]!.AsObject()));
        Assert.Equal(Names(typeof(PluginOptions)), Keys(schema["Plugins"]!["properties"]!.AsObject()));

        static IEnumerable<string> Names(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name).Order(StringComparer.Ordinal);
        static IEnumerable<string> Keys(JsonObject keys) => keys.Select(k => k.Key).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Everything_that_can_be_written_arrives()
    {
        var options = Configured.Options(Configured.Configuration("""
            { "Device": "encoder", "Preference": ["cuda", "cpu"], "Requirements": { "Memory": "8GiB", "DTypes": ["f32", "F16"], "Features": ["host-accessible"] },
              "Devices": { "encoder": { "Device": "opencl:1", "Requirements": { "Memory": 4096 }, "Fallback": "deny", "MemoryLimit": "4 GiB", "Determinism": "Bitwise", "Options": { "profiling": true, "level": 3 } } },
              "Fallback": "Allow", "FallbackByOperator": { "matmul": "Deny" }, "Threads": 4, "CacheLimit": "12.5%",
              "Plugins": { "Directories": ["a", "b"], "Disabled": ["cuda"], "Trust": "Required", "TrustFile": "t.json" } }
            """));
        var encoder = options.Devices["ENCODER"];
        Assert.Equal(("encoder", 8L << 30, FallbackPolicy.Allow, 4), (options.Device, options.Requirements.Memory, options.Fallback, options.Threads));
        Assert.Equal(["cuda", "cpu"], options.Preference);
        Assert.Equal([DType.F32, DType.F16], options.Requirements.DTypes);
        Assert.Equal(["host-accessible"], options.Requirements.Features);
        Assert.Equal(("opencl:1", 4096, FallbackPolicy.Deny, 4L << 30, Determinism.Bitwise), (encoder.Device, encoder.Requirements.Memory, encoder.Fallback, encoder.MemoryLimit, encoder.Determinism));
        Assert.Equal([("level", "3"), ("profiling", "true")], encoder.Options.Select(o => (o.Key, o.Value)).Order());
        Assert.Equal(FallbackPolicy.Deny, options.FallbackByOperator["matmul"]);
        Assert.Equal("12.5%", options.CacheLimit.ToString());
        Assert.Equal(["a", "b"], options.Plugins.Directories);
        Assert.Equal((TrustMode.Required, "t.json"), (options.Plugins.Trust, options.Plugins.TrustFile));
    }

    [Fact]
    public void Threads_reach_a_device_that_has_the_option_and_what_the_device_string_says_wins()
    {
        var cards = new List<Card>();
        using var host = Loaded("""{ "Threads": 3, "Devices": { "own": { "Device": "cards:1", "Options": { "threads": 5 } } } }""", cards);
        _ = (host["cards:0"], host["own"], host["cards:2"]);
        Assert.Equal(["3", "5", null], cards.Select(c => c.Options!.GetValueOrDefault("threads")));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("2MiB", 2)]
    [InlineData("100%", 8)]
    [InlineData("25%", 2)]
    public void Freed_memory_is_kept_up_to_the_limit(string limit, int kept)
    {
        using var host = Loaded($$"""{ "CacheLimit": "{{limit}}" }""", []);
        var device = host["cards:0?memory-limit=8MiB"];
        var tensors = Enumerable.Range(0, 8).Select(_ => device.Empty([1 << 18])).ToArray();
        foreach (var tensor in tensors) tensor.Dispose();
        Assert.Equal((long)kept << 20, device.Memory.Cached);
    }

    [Fact]
    public void A_backend_given_in_code_is_disabled_like_any_other()
    {
        bool asked = false;
        using var host = BackendHost.Create(new BackendsOptions { Plugins = { Disabled = { "Cards" } } }).Add("cards", new Answering(_ => asked = true));
        Assert.Contains("the configuration disables it", Assert.Throws<DeviceNotUsableException>(() => host["cards"]).Why);
        Assert.Single(host.Absences, a => (a.Code, a.Subject) == (AbsenceCode.Disabled, "cards"));
        Assert.False(asked);
    }

    [Fact]
    public void A_reload_that_sets_the_cpu_up_rightly_makes_fallbacks_go_there_again()
    {
        using var host = BackendHost.Create(new BackendsOptions { Devices = { ["own"] = new NamedDevice { Device = "cpu?nonsense=1" } } }).Add("cards", new Answering(d => d.Offer(new Card(new DeviceInfo { Name = "Card" }))));
        host.Log = _ => { };
        Assert.Equal("reference:0", host["cards"].Explain("relu", DType.F32).Kernel);
        host.Reload(new BackendsOptions());
        Assert.Equal("cpu:0", host["cards"].Explain("relu", DType.F32).Kernel);
    }

    [Fact]
    public void A_folder_of_plugins_that_is_named_and_not_there_is_told()
    {
        using var host = BackendHost.Create(new BackendsOptions { Plugins = { Directories = { "no-such-folder", "backends" } } });
        var told = Assert.Single(host.Absences, a => a.Subject.EndsWith("no-such-folder", StringComparison.Ordinal));
        Assert.Equal((AbsenceCode.FileMissing, "make it, or correct Backends:Plugins:Directories"), (told.Code, told.Remedy));
        Assert.Equal("cpu:0", host.Device.Name);
        Assert.DoesNotContain(host.Choice.Passed, p => p.Device.EndsWith("no-such-folder", StringComparison.Ordinal));
    }

    [Fact]
    public void A_named_devices_settings_are_its_own()
    {
        using var host = Loaded("""{ "Fallback": "Allow", "Devices": { "strict": { "Device": "cards:1", "Fallback": "Deny", "MemoryLimit": "1MiB" } } }""", []);
        Assert.Throws<FallbackDeniedException>(() => host["strict"].Tensor(1f).Relu());
        Assert.Equal(1, host["cards:0"].Tensor(1f).Relu().ToScalar<float>());
        Assert.Equal(1 << 20, host["strict"].Memory.Limit);
        Assert.Same(host["strict"], host["cards:1"]);
    }

    [Fact]
    public void What_code_sets_stands_before_whatever_the_configuration_says()
    {
        using var host = Loaded("""{ "Fallback": "Allow", "FallbackByOperator": { "relu": "Deny", "exp": "Allow" }, "Devices": { "strict": { "Device": "cards:0", "Fallback": "Deny" } } }""", []);
        var device = host["strict"];
        var a = device.Tensor(1f);
        Assert.Throws<FallbackDeniedException>(() => a.Relu());     // the operator's, of the configuration
        a.Exp();                                                    // the operator's before the device's
        Assert.Throws<FallbackDeniedException>(() => a.Reshape(1, 1).MatMul(a.Reshape(1, 1)));
        host.Fallback = FallbackPolicy.Allow;                       // code, however coarse
        a.Relu();
        device.Fallback = FallbackPolicy.Deny;
        Assert.Throws<FallbackDeniedException>(() => a.Exp());
        device.FallbackByOperator["exp"] = FallbackPolicy.Allow;
        a.Exp();
    }

    private static BackendHost Loaded(string json, List<Card> cards)
    {
        if (cards.Count == 0)
            for (int i = 0; i < 3; i++) cards.Add(new Card(new DeviceInfo { Name = $"Card {i}", Options = i < 2 ? ["threads"] : [] }));
        var host = BackendHostLoading.Create(Configured.Options(Configured.Configuration(json))).Add("cards", new Answering(d => cards.ForEach(d.Offer)));
        host.Log = _ => { };
        return host;
    }
}
