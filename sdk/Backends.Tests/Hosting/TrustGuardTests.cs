using Backends.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Backends.Tests.Hosting;

/// <summary>Environment and command line may tighten trust, never loosen it (MAN-6).</summary>
public sealed class TrustGuardTests
{
    private const string Required = """{ "Plugins": { "Trust": "Required" } }""";

    [Theory]
    [InlineData("BACKENDS__PLUGINS__TRUST=Off", "")]
    [InlineData("", "--Backends:Plugins:Trust=Off")]
    [InlineData("BACKENDS__PLUGINS__TRUSTFILE=/tmp/mine.json", "")]
    [InlineData("", "--Backends:Plugins:TrustFile /tmp/mine.json")]
    [InlineData("BACKENDS__PLUGINS__DIRECTORIES__0=/tmp/mine", "")]
    [InlineData("", "--backends:plugins:directories:1=/tmp/mine")]
    public void What_the_app_requires_is_not_loosened_from_outside(string environment, string arguments)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Configured.Options(Configured.Configuration(Required, environment, arguments)));
        Assert.Contains("BK1001 Backends:Plugins:", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("may tighten it, never loosen it", error.Message);
        Assert.Contains(environment.Length > 0 ? environment.Split('=')[0] : "the command line", error.Message);
    }

    [Fact]
    public void What_a_section_of_another_configuration_requires_is_required_too()
    {
        var inner = new ConfigurationBuilder().AddInMemoryCollection([new("App:Backends:Plugins:Trust", "Required")]).Build();
        var outer = new ConfigurationBuilder().AddConfiguration(inner.GetSection("App")).AddBackendsArguments(["--Backends:Plugins:Trust=Off"]).Build();
        Assert.Contains("may tighten it, never loosen it", Assert.Throws<OptionsValidationException>(() => Configured.Options(outer)).Message);
    }

    [Fact]
    public void What_the_app_does_not_require_may_be_required_from_outside_with_a_list_of_its_own()
    {
        var options = Configured.Options(Configured.Configuration("", "BACKENDS__PLUGINS__TRUST=required\nBACKENDS__PLUGINS__TRUSTFILE=mine.json", "--Backends:Plugins:Directories:0=more"));
        Assert.Equal((TrustMode.Required, "mine.json"), (options.Plugins.Trust, options.Plugins.TrustFile));
        Assert.Equal(["more"], options.Plugins.Directories);
    }

    [Fact]
    public void The_same_word_again_is_no_loosening()
    {
        var options = Configured.Options(Configured.Configuration(Required, "BACKENDS__PLUGINS__TRUST=Required"));
        Assert.Equal(TrustMode.Required, options.Plugins.Trust);
    }

    [Fact]
    public void Who_disables_more_from_outside_takes_nothing_back()
    {
        var options = Configured.Options(Configured.Configuration("""{ "Plugins": { "Disabled": ["cuda", "opencl"] } }""", "BACKENDS__PLUGINS__DISABLED__0=npu"));
        Assert.Equal(["cuda", "npu", "opencl"], options.Plugins.Disabled.Order());
    }

    [Fact]
    public void A_host_goes_by_it()
    {
        var options = Configured.Options(Configured.Configuration("""{ "Plugins": { "Trust": "Required", "TrustFile": "no-such-list.json" } }"""));
        using var host = BackendHostLoading.Create(options);
        var error = Assert.Throws<DeviceNotUsableException>(() => host["cpu"]);
        Assert.Contains(host.Absences, a => (a.Code, a.Subject) == (AbsenceCode.Untrusted, "cpu"));
        Assert.Contains("trust", error.Message);
    }
}
