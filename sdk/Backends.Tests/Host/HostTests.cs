using Backends.Plugins;

namespace Backends.Tests.Host;

public sealed class HostTests
{
    [Fact]
    public void An_unknown_device_is_refused_with_what_is_usable()
    {
        using var host = TestHost.Create();
        var error = Assert.Throws<DeviceNotUsableException>(() => host["cuda:0"]);
        Assert.Equal("BK1101", error.Id);
        Assert.Contains("no plugin of the name 'cuda'", error.Message);
        Assert.Contains("ask for \"auto\" or \"cpu:0\".", error.Message);   // no configuration said it, so none is to be changed
        Assert.Contains("offers no such device", Assert.Throws<DeviceNotUsableException>(() => host["cpu:7"]).Message);
    }

    [Fact]
    public void Discovery_that_throws_or_hangs_is_a_reason_and_other_plugins_work()
    {
        using var host = TestHost.Create()
            .Add("broken", new Scripted(_ => throw new InvalidOperationException("no firmware")))
            .Add("hanging", new Scripted(_ => Thread.Sleep(Timeout.Infinite)))
            .Add("absent", new Scripted(d => d.Reject("absent:0", "no card in slot 0", remedy: "put one in")));
        host.DiscoveryLimit = TimeSpan.FromMilliseconds(200);
        Assert.Contains("no card in slot 0", Assert.Throws<DeviceNotUsableException>(() => host["absent"]).Message);
        Assert.Equal(
            [("absent:0", AbsenceCode.NoDevice), ("broken", AbsenceCode.Failed), ("hanging", AbsenceCode.Timeout)],
            host.Absences.Select(a => (a.Subject, a.Code)).Order());
        Assert.Equal(["cpu:0", "reference:0", "sim:0", "sim:1"], host.Devices.Select(d => d.Name).Order());
        Assert.Equal(2, (host["cpu"].Tensor(1f) + 1).ToScalar<float>());
    }

    [Fact]
    public void A_device_that_does_not_open_says_why_and_leaves_the_host_usable()
    {
        using var host = TestHost.Create().Add("test", new SingleDeviceBackend(new Closed()));
        Assert.Contains("held by another process", Assert.Throws<DeviceNotUsableException>(() => host["test"]).Message);
        Assert.Equal("cpu:0", host["cpu"].Name);
    }

    [Fact]
    public void An_operators_policy_comes_before_the_devices_and_that_before_the_hosts()
    {
        var (host, test) = TestHost.With(new TokenDevice());
        using (host)
        {
            var a = test.Tensor(1f);
            host.Fallback = FallbackPolicy.Deny;
            Assert.Throws<FallbackDeniedException>(() => a.Relu());
            test.Fallback = FallbackPolicy.Allow;
            a.Relu();
            test.FallbackByOperator["relu"] = FallbackPolicy.Deny;
            Assert.Throws<FallbackDeniedException>(() => a.Relu());
            a.Exp();
        }
    }

    [Fact]
    public void A_contiguous_copy_is_no_fallback()
    {
        var (host, test) = TestHost.With(new TokenDevice());
        using (host)
        {
            var a = test.Tensor(1f, 2f);
            test.Fallback = FallbackPolicy.Deny;
            Assert.Equal([1, 2], a.Copy().ToArray<float>());
            Assert.Throws<FallbackDeniedException>(() => a[(.., -1)].Copy());
        }
    }

    [Fact]
    public void A_generator_moves_on_by_what_the_declaration_says_on_every_device()
    {
        using var host = TestHost.Create();
        var generator = new Generator(7);
        var first = host["cpu"].Uniform([5], generator);
        Assert.Equal(2, generator.Offset);
        host["reference"].Uniform([5], generator, DType.F64);
        Assert.Equal(5, generator.Offset);
        Assert.Equal(first.ToArray<float>(), host["reference"].Uniform([5], seed: 7).ToArray<float>());
    }

    private sealed class Scripted(Action<Discovery> discover) : Backend
    {
        public override void Discover(Discovery discovery) => discover(discovery);
    }

    private sealed class Closed() : HostMemoryDevice(new DeviceInfo { Name = "Closed" })
    {
        protected override void OpenCore(IReadOnlyDictionary<string, string> options) => throw new BackendException(BackendStatus.DeviceError, "held by another process");
    }
}
