using Backends.Plugins;
using Backends.Plugins.Native;
using Backends.Tests.Queues;

namespace Backends.Tests.Native;

/// <summary>samples/QueueNative as an app uses it: the host orders two queues, reports what fails late in the plugin's words, and goes on with a fresh queue.</summary>
public sealed class QueueSampleHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backends-queue-").FullName;
    private readonly BackendHost _host;

    public QueueSampleHostTests()
    {
        CCompiler.CompileFile(CCompiler.Sample("QueueNative/queue.c"), Path.Combine(_folder, "libqueue.so"), "-pthread");
        ManifestWriter.Write(_folder, "queue-native");
        _host = BackendHost.FromPlugins(_folder, Path.Combine(AppContext.BaseDirectory, "backends"));
        _host.Log = _ => { };
    }

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Two_queues_that_hand_tensors_to_each_other_give_the_right_sum()
    {
        var device = _host["queue-native"];
        using var second = device.CreateQueue();
        var step = device.Tensor(1f, 2f, 3f);
        var sum = device.Tensor(0f, 0f, 0f);
        for (int i = 0; i < 500; i++)
        {
            sum += step;
            using (second.Use()) sum += step;
        }
        Assert.Equal([1000f, 2000f, 3000f], sum.ToArray<float>());
        Assert.Equal(1, device.Waits.Values.Sum());   // the read; queues wait for each other by themselves
    }

    [Fact]
    public void A_tensor_written_in_place_is_not_overwritten_before_the_other_queue_has_read_it()
    {
        var device = _host["queue-native"];
        using var second = device.CreateQueue();
        var step = device.Full([1 << 14], 1);
        var x = device.Full([1 << 14], 0);
        var copies = new List<Tensor>();
        for (int i = 0; i < 50; i++)
        {
            using (second.Use()) copies.Add(x + step);   // reads x, i
            x.AddInPlace(step);                           // must come after
        }
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (float)i), copies.Select(c => c.ToArray<float>().Distinct().Single()));
    }

    [Fact]
    public void Programs_over_two_queues_mean_what_their_steps_mean_and_every_access_is_ordered()
    {
        var discovery = new Discovery();
        NativeBackend.Load(Path.Combine(_folder, "libqueue.so"), "queue-native", "1.0.0").Discover(discovery);
        var check = new OrderChecked(discovery.Offers[0]);
        var device = _host.Add("checked", new DevicesBackend(check))["checked"];
        using (var second = device.CreateQueue()) QueueProgram.Each(seed: 1, 300, program => program.Run(device, second));
        _host.Dispose();
        check.Verify();
        Assert.True(check.Checked > 1000, $"{check.Checked}");
    }

    [Fact]
    public void An_operator_without_a_kernel_falls_back_and_its_result_goes_on_there()
    {
        var device = _host["queue-native"];
        var x = device.Tensor(1f, -2f, 3f) * device.Tensor(2f, 2f, 2f);
        Assert.Equal([2f, 0f, 6f], x.Relu().ToArray<float>());
        Assert.NotEqual(0, device.Waits[WaitCause.Fallback]);
    }

    [Fact]
    public void A_late_failure_surfaces_at_the_read_with_operator_shapes_value_and_the_plugins_words()
    {
        var device = _host["queue-native:0?fault=error@3"];
        var x = device.Tensor(1f, 2f);        // 1, the copy
        var good = x + x;                     // 2
        var bad = x + good;                   // 3
        var error = Assert.Throws<DeviceOperationException>(() => bad.ToArray<float>());
        Assert.Equal(("BK4002", "queue-native:0", "add"), (error.Id, error.Device, error.Operator));
        Assert.StartsWith("BK4002 queue-native:0: add f32 [2] [2] failed on queue 0 at 3.", error.Message);
        Assert.Contains("unit 3: parity error (vendor code 719) (DeviceError)", error.Why);

        Assert.Equal([2f, 4f], good.ToArray<float>());   // smaller values keep their success, and a fresh queue works
        Assert.Equal([3f, 6f], (x + good).ToArray<float>());
        Assert.Equal("add", Assert.Throws<DeviceOperationException>(() => bad.Relu()).Operator);   // poisoned: it says why
        device.Synchronize();                            // the failure was met
    }

    [Fact]
    public void Other_queues_go_on_when_one_fails()
    {
        var device = _host["queue-native:0?fault=error@2"];
        using var second = device.CreateQueue();
        var x = device.Tensor(1f, 2f);           // 1 on queue 0
        Tensor y;
        using (second.Use()) y = x.Relu();       // 1 on queue 1
        var bad = x + x;                         // 2 on queue 0
        Assert.Throws<DeviceOperationException>(device.Synchronize);
        Assert.Equal([1f, 2f], y.ToArray<float>());
        Assert.Throws<DeviceOperationException>(() => bad.ToArray<float>());
    }

    [Fact]
    public void A_device_string_whose_option_makes_no_sense_is_refused_in_the_plugins_words()
    {
        var refusal = Assert.Throws<DeviceNotUsableException>(() => _host["queue-native?fault=sometimes"]);
        Assert.Contains("fault=sometimes: error@ and a value from 1 is meant", refusal.Message);
        Assert.Contains("fault", Assert.Throws<DeviceNotUsableException>(() => _host["queue-native?faults=no"]).Message);
    }
}
