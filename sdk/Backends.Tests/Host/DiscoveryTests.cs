using Backends.Plugins;
using Backends.Tests.Queues;

namespace Backends.Tests.Host;

/// <summary>What a device says of itself, and which number it has (DIS-5 to DIS-9).</summary>
public sealed class DiscoveryTests
{
    private static readonly Guid s_a = new("aaaaaaaa-0000-0000-0000-000000000001"), s_b = new("bbbbbbbb-0000-0000-0000-000000000002"), s_c = new("cccccccc-0000-0000-0000-000000000003");

    [Fact]
    public void Ordinals_follow_the_first_discovery_and_what_appears_is_appended()
    {
        var shared = new Shared { OnDiscover = Offer(With(s_a), With(s_b)) };
        using var host = shared.NewHost();
        Assert.Equal([s_a, s_b], Seen(host));
        shared.OnDiscover = Offer(With(s_c), With(s_b), With(s_a));
        host.Refresh();
        Assert.Equal([s_a, s_b, s_c], Seen(host));
        Assert.Equal([0, 1, 2], host.Devices.Where(d => d.PluginInfo.Name == "test").Select(d => d.Info.Ordinal));
        Assert.Equal(s_c, host["test:2"].Info.Uuid);
    }

    [Fact]
    public void What_vanishes_keeps_its_number_with_a_reason_until_it_comes_back()
    {
        var shared = new Shared { OnDiscover = Offer(With(s_a), With(s_b)) };
        using var host = shared.NewHost();
        Assert.Equal([s_a, s_b], Seen(host));
        shared.OnDiscover = Offer(With(s_b));
        host.Refresh();
        Assert.Equal(["test:1"], host.Devices.Where(d => d.PluginInfo.Name == "test").Select(d => d.Name));
        var reason = Assert.Single(host.Absences, a => a.Subject == "test:0");
        Assert.Equal(AbsenceCode.NoDevice, reason.Code);
        Assert.Contains("is not any more", reason.Text);
        Assert.Contains("is not any more", Assert.Throws<DeviceNotUsableException>(() => host["test:0"]).Message);
        shared.OnDiscover = Offer(With(s_b), With(s_a));
        host.Refresh();
        Assert.Equal([s_a, s_b], Seen(host));
        Assert.Equal(s_a, host["test:0"].Info.Uuid);
        Assert.DoesNotContain(host.Absences, a => a.Subject == "test:0");
    }

    [Fact]
    public void Numbers_outlive_the_backend()
    {
        var shared = new Shared { OnDiscover = Offer(With(s_a), With(s_b)) };
        using (var host = shared.NewHost()) Assert.Equal([s_a, s_b], Seen(host));
        shared.OnDiscover = Offer(With(s_b), With(s_c));
        using (var host = shared.NewHost())
        {
            Assert.Equal([s_b, s_c], Seen(host));
            Assert.Equal(["test:1", "test:2"], host.Devices.Where(d => d.PluginInfo.Name == "test").Select(d => d.Name));
        }
        Assert.Equal(2, shared.Begun);
    }

    [Fact]
    public void A_device_that_is_open_while_it_vanishes_stays_open()
    {
        var shared = new Shared { OnDiscover = Offer(With(s_a)) };
        using var host = shared.NewHost();
        var device = host["test"];
        shared.OnDiscover = Offer();
        host.Refresh();
        Assert.NotNull(device.Empty([1]));
        Assert.Contains(host.Absences, a => a.Subject == "test:0");
    }

    [Theory]
    [InlineData("0000:65:00.0", "0000:17:00.0", false)]
    [InlineData("", "", true)]
    public void Without_a_uuid_the_address_is_the_identity_and_without_either_the_name(string first, string second, bool isUnstable)
    {
        DeviceInfo one = new() { Name = "One", PciAddress = first }, two = new() { Name = "Two", PciAddress = second };
        var shared = new Shared { OnDiscover = Offer(one, two) };
        using var host = shared.NewHost();
        Assert.Equal(["One", "Two"], Names());
        shared.OnDiscover = Offer(two, one);
        host.Refresh();
        Assert.Equal(["One", "Two"], Names());
        Assert.All(host.Devices.Where(d => d.PluginInfo.Name == "test"), d => Assert.Equal(isUnstable, d.Info.IsUnstable));

        IEnumerable<string> Names() => host.Devices.Where(d => d.PluginInfo.Name == "test").Select(d => d.Info.Name);
    }

    [Fact]
    public void Devices_of_one_uuid_or_address_are_the_same_hardware_and_both_open()
    {
        using var host = TestHost.Create()
            .Add("one", new DevicesBackend(Device(With(s_a)), Device(With(s_a) with { Uuid = s_c, PciAddress = "0000:65:00.0" })))
            .Add("two", new DevicesBackend(Device(new DeviceInfo { Name = "Other" }), Device(new DeviceInfo { Name = "By address", PciAddress = "0000:65:00.0" }), Device(With(s_a))));
        Assert.Equal(["two:2"], Same("one:0"));
        Assert.Equal(["two:1"], Same("one:1"));
        Assert.Equal(["one:1"], Same("two:1"));
        Assert.Empty(Same("two:0"));
        Assert.Empty(Same("cpu:0"));
        host["one:0"].Empty([1024]);
        Assert.Equal(0, host["two:2"].Memory.Live);

        IEnumerable<string> Same(string name) => host.Devices.Single(d => d.Name == name).SameHardware.Select(d => d.Name);
    }

    [Fact]
    public void A_device_that_says_something_else_once_open_does_not_open()
    {
        List<DType> computed = [DType.F32];
        var device = new Changing(new DeviceInfo { Name = "Changing", ComputedDTypes = computed, Traits = DeviceTraits.Synchronous }, () => computed.Add(DType.F64));
        using var host = TestHost.Create().Add("test", new SingleDeviceBackend(device));
        Assert.Contains("says something else of itself after it was opened", Assert.Throws<DeviceNotUsableException>(() => host["test"]).Message);
        Assert.True(device.IsClosed);
    }

    [Fact]
    public void A_device_string_may_name_the_hardware_instead_of_its_number()
    {
        using var host = TestHost.Create().Add("test", new DevicesBackend(Device(With(s_a)), Device(With(s_b))));
        Assert.Equal("test:1", host[$"test:{s_b}"].Name);
        Assert.Same(host["test:1"], host[$"TEST:{s_b.ToString().ToUpperInvariant()}"]);
        Assert.Contains($"'test:{s_c}' cannot be used", Assert.Throws<DeviceNotUsableException>(() => host[$"test:{s_c}"]).Message);
        Assert.Equal("BK1002", Assert.Throws<DeviceNotUsableException>(() => host[$"test:{Guid.Empty}"]).Id);
    }

    [Fact]
    public void Infos_are_equal_when_all_they_say_is()
    {
        var info = new DeviceInfo { Name = "A", Uuid = s_a, ComputedDTypes = [DType.F32], Options = ["seed"] };
        Assert.Equal(info, info with { ComputedDTypes = new List<DType> { DType.F32 }, Options = new List<string> { "seed" } });
        DeviceInfo[] others =
        [
            info with { Ordinal = 1 }, info with { Name = "B" }, info with { Kind = DeviceKind.Gpu }, info with { VendorId = 1 }, info with { DeviceId = 1 }, info with { Uuid = s_b },
            info with { PciAddress = "0000:65:00.0" }, info with { DriverVersion = "1" }, info with { StoredDTypes = [] }, info with { ComputedDTypes = null }, info with { Alignment = 512 },
            info with { TotalMemory = 1 }, info with { LargestAllocation = 1 }, info with { Traits = DeviceTraits.Recoverable }, info with { Options = [] }, info with { FlushesSubnormals = [DType.F32] },
        ];
        Assert.All(others, o => Assert.NotEqual(info, o));
        // Every property but the two that follow from others, or are no device's.
        Assert.Equal(others.Length, typeof(DeviceInfo).GetProperties().Length - 2);
    }

    private static IEnumerable<Guid> Seen(BackendHost host) => host.Devices.Where(d => d.PluginInfo.Name == "test").Select(d => d.Info.Uuid);

    private static DeviceInfo With(Guid uuid) => new() { Name = "Scripted", Uuid = uuid };

    private static ScriptedDevice Device(DeviceInfo info) => new(_ => { }, info with { Traits = DeviceTraits.Synchronous });

    private static Action<Discovery> Offer(params DeviceInfo[] infos) => d =>
    {
        foreach (var info in infos) d.Offer(Device(info));
    };

    private sealed class Changing(DeviceInfo info, Action onOpen) : BackendDevice(info)
    {
        public bool IsClosed { get; private set; }
        protected override void OpenCore(IReadOnlyDictionary<string, string> options) => onOpen();
        protected override void CloseCore() => IsClosed = true;
        protected override nint AllocateCore(nuint bytes) => 0;
        protected override void FreeCore(nint address) { }
    }
}
